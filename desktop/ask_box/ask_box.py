"""Ask box: a small window over any program with a question, its answer, and nothing else."""

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QCursor, QGuiApplication, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from core.base.i18n import _
from core.base.paths import APP_NAME
from desktop.chat.message.answer_body import AnswerBody
from desktop.chat.message.render_tools import RenderTools
from desktop.kit.buttons_and_labels import as_tooltip, plain_label
from desktop.kit.check_box import ThemedCheckBox
from desktop.kit.locale_formatting import one_line
from desktop.kit.visible_text import visible_text

WIDTH = 640
"""Pixels at 100 %: two thirds of a small screen."""
_ANSWER_HEIGHT = 360
_MOST_ASKED = 300
"""Characters of a question that are shown above its answer, some five lines."""
_FROM_TOP = 5
"""The box stands a fifth of the screen's height below its top."""


class AskBox(QFrame):
    """Enter sends, Esc closes; it has no frame of the system and is dragged anywhere."""

    sent = Signal(str, bool)
    """The question, and whether the selection is its file."""
    window_wanted = Signal()
    closed = Signal()

    def __init__(self, tools: RenderTools) -> None:
        super().__init__(None, Qt.WindowType.Dialog | Qt.WindowType.FramelessWindowHint)
        self.setWindowFlag(Qt.WindowType.WindowStaysOnTopHint)
        self.setObjectName("ask_box")
        self.setWindowTitle(_("Ask {name}").format(name=APP_NAME))
        self._tools = tools
        self._drag_from: QPoint | None = None
        self._make_parts()
        self._lay_out()
        self.open_button.clicked.connect(self.window_wanted)
        self.selection.clicked.connect(lambda _on: self.question.setFocus())  # one goes on to type
        self.question.installEventFilter(self)

    def _make_parts(self) -> None:
        self.question = QLineEdit()
        self.question.setPlaceholderText(_("Ask anything"))
        self.question.setAccessibleName(_("Question"))
        self.selection = ThemedCheckBox(self._tools.theme)
        self.selection.setText(_("About what is &selected"))
        self.asked = plain_label("", "title", wrap=True)
        self.asked.setAccessibleName(_("Your question"))
        self.body = AnswerBody(self._tools)
        self.answer = QScrollArea()
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.body)
        column.addStretch(1)
        self.answer.setWidget(page)
        self.answer.setWidgetResizable(True)
        self.answer.setFrameShape(QFrame.Shape.NoFrame)
        self.answer.setAccessibleName(_("Answer"))
        self.state = plain_label("", "muted")
        self.state.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.open_button = QPushButton(_("&Open in the window"))
        self.open_button.setAutoDefault(False)

    def _lay_out(self) -> None:
        foot = QHBoxLayout()
        foot.addWidget(self.selection, 1)  # its words are cut to the space it gets
        foot.addWidget(self.state, 1)
        foot.addWidget(self.open_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 12)
        column.setSpacing(10)
        column.addWidget(self.question)
        column.addWidget(self.asked)
        column.addWidget(self.answer, 1)
        column.addLayout(foot)

    def open_anew(self, *, has_selection: bool) -> None:
        """Show an empty box on the screen of the mouse, with the cursor in it."""
        self.question.clear()
        self.question.setEnabled(True)
        self.body.show_finished("")
        self.asked.hide()
        self.answer.hide()
        self.open_button.hide()
        self.state.clear()
        self.selection.setChecked(False)
        self.selection.setVisible(has_selection)
        self._place()
        self.show()
        self.raise_()
        self.activateWindow()
        self.question.setFocus(Qt.FocusReason.ActiveWindowFocusReason)

    def begin_answer(self, question: str) -> None:
        """Make room for the answer to what was sent, and leave the question above it."""
        self.asked.setText(visible_text(one_line(question, _MOST_ASKED)))
        self.asked.setToolTip(as_tooltip(question))
        self.asked.show()
        self.body.show_finished("")
        self.question.clear()
        self.selection.hide()
        self.answer.show()
        self.open_button.show()
        self.resize(self.width(), max(self.height(), self._scaled(_ANSWER_HEIGHT)))

    def show_state(self, text: str) -> None:
        """Say in a line what is going on, "" for nothing."""
        self.state.setText(text)
        self.state.setToolTip(text)

    def close_box(self) -> None:
        """Hide; what was asked goes on in its chat."""
        if self.isVisible():
            self.hide()
            self.closed.emit()

    def _send(self) -> None:
        text = self.question.text().strip()
        if text:
            self.sent.emit(text, self.selection.isVisible() and self.selection.isChecked())

    def _place(self) -> None:
        screen = QGuiApplication.screenAt(QCursor.pos()) or QGuiApplication.primaryScreen()
        area = screen.availableGeometry()
        width = min(self._scaled(WIDTH), area.width() - 32)
        self.resize(width, self.minimumSizeHint().height())
        left = area.left() + (area.width() - width) // 2
        self.move(left, area.top() + area.height() // _FROM_TOP)

    def _scaled(self, pixels: int) -> int:
        """Return pixels as they grow with the text."""
        return round(pixels * self.fontMetrics().height() / 17)

    # ------------------------------------------------------------ Qt

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the arrow keys and pages of the question scroll the answer."""
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            bar = self.answer.verticalScrollBar()
            steps = {
                Qt.Key.Key_Up: -bar.singleStep(),
                Qt.Key.Key_Down: bar.singleStep(),
                Qt.Key.Key_PageUp: -bar.pageStep(),
                Qt.Key.Key_PageDown: bar.pageStep(),
            }
            if step := steps.get(Qt.Key(event.key())):
                bar.setValue(bar.value() + step)
                return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close on Esc; send with Enter wherever the focus is."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_box()
        elif event.key() not in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            super().keyPressEvent(event)
        elif self.open_button.hasFocus():
            self.open_button.click()
        else:
            self._send()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of the box."""
        self._drag_from = event.globalPosition().toPoint() - self.pos()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move with the mouse."""
        if self._drag_from is not None:
            self.move(event.globalPosition().toPoint() - self._drag_from)

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """Let go."""
        self._drag_from = None
