"""Compare dialog: one question to two contestants, with both answers as they stream."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from core.app.app import App
from core.app.events.app_events import AnswerEvent, AnswerStarted
from core.base.errors import InglenookError
from core.base.i18n import _
from desktop.chat.message.render_tools import RenderTools
from desktop.compare.compare_column import CompareColumn
from desktop.compare.compare_context import CompareContext
from desktop.kit.buttons_and_labels import TextButton, plain_label
from desktop.kit.dialog_manager import set_initial_size
from desktop.kit.visible_text import visible_text
from desktop.models.choice.server_choice import ask_server_consent

_LINES = 3


class CompareDialog(QDialog):
    """`answer_kept` carries the chat the better answer was added to."""

    answer_saved = Signal(str)
    source_chosen = Signal(object)  # Source

    def __init__(
        self,
        tools: RenderTools,
        app: App,
        parent: QWidget,
        place: Callable[[], CompareContext],
    ) -> None:
        super().__init__(parent)
        self._tools = tools
        self._theme = tools.theme
        self._app = app
        self._place = place
        self._asked: CompareContext | None = None
        """Context of the question: the window may show another chat since then."""
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._build()
        self._connect()
        self._show_state()

    def _build(self) -> None:
        words = _("Compare two answers")
        self.setWindowTitle(words)
        self.setAccessibleName(words)
        set_initial_size(self, 960, 640)
        self.question = QPlainTextEdit()
        self.question.setAccessibleName(_("Your question"))
        self.question.setPlaceholderText(_("Ask both"))
        self.question.setTabChangesFocus(True)
        self.question.setFixedHeight(_LINES * self.question.fontMetrics().lineSpacing() + 20)
        models = [entry for entry in self._app.registry.list_models() if not entry.problem_code]
        servers = self._app.servers.list_servers()
        self.columns = tuple(
            CompareColumn(self._tools, number, models, servers) for number in (1, 2)
        )
        self._choose([entry.ref for entry in models])
        self._from = plain_label(role="muted", wrap=True)
        """What both answer from."""
        self._state = plain_label(role="muted", wrap=True)
        self._ask = TextButton(self._theme, _("Ask both"), role="primary")
        self._stop = TextButton(self._theme, _("Stop"))
        self._close = TextButton(self._theme, _("Close"))
        row = QHBoxLayout()
        row.setSpacing(20)
        for part in self.columns:
            row.addWidget(part, 1)
        buttons = QHBoxLayout()
        buttons.addWidget(self._state, 1)
        for button in (self._stop, self._ask, self._close):
            buttons.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(self._from)
        column.addWidget(self.question)
        column.addLayout(row, 1)
        column.addLayout(buttons)
        self._ask_key = QShortcut(QKeySequence("Ctrl+Return"), self)
        self.question.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Ask on Enter alone, as the composer does; with Shift it begins a line."""
        if (
            watched is self.question
            and isinstance(event, QKeyEvent)
            and event.type() is QEvent.Type.KeyPress
            and event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
            and not event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        ):
            self._ask.click()
            return True
        return super().eventFilter(watched, event)

    def _choose(self, models: list[str]) -> None:
        """Select the model or server of the chat, and another local model if there is one."""
        chosen = self._app.models.chosen_model()
        here = chosen.ref if chosen is not None else ""
        first, second = self.columns
        first.choose_model(self._place().server) or first.choose_model(here)
        usual = first.contestant.model
        others = [ref for ref in (here, *models) if ref and ref != usual]
        if not others or not second.choose_model(
            next((ref for ref in others if ref != here), here)
        ):
            second.choose_model(usual)
            second.preset.setCurrentIndex(second.preset.findData("creative"))

    def _connect(self) -> None:
        self._ask.clicked.connect(self.ask_both)
        self.question.installEventFilter(self)
        self._ask_key.activated.connect(self.ask_both)
        self._stop.clicked.connect(self._on_stop)
        self._close.clicked.connect(self.reject)
        self.question.textChanged.connect(self._show_state)
        self.finished.connect(self._on_finished)
        for column in self.columns:
            column.keep_wanted.connect(lambda better=column: self._on_keep(better))
            column.server_wanted.connect(partial(self._on_server_wanted, column))
            column.source_chosen.connect(self.source_chosen)

    @property
    def _is_answering(self) -> bool:
        return any(column.is_answering for column in self.columns)

    @property
    def _target(self) -> CompareContext:
        return self._asked or self._place()

    def ask_both(self) -> None:
        """Send the typed question to both."""
        text = self.question.toPlainText().strip()
        if not text or self._is_answering:
            return
        self._drop()
        place = self._place()
        try:
            begun = self._app.comparison.start_comparison(
                text,
                [column.contestant for column in self.columns],
                chat_id=place.chat_id,
                folder_ids=place.folder_ids,
                files=place.files,
                chat_style=place.chat_style,
            )
        except InglenookError as error:
            self._state.setText(f"{error.message} {error.hint}")
            return
        self._asked = place
        for column, started in zip(self.columns, begun, strict=True):
            column.start_answer(started.chat_id, started.turn_id)
        self._show_state()

    def on_answer_event(self, event: AnswerEvent) -> None:
        """Pass an event to the column whose answer it is about."""
        if isinstance(event, AnswerStarted):
            return
        for column in self.columns:
            if column.is_answering and column.turn_id == event.turn_id:
                column.on_answer_event(event)
        self._show_state()

    def _show_state(self) -> None:
        running = self._is_answering
        self._ask.setEnabled(not running and bool(self.question.toPlainText().strip()))
        self._stop.setVisible(running)
        into = _("The answer you keep becomes a chat of its own.")
        if self._target.chat_id:
            into = _("Both know this chat; the answer you keep is added to it.")
        self._state.setText(into)
        self._from.setText(self._format_sources())

    def _format_sources(self) -> str:
        known = {each.folder_id: each.name for each in self._app.folders.known_folders or ()}
        names = [known[each] for each in self._target.folder_ids if each in known]
        names += [Path(each).name for each in self._target.files]
        if not names:
            return _("Both answer by themselves; tick a folder before to have them ask it.")
        return _("Both answer from {folders}").format(folders=visible_text(", ".join(names)))

    def _on_stop(self) -> None:
        for column in self.columns:
            if column.is_answering:
                self._app.answers.stop_answer(column.turn_id)

    def _on_keep(self, better: CompareColumn) -> None:
        others = [each.chat_id for each in self.columns if each is not better and each.chat_id]
        place = self._target
        try:
            saved_chat_id = self._app.comparison.keep_answer(
                better.chat_id, others, chat_id=place.chat_id, temporary=place.is_temporary
            )
        except InglenookError as error:
            self._state.setText(f"{error.message} {error.hint}")
            return
        for column in self.columns:
            column.chat_id = column.turn_id = ""
        self.accept()
        self.answer_saved.emit(saved_chat_id)

    def _on_server_wanted(self, column: CompareColumn, name: str) -> None:
        server = self._app.servers.get_server(name)
        if server is not None:
            ask_server_consent(self._theme, self, server, partial(self._on_agreed, column, name))

    def _on_agreed(self, column: CompareColumn, name: str) -> None:
        try:
            column.allow_server(self._app.servers.allow_server(name))
        except InglenookError as error:
            self._state.setText(f"{error.message} {error.hint}")

    def _on_finished(self) -> None:
        self._drop()

    def _drop(self) -> None:
        """Discard both chats unless an answer was saved."""
        self._asked = None
        chat_ids = [column.chat_id for column in self.columns if column.chat_id]
        for column in self.columns:
            column.chat_id = column.turn_id = ""
        if chat_ids:
            self._app.comparison.discard_copies(chat_ids)
