"""Arguments of `inglenook folder`."""

import argparse
from collections.abc import Callable
from typing import TypeAlias

from core.base.i18n import _
from core.cli.argument_types import non_empty_text
from core.cli.consent_prompt import add_yes_argument

_Actions: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"  # noqa: SLF001
_Command: TypeAlias = Callable[[_Actions, str, str], argparse.ArgumentParser]


def add_folder_commands(actions: _Actions, command: _Command) -> None:
    """Add each action; `command` adds a parser with the common options."""
    add = command(actions, "add", _("read a folder, and wait until that is done"))
    add.add_argument(
        "paths",
        nargs="+",
        type=non_empty_text,
        metavar=_("PATH"),
        help=_("the folder; several are read one after the other"),
    )
    add.add_argument(
        "--include-hidden", action="store_true", help=_("read hidden folders in it too")
    )
    command(actions, "list", _("list the folders"))
    status = command(actions, "status", _("say how far each folder is, and what answers"))
    _add_name(status, optional=True)
    sync = command(actions, "sync", _("read what is new or changed"))
    _add_name(sync, optional=True)
    retry = command(actions, "retry", _("read once more what was skipped"))
    _add_name(retry)
    retry.add_argument(
        "file", nargs="?", default="", metavar=_("FILE"), help=_("this file of the folder only")
    )
    _add_upkeep_commands(actions, command)
    read = command(actions, "text", _("print what is read from a file, page by page"))
    read.add_argument("file", type=non_empty_text, metavar=_("FILE"), help=_("the file"))
    read.add_argument(
        "--passages", action="store_true", help=_("print the passages as they are searched")
    )
    remove = command(actions, "remove", _("forget a folder; its files stay"))
    _add_name(remove)


def _add_upkeep_commands(actions: _Actions, command: _Command) -> None:
    _add_name(command(actions, "pause", _("read nothing until it is resumed")), optional=True)
    _add_name(command(actions, "resume", _("read on")), optional=True)
    include = command(actions, "include", _("read parts that are passed over by themselves"))
    _add_name(include)
    include.add_argument(
        "patterns",
        nargs="*",
        type=non_empty_text,
        metavar=_("PATTERN"),
        help=_("names or paths, such as “node_modules” or “.config/*”"),
    )
    hidden = include.add_mutually_exclusive_group()
    hidden.add_argument("--hidden", action="store_true", help=_("read hidden folders too"))
    hidden.add_argument("--no-hidden", action="store_true", help=_("pass over hidden folders"))
    include.add_argument("--undo", action="store_true", help=_("pass over these parts again"))
    command(actions, "verify", _("check what was read and the index, and mend them"))
    _add_index_commands(actions, command)


def _add_index_commands(actions: _Actions, command: _Command) -> None:
    embedder = command(actions, "embedder", _("show or change the embedding model"))
    which = embedder.add_mutually_exclusive_group()
    which.add_argument(
        "path",
        nargs="?",
        type=non_empty_text,
        metavar=_("PATH"),
        help=_("a sentence-transformers folder"),
    )
    which.add_argument(
        "--default",
        action="store_true",
        help=_("let the languages of the documents choose one that ships"),
    )
    which.add_argument(
        "--multilingual", action="store_true", help=_("take the one that ships for all languages")
    )
    which.add_argument(
        "--english", action="store_true", help=_("take the one that ships for English")
    )
    reranker = command(actions, "reranker", _("show or change what puts results into order"))
    which = reranker.add_mutually_exclusive_group()
    which.add_argument(
        "path",
        nargs="?",
        type=non_empty_text,
        metavar=_("PATH"),
        help=_("a cross-encoder's folder"),
    )
    which.add_argument("--none", action="store_true", help=_("take none"))
    _add_server_arguments(actions, command)


def _add_server_arguments(actions: _Actions, command: _Command) -> None:
    index = command(actions, "index", _("show where the index lies, or let a server hold it"))
    where = index.add_mutually_exclusive_group()
    where.add_argument(
        "--chroma-url", metavar="URL", help=_("a Chroma server, as http://127.0.0.1:8000")
    )
    where.add_argument(
        "--qdrant-url", metavar="URL", help=_("a Qdrant server, as http://127.0.0.1:6333")
    )
    where.add_argument(
        "--postgres-url",
        metavar="URL",
        help=_("PostgreSQL with pgvector, as postgresql://user@127.0.0.1/database"),
    )
    where.add_argument(
        "--no-server", "--no-chroma", action="store_true", help=_("no server holds it")
    )
    add_yes_argument(index)


def _add_name(parser: argparse.ArgumentParser, *, optional: bool = False) -> None:
    about = _("its name or path; all folders without it") if optional else _("its name or path")
    parser.add_argument(
        "name", nargs="?" if optional else None, type=non_empty_text, metavar=_("NAME"), help=about
    )
