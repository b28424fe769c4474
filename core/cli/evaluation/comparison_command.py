"""Command `inglenook eval compare`: two runs of the same set, question by question."""

import argparse
from collections.abc import Sequence

import msgspec

from core.base.errors import ErrorCode, StorageError
from core.base.i18n import LocalizedFloat, _
from core.cli.console import Console
from core.cli.evaluation.model_judging import ModelJudge
from core.cli.evaluation.summary_printing import print_differences, write_page
from core.cli.output_file import refuse_existing
from core.cli.session import Session
from core.cli.terminal import absolute_path
from core.evaluation.answer_record import AnswerRecord, ResultsFile
from core.evaluation.bootstrap import PairedDifference, sign_test
from core.evaluation.evaluation_summary import compare_runs
from core.evaluation.report_page import comparison_page


def compare_answers(session: Session, console: Console, options: argparse.Namespace) -> int:
    """Compare two results files; let a model say which answers are better if one is named."""
    refuse_existing(options.html, force=options.force)
    paths = [absolute_path(options.first), absolute_path(options.second)]
    first, second = (list(ResultsFile(path).read_results()[1].values()) for path in paths)
    differences = compare_runs(first, second)
    if not differences:
        detail = _("it has no answer to a question of the other file")
        raise StorageError(ErrorCode.RESULTS_REFUSED, path=str(paths[1]), line="1", detail=detail)
    preferences = _ask_judge(session, console, options.judge, _pairs(first, second))
    names = paths[0].stem, paths[1].stem
    _print_comparison(console, names, differences, preferences)
    if options.html:
        sentences = [_describe_preferences(names, preferences)] if preferences else []
        page = comparison_page(names, differences, sentences)
        write_page(console, absolute_path(options.html), page)
    return 0


def _pairs(
    first: Sequence[AnswerRecord], second: Sequence[AnswerRecord]
) -> list[tuple[AnswerRecord, AnswerRecord]]:
    others = {record.id: record for record in second if not record.problem}
    return [(one, others[one.id]) for one in first if not one.problem and one.id in others]


def _ask_judge(
    session: Session,
    console: Console,
    model: str | None,
    pairs: Sequence[tuple[AnswerRecord, AnswerRecord]],
) -> list[int | None]:
    """Return for each pair whose answer a model prefers; nothing without a model."""
    if not model:
        return []
    found: list[int | None] = []
    for each in ModelJudge(session, model).compare_answers(pairs):
        found.append(each)
        console.show_progress(len(found), len(pairs), _("judging the answers"))
    console.clear_status()
    return found


def _print_comparison(
    console: Console,
    names: tuple[str, str],
    differences: dict[str, PairedDifference],
    preferences: Sequence[int | None],
) -> None:
    if not console.as_json:
        title = _("{second} against {first}").format(first=names[0], second=names[1])
        console.print_line(title)
        print_differences(console, differences)
        if preferences:
            console.print_line(_describe_preferences(names, preferences))
        return
    fields: dict[str, object] = {
        "first": names[0],
        "second": names[1],
        "differences": msgspec.to_builtins(differences),
    }
    if preferences:
        better, worse = preferences.count(-1), preferences.count(1)
        fields["judge"] = {
            "second_better": better,
            "first_better": worse,
            "equal": preferences.count(0),
            "unread": preferences.count(None),
            "p": sign_test(better, worse),
        }
    console.print_json(fields)


def _describe_preferences(names: tuple[str, str], preferences: Sequence[int | None]) -> str:
    better, worse = preferences.count(-1), preferences.count(1)
    words = _(
        "The judge prefers {second} {better} times, {first} {worse} times, neither {equal} times"
        " (p {p:.3f})."
    )
    return words.format(
        first=names[0],
        second=names[1],
        better=better,
        worse=worse,
        equal=preferences.count(0),
        p=LocalizedFloat(sign_test(better, worse)),
    )
