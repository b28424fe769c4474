"""Chat view: header, notices, transcript or greeting, and composer in one widget."""

from collections.abc import Sequence

from PySide6.QtCore import QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from core.chat.conversations.conversation import HistorySummary, Turn
from desktop.chat.cards.card_factory import Versions
from desktop.chat.composer.composer import Composer
from desktop.chat.message.render_tools import load_markdown, make_render_tools
from desktop.chat.transcript.transcript_find_bar import TranscriptFindBar
from desktop.chat.transcript.transcript_view import TranscriptView
from desktop.chat.view.chat_header import ChatHeader
from desktop.chat.view.greeting import Greeting
from desktop.kit.notices import NoticeCenter, NoticeStack
from desktop.kit.theme import Theme

_AHEAD_MS = 400


class ChatView(QWidget):
    """Puts the parts together; `desktop.chat.controller.chat_controller` makes them work."""

    def __init__(self, theme: Theme, notices: NoticeCenter) -> None:
        super().__init__()
        self._theme = theme
        self._notices = notices
        self._ahead = QTimer(self)
        self._build()
        self._ahead.timeout.connect(self._on_ahead)

    def _build(self) -> None:
        self.setObjectName("chat_room")
        self.header = ChatHeader(self._theme)
        self.greeting = Greeting(self._theme)
        self.tools = make_render_tools(self._theme, self)
        self.transcript = TranscriptView(self.tools)
        self.find_bar = TranscriptFindBar(self._theme, self.transcript)
        self.composer = Composer(self._theme)
        self._ahead.setSingleShot(True)
        self._ahead.setInterval(_AHEAD_MS)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.greeting)
        self._stack.addWidget(self.transcript)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addWidget(NoticeStack(self._theme, self._notices))
        column.addWidget(self.find_bar)
        column.addWidget(self._stack, 1)
        column.addWidget(self.composer)

    def show_turns(
        self,
        turns: Sequence[Turn],
        summaries: Sequence[HistorySummary] = (),
        versions: Versions | None = None,
        *,
        stay: bool = False,
    ) -> None:
        """Show the turns of a chat, or the greeting when there are none.

        With `stay` it is the same chat in another state, shown where it is read.
        """
        self.transcript.show_turns(turns, summaries, versions, stay=stay)
        self._stack.setCurrentWidget(self.transcript if turns else self.greeting)

    def showEvent(self, event: QShowEvent) -> None:
        """Load what the first answer needs, once the window stands."""
        super().showEvent(event)
        self._ahead.start()

    def _on_ahead(self) -> None:
        self.tools.workshop.run_job(load_markdown, _nothing)

    def add_turn(self, turn: Turn) -> None:
        """Show one more turn."""
        self.transcript.add_turn(turn)
        self._stack.setCurrentWidget(self.transcript)


def _nothing(_result: None) -> None:
    """It was loaded: nothing more is to be done."""
