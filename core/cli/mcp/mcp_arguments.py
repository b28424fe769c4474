"""Arguments of `inglenook mcp`."""

import argparse
from collections.abc import Callable

from core.base.i18n import _
from core.cli.argument_types import non_empty_text
from core.cli.mcp.mcp_requests import REQUESTS


def add_mcp_arguments(mcp: argparse.ArgumentParser, add_common: Callable[..., None]) -> None:
    """Add the actions; without one, the protocol is served."""
    actions = mcp.add_subparsers(dest="action", metavar=_("ACTION"))

    def add(name: str, about: str) -> argparse.ArgumentParser:
        parser = actions.add_parser(name, help=about, description=about, allow_abbrev=False)
        add_common(parser, root=argparse.SUPPRESS, as_json=argparse.SUPPRESS)
        return parser

    allow = add("allow", _("say which folders these programs may search and read"))
    allow.add_argument(
        "names",
        nargs="*",
        type=non_empty_text,
        metavar=_("NAME_OR_PATH"),
        help=_("allow this folder too"),
    )
    which = allow.add_mutually_exclusive_group()
    which.add_argument(
        "--all", action="store_true", help=_("every folder, also those added from now on")
    )
    which.add_argument("--none", action="store_true", help=_("take all of it back"))
    which.add_argument("--list", action="store_true", help=_("list what is allowed"))
    call = add("call", _("answer one request as these programs make it, for trying it out"))
    call.add_argument("request", choices=tuple(REQUESTS), metavar=_("TOOL"), help=_("its name"))
