"""A question in the transcript."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from core.chat.conversation import Turn
from core.words import _
from desktop.buttons import IconButton, plain_label
from desktop.chat.message_text import MessageText
from desktop.chat.visible import shown
from desktop.reading import INSET
from desktop.theme import Theme


class QuestionCard(QWidget):
    """What the person typed, letter by letter."""

    def __init__(self, theme: Theme, turn: Turn) -> None:
        super().__init__()
        self._theme = theme
        self.turn_id = turn.turn_id
        self._words = turn.text
        self._build()
        self._connect()

    def _build(self) -> None:
        self._copy = IconButton(self._theme, "copy", _("Copy the question"), size=16)
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, 0, 0)
        head.addWidget(plain_label(_("You"), "speaker"))
        head.addStretch(1)
        head.addWidget(self._copy)
        self._text = MessageText(self._theme.colours)
        self._text.setAccessibleName(_("Your question"))
        self._text.show_plain(shown(self._words))
        frame = QFrame()
        frame.setObjectName("question")
        inner = QVBoxLayout(frame)
        inner.setContentsMargins(INSET, 8, INSET // 2, 12)
        inner.setSpacing(4)
        inner.addLayout(head)
        inner.addWidget(self._text)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(frame, 0, Qt.AlignmentFlag.AlignTop)

    def _connect(self) -> None:
        self._copy.clicked.connect(self._on_copy_clicked)

    @property
    def words(self) -> str:
        """The question as typed."""
        return self._words

    def _on_copy_clicked(self) -> None:
        QGuiApplication.clipboard().setText(self._words)
