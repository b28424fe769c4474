"""Arguments of `inglenook tools`."""

import argparse
from collections.abc import Callable

from core.app.tools.tool_permissions import ToolRule
from core.base.i18n import _
from core.cli.argument_types import non_empty_text
from core.cli.consent_prompt import add_yes_argument

AddCommand = Callable[[str, str], argparse.ArgumentParser]


def add_tool_commands(add: AddCommand) -> None:
    """Declare the commands; `core.cli.main` has the function of each."""
    add("list", _("list the tools, and what holds for each"))
    rule = add("rule", _("say whether a tool is asked for, always allowed or off"))
    rule.add_argument("name", type=non_empty_text, metavar=_("NAME"), help=_("the tool"))
    rule.add_argument("rule", choices=tuple(each.value for each in ToolRule), help=_("what holds"))
    _add_server(add("add", _("add a server of your own that speaks MCP over stdio")))
    remove = add("remove", _("end and forget a server"))
    remove.add_argument("name", type=non_empty_text, metavar=_("NAME"), help=_("its name"))


def _add_server(add: argparse.ArgumentParser) -> None:
    add.add_argument("name", type=non_empty_text, metavar=_("NAME"), help=_("what to call it"))
    add.add_argument(
        "--env",
        action="append",
        default=[],
        type=_variable,
        metavar="NAME=VALUE",
        help=_("a variable of its environment, which holds nothing else of yours"),
    )
    for option, about in (
        ("--read", _("let it read this folder or file; can be given several times")),
        ("--write", _("let it read and change this folder; can be given several times")),
    ):
        add.add_argument(
            option, action="append", default=[], type=non_empty_text, metavar=_("PATH"), help=about
        )
    add.add_argument("--network", action="store_true", help=_("let it reach the network"))
    add_yes_argument(add)
    add.add_argument(
        "program",
        nargs="+",
        metavar=_("PROGRAM"),
        help=_("behind “--”: the program that serves, and its arguments"),
    )


def _variable(value: str) -> tuple[str, str]:
    name, equals, content = value.partition("=")
    if not name or not equals:
        raise argparse.ArgumentTypeError(_("a variable is written NAME=VALUE"))
    return name, content
