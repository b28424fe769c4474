"""Summary printing: what a run of `inglenook eval answers` came to, in tables and as JSON."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from core.base.atomic_write import write_atomically
from core.base.errors import ErrorCode, StorageError
from core.base.i18n import LocalizedFloat, _
from core.cli.console import Console
from core.evaluation.answer_record import AnswerRecord
from core.evaluation.bootstrap import MeanEstimate, PairedDifference
from core.evaluation.evaluation_summary import EvaluationSummary, summary_fields
from core.evaluation.report_page import describe_settings, report_page
from core.evaluation.score_labels import score_label


def print_summary(console: Console, summary: EvaluationSummary, results: Path) -> None:
    """Print one JSON object, or the tables for people."""
    if console.as_json:
        console.print_json({"results": str(results), **summary_fields(summary)})
        return
    console.print_line(f"{summary.run.set_name}: {describe_settings(summary)}")
    rows = [] if summary.right is None else [_estimate_row(score_label("right"), summary.right)]
    rows += [_estimate_row(score_label(name), each) for name, each in summary.scores.items()]
    console.print_table((_("SCORE"), _("MEAN"), _("FROM"), _("TO"), _("QUESTIONS")), rows)
    _print_refusals(console, summary)
    if summary.groups:
        console.print_line()
        grouped = [_estimate_row(name, each) for name, each in summary.groups.items()]
        heads = (_("KIND"), _("RIGHT"), _("FROM"), _("TO"), _("QUESTIONS"))
        console.print_table(heads, grouped)
    _print_lines(console, summary, results)


def print_differences(console: Console, differences: Mapping[str, PairedDifference]) -> None:
    """Print how much the second of two runs is above the first."""
    rows = [
        (
            score_label(name),
            f"{LocalizedFloat(each.mean):+.3f}",
            f"{LocalizedFloat(each.low):+.3f}",
            f"{LocalizedFloat(each.high):+.3f}",
            str(each.better),
            str(each.worse),
            str(each.equal),
            f"{LocalizedFloat(each.p):.3f}",
        )
        for name, each in differences.items()
    ]
    heads = (
        _("SCORE"), _("DIFFERENCE"), _("FROM"), _("TO"), _("BETTER"), _("WORSE"), _("EQUAL"), "P",
    )  # fmt: skip
    console.print_table(heads, rows)


def write_report(
    console: Console, path: Path, summary: EvaluationSummary, records: Sequence[AnswerRecord]
) -> None:
    """Write the page of a run. Raises StorageError."""
    write_page(console, path, report_page(summary, records))


def write_page(console: Console, path: Path, page: str) -> None:
    """Write a page where a person wants it, and say so. Raises StorageError."""
    try:
        write_atomically(path, page.encode(errors="replace"))
    except StorageError as error:
        if error.code is not ErrorCode.ROOT_UNWRITABLE:
            raise
        raise StorageError(ErrorCode.REPORT_REFUSED, **error.facts) from error
    console.print_note(_("The report is in {path}.").format(path=path))


def _estimate_row(label: str, each: MeanEstimate) -> tuple[str, ...]:
    numbers = (f"{LocalizedFloat(value):.3f}" for value in (each.mean, each.low, each.high))
    return (label, *numbers, str(each.count))


def _print_refusals(console: Console, summary: EvaluationSummary) -> None:
    table = summary.refusals
    console.print_line()
    rows = (
        (
            _("the set has an answer"),
            str(table.answerable_answered),
            str(table.answerable_refused),
        ),
        (
            _("nothing answers it"),
            str(table.unanswerable_answered),
            str(table.unanswerable_refused),
        ),
    )
    console.print_table(("", _("ANSWERED"), _("REFUSED")), rows)


def _print_lines(console: Console, summary: EvaluationSummary, results: Path) -> None:
    """Print what is one number, and what was left out."""
    console.print_line()
    if summary.corpus_bleu is not None:
        words = _("BLEU of all answers together: {bleu:.3f}.")
        console.print_line(words.format(bleu=LocalizedFloat(summary.corpus_bleu)))
    if summary.calibration is not None:
        words = _("Expected calibration error: {error:.3f} ({count} answers).")
        error = LocalizedFloat(summary.calibration.error)
        console.print_line(words.format(error=error, count=summary.calibration.count))
    if any(summary.ratings):
        good, bad = summary.ratings
        console.print_line(_("Rated by people: {good} good, {bad} bad.").format(good=good, bad=bad))
    if summary.failed:
        words = _("Without a reply: {count}; the same command asks them again.")
        console.print_line(words.format(count=summary.failed))
    console.print_line(_("Each reply is kept in {path}.").format(path=results))
    if summary.missing:
        words = _("Scores of {packages} are left out: pip install 'inglenook[eval]' brings them.")
        console.print_note(words.format(packages=", ".join(summary.missing)))
