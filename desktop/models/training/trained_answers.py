"""Trained answers: a person's questions, with the model's answers before and after a training."""

from collections.abc import Sequence

from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from core.app.training.training_job import TrainedAnswer
from core.base.i18n import _
from desktop.kit.buttons_and_labels import plain_label
from desktop.kit.visible_text import visible_text


class TrainedAnswers(QWidget):
    """A card for each question; empty before a training has ended."""

    def __init__(self) -> None:
        super().__init__()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)

    def show_answers(self, answers: Sequence[TrainedAnswer]) -> None:
        """Show these in the place of others."""
        while self._column.count():
            item = self._column.takeAt(0)
            card = item.widget() if item is not None else None
            if card is not None:
                card.hide()
                card.deleteLater()
        for answer in answers:
            self._column.addWidget(_card(answer))


def _card(answer: TrainedAnswer) -> QFrame:
    card = QFrame()
    card.setObjectName("card")
    column = QVBoxLayout(card)
    column.setContentsMargins(12, 8, 12, 8)
    kind = _("held out") if answer.is_held_out else _("learnt")
    column.addWidget(plain_label(f"{visible_text(answer.question)} ({kind})", "title", wrap=True))
    for label, text in (
        (_("wanted"), answer.wanted),
        (_("before"), answer.before),
        (_("after"), answer.after),
    ):
        column.addWidget(plain_label(f"{label}: {visible_text(text)}", wrap=True))
    return card
