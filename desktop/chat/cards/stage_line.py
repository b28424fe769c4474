"""Stage line of an answer: spinner and a text for the current stage."""

from PySide6.QtWidgets import QHBoxLayout, QWidget

from core.base.i18n import _, ngettext
from desktop.kit.buttons_and_labels import plain_label
from desktop.kit.locale_formatting import format_count
from desktop.kit.spinner import Spinner
from desktop.kit.theme import Theme


def format_stage(stage: str, tokens: int) -> str:
    """Return what an answer is waiting for, as a person reads it; `tokens` 0 is not known."""
    if stage == "reading" and tokens:
        words = ngettext("Reading {count} token…", "Reading {count} tokens…", tokens)
        return words.format(count=format_count(tokens))
    stages = {
        "searching": _("Looking in your folders…"),
        "rewriting": _("Choosing words to search for…"),
        "waiting": _("Waiting for another answer to end…"),
        "loading": _("Loading the model…"),
        "summarising": _("Summarising early messages…"),
        "reading": _("Reading your question…"),
        "thinking": _("Thinking…"),
        "writing": _("Writing…"),
    }
    return stages.get(stage, _("Working…"))


class StageLine(QWidget):
    """A turning ring and a few words."""

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

    def set_stage(self, stage: str, tokens: int) -> None:
        """Say what is waited for."""
        self._words.setText(format_stage(stage, tokens))
