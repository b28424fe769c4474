"""Chat view: header, notices, transcript or greeting, and composer in one widget."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from core.app.events.app_events import ModelReady
from core.base.i18n import _
from core.chat.conversations.conversation import HistorySummary, Turn
from core.chat.intent.message_intent import compile_phrases
from core.models.info.model_entry import ModelEntry
from desktop.chat.cards.card_factory import Versions
from desktop.chat.composer.composer import Composer
from desktop.chat.message.render_tools import load_markdown, make_render_tools
from desktop.chat.transcript.transcript_find_bar import TranscriptFindBar
from desktop.chat.transcript.transcript_view import TranscriptView
from desktop.chat.view.greeting import Greeting
from desktop.chat.view.placement_formatting import format_placement
from desktop.kit.buttons_and_labels import ElidedLabel, TextButton
from desktop.kit.notices import NoticeCenter, NoticeStack
from desktop.kit.spinner import Spinner
from desktop.kit.theme import Theme


class ChatHeader(QFrame):
    """Chat title on the left, the model and its state on the right; a click there switches it."""

    models_wanted = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._build()
        self.model_button.clicked.connect(self.models_wanted)

    def _build(self) -> None:
        self.setObjectName("header")
        self._title = ElidedLabel(role="title")
        self._spinner = Spinner(self._theme)
        self.model_button = TextButton(self._theme, "", icon="model", role="quiet")
        self.model_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        row = QHBoxLayout(self)
        row.setContentsMargins(24, 8, 12, 8)
        row.setSpacing(8)
        row.addWidget(self._title, 1)
        row.addWidget(self._spinner)
        self.badges = QHBoxLayout()
        """Layout for more widgets of the window about who answers."""
        row.addLayout(self.badges)
        row.addWidget(self.model_button)
        self.set_title("")
        self.set_model(None, state="")

    def set_title(self, title: str) -> None:
        """Show a chat's title; an empty one is that of a new chat."""
        self._title.setText(title or _("New chat"))

    def set_model(
        self, entry: ModelEntry | None, *, state: str, ready: ModelReady | None = None
    ) -> None:
        """Show the chosen model; `state` is "loading", "ready" or empty.

        `ready` is the event of its load: the tooltip says where it lies in memory.
        """
        self._spinner.setVisible(state == "loading")
        if entry is None:
            text = _("Choose a model")
        elif state == "loading":
            text = _("Loading {model}…").format(model=entry.ref)
        else:
            text = entry.ref
        self.model_button.setText(text.replace("&", "&&"))
        self.model_button.setAccessibleName(_("Model: {model}").format(model=text))
        placed = format_placement(ready) if ready is not None and state == "ready" else ""
        self.model_button.setToolTip("\n".join(filter(None, (self._tooltip(entry, state), placed))))
        self.model_button.setAccessibleDescription(placed)

    def _tooltip(self, entry: ModelEntry | None, state: str) -> str:
        if entry is None:
            return _("No model is chosen (Ctrl+M)")
        if state == "ready":
            return _("Ready to answer; choose another with Ctrl+M")
        return _("Choose another model with Ctrl+M")


_AHEAD_MS = 400


class ChatView(QWidget):
    """Lays out the widgets; `desktop.chat.controller.chat_controller` connects them."""

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
        """Import what the first answer needs, after the window is shown."""
        super().showEvent(event)
        self._ahead.start()

    def _on_ahead(self) -> None:
        self.tools.background.run_job(load_markdown, _nothing)
        self.tools.background.run_job(compile_phrases, _nothing)

    def add_turn(self, turn: Turn) -> None:
        """Show one more turn."""
        self.transcript.add_turn(turn)
        self._stack.setCurrentWidget(self.transcript)


def _nothing(_result: None) -> None:
    """Result callback: the import is done, nothing else to do."""
