"""Arguments of `inglenook serve`."""

import argparse
from collections.abc import Callable

from core.base.i18n import _
from core.cli.argument_types import non_empty_text, whole_number
from core.messages import COMMON_SCOPES


def add_serve_arguments(serve: argparse.ArgumentParser, add_common: Callable[..., None]) -> None:
    """Add the port, and the action `token`; `add_common` adds what every command takes."""
    serve.add_argument(
        "--port",
        type=whole_number(0, 65535),
        default=None,
        metavar="N",
        help=_("listen at this port of 127.0.0.1; 0: any free one"),
    )
    actions = serve.add_subparsers(dest="action", metavar=_("ACTION"))
    about = _("show the token that programs send, or make another one")
    token = actions.add_parser("token", help=about, description=about, allow_abbrev=False)
    add_common(token, root=argparse.SUPPRESS, as_json=argparse.SUPPRESS)
    token.add_argument(
        "name", nargs="?", type=non_empty_text, metavar=_("NAME"), help=_("a token of this name")
    )
    which = token.add_mutually_exclusive_group()
    which.add_argument(
        "--renew", action="store_true", help=_("make another one; the old one is worth nothing")
    )
    which.add_argument("--list", action="store_true", help=_("list the tokens by name"))
    which.add_argument(
        "--forget", action="store_true", help=_("take it away; it is worth nothing then")
    )
    token.add_argument(
        "--scope",
        dest="scopes",
        action="append",
        choices=COMMON_SCOPES,
        default=[],
        help=_("let it be good for this alone from now on; can be given several times"),
    )
