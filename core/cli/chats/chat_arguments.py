"""Arguments of `inglenook chat`."""

import argparse
from collections.abc import Callable

from core.base.i18n import _
from core.chat.export.chat_export import ExportFormat
from core.cli.argument_types import JoinedWords, non_empty_text
from core.cli.output_file import add_force_argument

AddCommand = Callable[[str, str], argparse.ArgumentParser]


def add_chat_commands(add: AddCommand) -> None:
    """Declare the commands; `core.cli.main` has the function of each."""
    listing = add("list", _("list the chats"))
    listing.add_argument("--trash", action="store_true", help=_("list what is in the trash"))
    _add_id(add("show", _("print a chat")))
    search = add("search", _("find words in all chats"))
    search.add_argument(
        "query",
        nargs="+",
        action=JoinedWords,
        type=non_empty_text,
        metavar=_("WORDS"),
        help=_("what to look for"),
    )
    _add_export(add("export", _("write chats as Markdown, HTML or JSON")))
    importing = add("import", _("take in chats that Inglenook or another program exported"))
    importing.add_argument(
        "file",
        type=non_empty_text,
        metavar=_("FILE"),
        help=_(
            "a JSON file, a ZIP archive or a folder; ChatGPT, Claude, Open WebUI, Jan, LM Studio "
            "and GPT4All are known"
        ),
    )
    rename = add("rename", _("give a chat another title"))
    _add_id(rename)
    rename.add_argument("title", type=non_empty_text, metavar=_("TITLE"), help=_("its new title"))
    _add_ids(add("trash", _("put chats into the trash, for thirty days")))
    _add_ids(add("restore", _("take chats out of the trash")))
    _add_ids(add("delete", _("delete chats for good, wherever they are")))


def _add_export(export: argparse.ArgumentParser) -> None:
    export.add_argument("ids", nargs="*", metavar=_("ID"), help=_("ids, or their first letters"))
    export.add_argument("--all", action="store_true", help=_("every chat that is not in the trash"))
    export.add_argument(
        "--format",
        type=_export_format,
        choices=tuple(form.value for form in ExportFormat),
        default=ExportFormat.MARKDOWN.value,
        help=_("Markdown or HTML to read, JSON to take in again"),
    )
    export.add_argument(
        "--out", type=non_empty_text, metavar=_("FILE"), help=_("write here and not to the screen")
    )
    add_force_argument(export)
    export.add_argument(
        "--no-sources", action="store_true", help=_("leave out the passages answers stand on")
    )


def _export_format(value: str) -> str:
    """Refuse PDF with a hint: laying it out takes Qt, which this process never loads."""
    if value.strip().lower() == "pdf":
        words = _("PDF is written by the window. Use “Export” there, or html here and print that.")
        raise argparse.ArgumentTypeError(words)
    return value


def _add_id(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "id", type=non_empty_text, metavar=_("ID"), help=_("its id, or the first letters")
    )


def _add_ids(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "ids",
        nargs="+",
        type=non_empty_text,
        metavar=_("ID"),
        help=_("ids, or their first letters"),
    )
