"""One contestant: what answers, its answer as it comes, and the button that keeps it."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QFrame, QPlainTextEdit, QVBoxLayout

from core.app.comparing import Contestant
from core.app.events import (
    AnswerEvent,
    AnswerFailed,
    AnswerFinished,
    AnswerStage,
    AnswerText,
    AnswerThought,
)
from core.models.entry import ModelEntry
from core.words import _
from desktop.buttons import TextButton, plain_label
from desktop.chat.visible import shown
from desktop.prompts.manner_dialog import preset_box
from desktop.reading import reading_font
from desktop.theme import Theme
from desktop.words import count, decimal


class CompareColumn(QFrame):
    """`number` counts from 1. The answer is shown as it was written, so that both look alike."""

    keep_wanted = Signal()

    def __init__(self, theme: Theme, number: int, models: Sequence[ModelEntry]) -> None:
        super().__init__()
        self._theme = theme
        self._number = number
        self.chat_id = ""
        """The temporary chat this one answers in, "" before it is asked."""
        self.turn_id = ""
        self._build(models)
        self.keep.clicked.connect(self.keep_wanted)

    def _build(self, models: Sequence[ModelEntry]) -> None:
        number = self._number
        self.model = QComboBox()
        self.model.setAccessibleName(_("Model {number}").format(number=number))
        self.model.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        for entry in models:
            self.model.addItem(entry.ref, entry.ref)
        self.preset = preset_box("")
        name = _("Choice of words {number}").format(number=number)
        self.preset.setAccessibleName(name)
        self._text = QPlainTextEdit()
        self._text.setObjectName("answer_text")
        self._text.setAccessibleName(_("Answer {number}").format(number=number))
        self._text.setReadOnly(True)
        self._text.setTabChangesFocus(True)
        self._text.setFont(reading_font())
        self._line = plain_label(role="muted", wrap=True)
        self._line.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.keep = TextButton(self._theme, _("Keep answer {number}").format(number=number))
        self.keep.setEnabled(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.model)
        column.addWidget(self.preset)
        column.addWidget(self._text, 1)
        column.addWidget(self._line)
        column.addWidget(self.keep)

    @property
    def contestant(self) -> Contestant:
        """What is chosen."""
        return Contestant(
            model=str(self.model.currentData() or ""), preset=str(self.preset.currentData())
        )

    @property
    def is_answering(self) -> bool:
        """Whether its answer is on its way."""
        return bool(self.turn_id)

    def begin(self, chat_id: str, turn_id: str) -> None:
        """Its answer was asked for."""
        self.chat_id, self.turn_id = chat_id, turn_id
        self._text.clear()
        self._line.setText("")
        self.keep.setEnabled(False)
        for choice in (self.model, self.preset):
            choice.setEnabled(False)

    def handle(self, event: AnswerEvent) -> None:
        """Take what was heard about its answer."""
        match event:
            case AnswerStage():
                self._line.setText(_stage(event.stage))
            case AnswerThought():
                self._line.setText(_("Thinking …"))
            case AnswerText():
                self._add(event.text)
            case AnswerFinished():
                self._text.setPlainText(shown(event.text))
                self._line.setText(_cost(event))
                self._end(can_be_kept=True)
            case AnswerFailed():
                self._line.setText(f"{event.problem.message} {event.problem.hint}")
                self._end(can_be_kept=False)
            case _:
                pass

    def _add(self, text: str) -> None:
        """Add at the end, which stays in view where it was."""
        bar = self._text.verticalScrollBar()
        follows = bar.value() >= bar.maximum() - 4
        cursor = self._text.textCursor()
        cursor.movePosition(cursor.MoveOperation.End)
        cursor.insertText(shown(text))
        if follows:
            bar.setValue(bar.maximum())

    def _end(self, *, can_be_kept: bool) -> None:
        self.turn_id = ""
        self.keep.setEnabled(can_be_kept)
        for choice in (self.model, self.preset):
            choice.setEnabled(True)


def _stage(stage: str) -> str:
    names = {
        "searching": _("Searching the folders …"),
        "waiting": _("Waits until the other answer has ended …"),
        "loading": _("Loading the model …"),
        "summarising": _("Summarising early messages …"),
        "reading": _("Reading …"),
        "thinking": _("Thinking …"),
        "writing": _("Writing …"),
    }
    return names.get(stage, "")


def _cost(event: AnswerFinished) -> str:
    statistics = event.statistics
    if not statistics.completion_tokens:
        return ""  # it was not the model that answered
    words = _("{tokens} tokens, {rate} tokens/s, first word after {seconds} s")
    return words.format(
        tokens=count(statistics.completion_tokens),
        rate=decimal(statistics.tokens_per_second),
        seconds=decimal(statistics.seconds_to_first_token),
    )
