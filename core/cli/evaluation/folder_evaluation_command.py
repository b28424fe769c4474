"""Command `inglenook eval folder`: a folder asked about its own texts."""

import argparse

import msgspec

from core.app.library.folder_evaluation_formatting import (
    KINDS,
    FoundShares,
    describe_place,
    describe_unfindable,
    found_shares,
    kind_label,
    list_advice,
)
from core.base.i18n import LocalizedFloat, _, ngettext
from core.cli.chats.answer_stage_formatting import format_location
from core.cli.console import Console
from core.cli.library.folder_command import find_folder_by_name, folder_states
from core.cli.session import Session
from core.messages import EvaluationProgress, FolderEvaluated

MISSES_SHOWN = 20


def evaluate_folder(session: Session, console: Console, options: argparse.Namespace) -> int:
    """Make questions of a folder, look for each, print how many are found and what isn't."""

    def show_progress(progress: EvaluationProgress) -> None:
        console.show_progress(progress.done, progress.total, _("asking the questions"))

    folder = find_folder_by_name(folder_states(session), options.name)
    console.show_status(_("Starting …"))
    reply = session.app.folders.evaluate_folder(
        folder.folder_id, questions=options.questions, k=options.k, seed=options.seed
    )
    result = session.wait_for(reply, show_progress)
    console.clear_status()
    if console.as_json:
        console.print_json({"name": folder.name, **_result_fields(result)})
    else:
        _print_result(console, folder.name, result)
    return 0


def _result_fields(result: FolderEvaluated) -> dict[str, object]:
    """Return the result as scripts get it, without the texts of the passages."""
    shares = {kind or "all": found_shares(result, kind) for kind in ("", *KINDS)}
    questions = [msgspec.to_builtins(each) for each in result.questions]
    for each in questions:
        for name in ("type", "text", "content_hash"):
            each.pop(name, None)
    return {
        "k": result.k,
        "recall": {kind: each and msgspec.to_builtins(each) for kind, each in shares.items()},
        "files": result.files,
        "asked_files": result.asked_files,
        "waiting": result.waiting,
        "pictures": result.pictures,
        "copies": result.copies,
        "skipped": result.skipped,
        "advice": list(list_advice(result)),
        "questions": questions,
        "seconds": round(result.seconds, 3),
    }


def _print_result(console: Console, name: str, result: FolderEvaluated) -> None:
    words = ngettext(
        "{name}: {questions} questions, made from {files} of {all} file",
        "{name}: {questions} questions, made from {files} of {all} files",
        result.files,
    )
    console.print_line(
        words.format(
            name=name,
            questions=len(result.questions),
            files=result.asked_files,
            all=result.files,
        )
    )
    rows = [
        _shares_row(kind, shares)
        for kind in ("", *KINDS)
        if (shares := found_shares(result, kind)) is not None
    ]
    if rows:
        last = _("AMONG {count}").format(count=result.k)
        heads = ("", _("QUESTIONS"), _("FIRST"), _("AMONG 5"), last, _("DOCUMENT"), "MRR")
        console.print_table(heads, rows)
    _print_misses(console, result)
    for line in describe_unfindable(result):
        console.print_line(line)
    console.print_line()
    for line in list_advice(result):
        console.print_line(f"→ {line}")


def _shares_row(kind: str, shares: FoundShares) -> tuple[str, ...]:
    values = (shares.first, shares.among_five, shares.among_all, shares.in_file, shares.mrr)
    return (
        kind_label(kind),
        str(shares.count),
        *(f"{LocalizedFloat(value):.3f}" for value in values),
    )


def _print_misses(console: Console, result: FolderEvaluated) -> None:
    missed = [each for each in result.questions if not each.rank]
    console.print_line()
    if missed:
        console.print_line(_("Not found:"))
    for each in missed[:MISSES_SHOWN]:
        where = format_location(each.file, each.page, each.heading)
        console.print_line(f"  {each.question}")
        console.print_line(f"    {where}: {describe_place(each)}")
    if len(missed) > MISSES_SHOWN:
        words = _("  … and {count} more; --json lists all.")
        console.print_line(words.format(count=len(missed) - MISSES_SHOWN))
