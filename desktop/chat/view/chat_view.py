"""Chat view: header, notices, transcript or greeting, and composer in one widget."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from desktop.chat.composer.composer import Composer
from desktop.chat.view.chat_header import ChatHeader
from desktop.chat.view.greeting import Greeting
from desktop.kit.theme import Theme

if TYPE_CHECKING:  # the window is shown before these are loaded
    from collections.abc import Sequence

    from core.chat.conversations.conversation import ConversationSummary, Turn
    from desktop.chat.cards.card_factory import Versions
    from desktop.kit.notices import NoticeCenter

_AHEAD_MS = 400


class ChatView(QWidget):
    """Lays out the widgets; `desktop.chat.controller.chat_controller` connects them.

    It can be typed in at once; `add_transcript` adds what the first picture does without.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._ahead = QTimer(self)
        self._build()
        self._ahead.timeout.connect(self._on_ahead)

    def _build(self) -> None:
        self.setObjectName("chat_view")
        self.header = ChatHeader(self._theme)
        self.greeting = Greeting(self._theme)
        self.composer = Composer(self._theme)
        self._ahead.setSingleShot(True)
        self._ahead.setInterval(_AHEAD_MS)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.greeting)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(self.header)
        self._column.addWidget(self._stack, 1)
        self._column.addWidget(self.composer)

    def add_transcript(self, notices: NoticeCenter) -> None:
        """Add the notices and the transcript; imports what they need, and what answers need."""
        from desktop.chat.message.render_tools import make_render_tools  # noqa: PLC0415 - as said
        from desktop.chat.transcript.transcript_find_bar import TranscriptFindBar  # noqa: PLC0415
        from desktop.chat.transcript.transcript_view import TranscriptView  # noqa: PLC0415
        from desktop.kit.notices import NoticeStack  # noqa: PLC0415

        self.tools = make_render_tools(self._theme, self)
        self.transcript = TranscriptView(self.tools)
        self.find_bar = TranscriptFindBar(self._theme, self.transcript)
        self._stack.addWidget(self.transcript)
        self._column.insertWidget(1, NoticeStack(self._theme, notices))
        self._column.insertWidget(2, self.find_bar)
        self._ahead.start()

    def show_turns(
        self,
        turns: Sequence[Turn],
        summaries: Sequence[ConversationSummary] = (),
        versions: Versions | None = None,
        *,
        stay: bool = False,
    ) -> None:
        """Show the turns of a chat, or the greeting when there are none.

        With `stay` it is the same chat in another state, shown where it is read.
        """
        self.transcript.show_turns(turns, summaries, versions, stay=stay)
        self._stack.setCurrentWidget(self.transcript if turns else self.greeting)

    def _on_ahead(self) -> None:
        from core.chat.intent.message_intent import compile_phrases  # noqa: PLC0415 - as above
        from desktop.chat.message.render_tools import load_markdown  # noqa: PLC0415

        self.tools.background.run_job(load_markdown, _nothing)
        self.tools.background.run_job(compile_phrases, _nothing)

    def add_turn(self, turn: Turn) -> None:
        """Show one more turn."""
        self.transcript.add_turn(turn)
        self._stack.setCurrentWidget(self.transcript)


def _nothing(_result: None) -> None:
    """Result callback: the import is done, nothing else to do."""
