"""Answer stage: a line that says what an answer waits for, and how far it is."""

from PySide6.QtWidgets import QHBoxLayout, QWidget

from core.app.events.app_events import AnswerStage
from core.base.i18n import _, ngettext
from core.base.time_left import format_time_left
from desktop.kit.buttons_and_labels import plain_label
from desktop.kit.locale_formatting import format_count
from desktop.kit.spinner import Spinner
from desktop.kit.theme import Theme

WITH_TEXT = frozenset({"documents", "joining"})
"""Stages that are shown beside the text that has come."""


def format_progress(event: AnswerStage) -> str:
    """Return how many documents are gone through, and how long the rest takes; "" without any."""
    if event.stage != "documents" or not event.total:
        return ""
    words = ngettext("{done} of {total} document", "{done} of {total} documents", event.total)
    done = words.format(done=format_count(event.tokens), total=format_count(event.total))
    left = format_time_left(event.seconds_left)
    return f"{done} · {left}" if left else done


def format_stage(stage: str, tokens: int) -> str:
    """Return the text for what an answer is waiting for; `tokens` 0 means unknown."""
    if stage == "reading" and tokens:
        words = ngettext("Reading {count} token…", "Reading {count} tokens…", tokens)
        return words.format(count=format_count(tokens))
    if stage == "sampling":
        words = ngettext(
            "Answering several times… {count} is complete.",
            "Answering several times… {count} are complete.",
            tokens,
        )
        return words.format(count=format_count(tokens))
    stages = {
        "searching": _("Looking in your folders…"),
        "files": _("Reading your files…"),
        "rewriting": _("Choosing words to search for…"),
        "waiting": _("Waiting for another answer to end…"),
        "loading": _("Loading the model…"),
        "summarising": _("Summarising early messages…"),
        "reading": _("Reading your question…"),
        "thinking": _("Thinking…"),
        "writing": _("Writing…"),
        "calling": _("Calling a tool…"),
        "results": _("Reading the results…"),
        "judging": _("Comparing with your documents…"),
        "correcting": _("Writing it again, as your documents say it…"),
        "joining": _("Putting it together…"),
    }
    return stages.get(stage, _("Working…"))


class StageLine(QWidget):
    """A spinner and a short text."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._build()

    def _build(self) -> None:
        self._words = plain_label(role="muted")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(Spinner(self._theme))
        row.addWidget(self._words, 1)

    def set_stage(self, stage: str, tokens: int, progress: str = "") -> None:
        """Show what the answer is waiting for."""
        self._words.setText(progress or format_stage(stage, tokens))
