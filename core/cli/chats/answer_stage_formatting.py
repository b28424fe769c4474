"""Formatting of what an answer waits for, and of places of its sources, for a terminal."""

from core.app.events.app_events import AnswerFinished, AnswerStage
from core.base.i18n import _, ngettext
from core.base.time_left import format_time_left
from core.chat.intent.message_intent import Intent
from core.cli.console import one_line


def format_stage(event: AnswerStage) -> str:
    """Return some words, "" for what needs none."""
    if event.stage == "documents":
        words = ngettext("{done} of {total} document", "{done} of {total} documents", event.total)
        done = words.format(done=event.tokens, total=event.total)
        left = format_time_left(event.seconds_left)
        return f"{done} · {left}" if left else done
    names = {
        "searching": _("Searching the folders …"),
        "files": _("Reading the files …"),
        "waiting": _("Waiting for another answer to end …"),
        "loading": _("Loading the model …"),
        "summarising": _("Summarising early messages …"),
        "reading": _("Reading …"),
        "sampling": _("Answering several times …"),
        "calling": _("Calling a tool …"),
        "results": _("Reading the results …"),
        "judging": _("Comparing with the documents …"),
        "joining": _("Putting it together …"),
    }
    return names.get(event.stage, "")


def format_location(file: str, page: int | None, heading: str) -> str:
    """Return the place of a passage, e.g. "tax/2024.pdf, page 3 — Income"."""
    where = file if page is None else _("{file}, page {page}").format(file=file, page=page)
    return one_line(f"{where} — {heading}" if heading else where)


def text_that_is_left(event: AnswerFinished, streamed: str) -> str:
    """Return what of an answer did not stream: of a whole task, what stands before its lines."""
    if not streamed:
        return event.text
    if event.statistics.intent != Intent.WHOLE:
        return ""
    before = event.text.strip().removesuffix(streamed.strip()).strip()
    return f"\n\n{before}" if before and before != event.text.strip() else ""
