"""Arguments of `inglenook search` and `inglenook eval`: filters, files, retrieval sets."""

import argparse
import datetime as dt

from core.base.i18n import _
from core.cli.argument_types import JoinedWords, question_text, whole_number
from core.cli.common_arguments import Commands, add_command, add_folder_argument


def add_search_command(commands: Commands) -> None:
    """Add the command."""
    search = add_command(commands, "search", _("find passages in the folders"))
    search.add_argument(
        "query",
        nargs="+",
        action=JoinedWords,
        type=question_text,
        metavar=_("QUESTION"),
        help=_("what to look for"),
    )
    add_folder_argument(search, _("look in this folder only; can be given several times"))
    _add_filter_arguments(search)


def _add_filter_arguments(search: argparse.ArgumentParser) -> None:
    """Add the arguments that narrow a search."""
    search.add_argument(
        "-k", type=whole_number(1, 1000), default=8, metavar="N", help=_("passages at most (8)")
    )
    for flag, name, about in (
        ("--type", "types", _("only files that end so, as “pdf”; can be given several times")),
        ("--path", "paths", _("only this part of a folder, as “contracts/*”; several times too")),
    ):
        search.add_argument(
            flag, action="append", default=[], dest=name, metavar=_("PATTERN"), help=about
        )
    search.add_argument(
        "--since",
        type=_parse_day_start,
        metavar=_("DATE"),
        help=_("only files changed on this day or later"),
    )
    search.add_argument(
        "--until",
        type=_parse_day_end,
        metavar=_("DATE"),
        help=_("only files changed on this day or before"),
    )


def add_file_arguments(ask: argparse.ArgumentParser) -> None:
    """Add `--file`, which asks single files."""
    ask.add_argument(
        "--file",
        action="append",
        default=[],
        dest="files",
        metavar=_("PATH"),
        help=_("answer from this file, whole if it is short enough; can be given several times"),
    )


def add_evaluation_arguments(actions: argparse.ArgumentParser) -> None:
    """Add the folder of a retrieval set."""
    actions.add_argument(
        "path",
        metavar=_("DIR"),
        help=_(
            "a folder of corpus.jsonl, queries.jsonl and qrels.tsv (or qrels/test.tsv), with the"
            " field names of BEIR: _id or id, title, text; query, document and grade, by tabs"
        ),
    )


def _parse_day_start(value: str) -> float:
    """Return when a day begins in the local time zone, in seconds since 1970."""
    try:
        return dt.datetime.combine(dt.date.fromisoformat(value), dt.time()).astimezone().timestamp()
    except (ValueError, OverflowError, OSError) as error:
        raise argparse.ArgumentTypeError(_("it is no date like 2024-01-31")) from error


def _parse_day_end(value: str) -> float:
    try:
        return _parse_day_start((dt.date.fromisoformat(value) + dt.timedelta(days=1)).isoformat())
    except (ValueError, OverflowError) as error:
        raise argparse.ArgumentTypeError(_("it is no date like 2024-01-31")) from error
