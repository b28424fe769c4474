"""Arguments of `inglenook eval answers`, `compare`, `ratings` and `folder`."""

import argparse

from core.base.i18n import _
from core.cli.argument_types import non_empty_text, whole_number
from core.cli.models.model_command import add_try_anyway_argument
from core.cli.output_file import add_force_argument
from core.cli.sampling_arguments import add_sampling_arguments


def add_answer_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what `eval answers` takes; `--folder` is added by who has it for all commands."""
    parser.add_argument(
        "set",
        type=non_empty_text,
        metavar=_("SET"),
        help=_("a file of JSON lines, each a question with its answers"),
    )
    parser.add_argument(
        "--model",
        type=non_empty_text,
        metavar=_("REF"),
        help=_("a name, part of one, or a GGUF file"),
    )
    add_try_anyway_argument(parser)
    parser.add_argument(
        "--out",
        type=non_empty_text,
        metavar=_("FILE"),
        help=_("keep each reply here, and go on from here (SET.results.jsonl)"),
    )
    _add_html(parser)
    _add_judge(parser, _("let this model grade each answer from 1 to 5, twice"))
    _add_sample(parser)
    parser.add_argument(
        "--keep",
        action="store_true",
        help=_("keep each question as a chat, so that its answer can be rated"),
    )
    parser.add_argument(
        "--max-tokens",
        type=whole_number(1),
        default=0,
        metavar="N",
        help=_("end each answer after so many tokens"),
    )
    add_sampling_arguments(parser)


def add_comparison_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what `eval compare` takes."""
    for name, about in (
        ("first", _("results that “eval answers” kept")),
        ("second", _("results of the same set, with another model or settings")),
    ):
        parser.add_argument(name, type=non_empty_text, metavar=_("FILE"), help=about)
    _add_judge(parser, _("let this model say which of two answers is better, in both orders"))
    _add_html(parser)


def add_rating_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what `eval ratings` takes."""
    parser.add_argument(
        "file",
        type=non_empty_text,
        metavar=_("FILE"),
        help=_("write every rated answer here, as a set of questions and as results"),
    )
    parser.add_argument(
        "--import",
        dest="take",
        action="store_true",
        help=_("take over what people rated of a run with --keep into its results"),
    )
    _add_html(parser)


def _add_judge(parser: argparse.ArgumentParser, about: str) -> None:
    parser.add_argument("--judge", type=non_empty_text, metavar=_("REF"), help=about)


def add_folder_test_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what `eval folder` takes."""
    parser.add_argument("name", type=non_empty_text, metavar=_("NAME"), help=_("its name or path"))
    for flag, most, default, about in (
        ("--questions", 1000, 60, _("make so many questions (60)")),
        ("-k", 100, 10, _("look among so many passages found (10)")),
        ("--seed", 2**31 - 1, 1, _("which passages are drawn (1)")),
    ):
        parser.add_argument(
            flag, type=whole_number(1, most), default=default, metavar="N", help=about
        )


def _add_sample(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--limit",
        type=whole_number(1),
        default=0,
        metavar="N",
        help=_("ask only so many of the questions, drawn at random"),
    )
    parser.add_argument(
        "--sample-seed",
        type=whole_number(0),
        default=1,
        metavar="N",
        help=_("which of them are drawn (1)"),
    )


def _add_html(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--html",
        type=non_empty_text,
        metavar=_("FILE"),
        help=_("write a report with plots here, a page that loads nothing"),
    )
    add_force_argument(parser)
