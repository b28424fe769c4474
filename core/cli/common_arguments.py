"""Common arguments: what every command takes, and how commands and groups of them are added."""

import argparse
from typing import TypeAlias

from core.base.i18n import _
from core.cli.argument_types import non_empty_text

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"  # noqa: SLF001
"""The type has no public name."""
AS_JSON = "--json"
SECOND_NAMES = {"ls": ("list",), "rm": ("remove", "trash"), "pull": ("get",)}
"""Short names of commands, as other programs have them."""


def add_common_arguments(
    parser: argparse.ArgumentParser, *, root: str | None, as_json: bool | str
) -> None:
    """Add the data folder and the form of the output."""
    parser.add_argument(
        "--root", metavar=_("DIR"), default=root, help=_("keep all data under this folder")
    )
    parser.add_argument(
        AS_JSON, action="store_true", default=as_json, help=_("print one JSON object per line")
    )


def add_command(commands: Commands, name: str, about: str) -> argparse.ArgumentParser:
    """Add a command that takes --root and --json too, without undoing those given before it."""
    parser = commands.add_parser(
        name,
        help=about,
        description=about,
        allow_abbrev=False,
        aliases=[alias for alias, names in SECOND_NAMES.items() if name in names],
    )
    add_common_arguments(parser, root=argparse.SUPPRESS, as_json=argparse.SUPPRESS)
    return parser


def add_group_of_commands(
    commands: Commands, name: str, about: str, *, dest: str = "action"
) -> Commands:
    """Add a word that actions follow."""
    parser = commands.add_parser(name, help=about, description=about, allow_abbrev=False)
    add_common_arguments(parser, root=argparse.SUPPRESS, as_json=argparse.SUPPRESS)
    return parser.add_subparsers(dest=dest, required=True, metavar=_("ACTION"))


def add_folder_argument(parser: argparse.ArgumentParser, about: str) -> None:
    """Add folders by name or path."""
    parser.add_argument(
        "--folder",
        action="append",
        default=[],
        dest="folders",
        type=non_empty_text,
        metavar=_("NAME_OR_PATH"),
        help=about,
    )
