"""Tool call fold: what an answer's model had tools do, and the question about a call that asks."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from core.base.i18n import _, ngettext
from core.chat.answering.tool_transcript import format_call, format_call_state
from core.chat.conversations.tool_calls import CallDecision, CallState, RecordedCall
from desktop.kit.buttons_and_labels import TextButton, plain_label
from desktop.kit.locale_formatting import format_count
from desktop.kit.theme import Theme
from desktop.kit.visible_text import visible_text

RESULT_LETTERS = 2_000
"""Letters of a result that are shown."""


class ToolCallFold(QWidget):
    """Ended calls are folded into one line; one that asks stands open. Hidden without calls."""

    decided = Signal(int, object)  # the number of the call, CallDecision

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._asking = 0
        self._build()
        self._fold.clicked.connect(self._on_clicked)

    def _build(self) -> None:
        self._fold = TextButton(self._theme, "", role="link")
        self._list = plain_label(role="muted", wrap=True)
        self._list.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._list.hide()
        self._question = self._build_question()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self._fold, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._list)
        column.addWidget(self._question)
        self.hide()

    def _build_question(self) -> QFrame:
        frame = QFrame()
        frame.setObjectName("file_chip")
        self._words = plain_label(wrap=True)
        column = QVBoxLayout(frame)
        column.setContentsMargins(12, 8, 12, 8)
        column.addWidget(self._words)
        row = QHBoxLayout()
        self.buttons: dict[CallDecision, TextButton] = {}
        """The buttons of the question, by what they say."""
        for decision, words in (
            (CallDecision.ONCE, _("Once")),
            (CallDecision.CHAT, _("In this chat")),
            (CallDecision.ALWAYS, _("Always")),
            (CallDecision.REFUSE, _("Refuse")),
        ):
            button = TextButton(self._theme, words)
            button.clicked.connect(partial(self._decide, decision))
            self.buttons[decision] = button
            row.addWidget(button)
        row.addStretch(1)
        column.addLayout(row)
        frame.hide()
        return frame

    def show_calls(self, calls: Sequence[RecordedCall]) -> None:
        """Show the calls as they are now."""
        asking = _asking_call(calls)
        ended = [call for call in calls if call is not asking]
        words = ngettext("{count} tool call", "{count} tool calls", len(ended))
        self._fold.setText(words.format(count=format_count(len(ended))))
        self._fold.setAccessibleName(self._fold.text())
        self._fold.setVisible(bool(ended))
        self._list.setText("\n\n".join(_described(call) for call in ended))
        self._asking = asking.n if asking else 0
        if asking is not None:
            shown = visible_text(format_call(asking))
            self._words.setText(_("The model wants to call {call}").format(call=shown))
        self._question.setVisible(asking is not None)
        self.setVisible(bool(calls))

    def toggle_list(self) -> None:
        """Show what was called and returned, or hide it."""
        self._list.setVisible(self._list.isHidden())

    def _on_clicked(self) -> None:
        self.toggle_list()

    def _decide(self, decision: CallDecision) -> None:
        if self._asking:
            number, self._asking = self._asking, 0
            self._question.hide()
            self.decided.emit(number, decision)


def _asking_call(calls: Sequence[RecordedCall]) -> RecordedCall | None:
    """Return the call that asks; of several in a round the first, once none is running."""
    if any(call.state is CallState.RUNNING for call in calls):
        return None
    return next((call for call in calls if call.state is CallState.ASKING), None)


def _described(call: RecordedCall) -> str:
    line = f"{format_call(call)} ({format_call_state(call)})"
    result = call.result.strip()
    if len(result) > RESULT_LETTERS:
        result = f"{result[:RESULT_LETTERS]} …"
    return visible_text(f"{line}\n{result}" if result else line)
