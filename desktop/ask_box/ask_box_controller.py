"""Ask box controller: hears the key, asks the application, shows the answer in the box."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QClipboard, QGuiApplication

from core.app.app import App
from core.app.chats.ask_options import AskOptions
from core.app.events.app_events import (
    AnswerEvent,
    AnswerFailed,
    AnswerFinished,
    AnswerStage,
    AnswerTextAdded,
    AppEvent,
    Notice,
    Problem,
)
from core.app.problems import problem_of
from core.base.errors import InglenookError
from core.base.i18n import _
from core.base.settings.window_settings import ASK_BOX_KEY
from desktop.ask_box.ask_box import AskBox
from desktop.ask_box.global_hotkey import GlobalHotkey, parse_keys
from desktop.ask_box.hotkey_choice import make_hotkey
from desktop.chat.message.render_tools import RenderTools, make_render_tools
from desktop.kit.notices import NoticeCenter
from desktop.kit.theme import Theme

_NOTICE = "ask box"


class AskBoxController(QObject):
    """One for the process. Nothing listens and no box is made until a key is set."""

    chat_wanted = Signal(str)
    """The chat that is to be opened in the window."""

    def __init__(
        self,
        app: App,
        theme: Theme,
        notices: NoticeCenter,
        make_key: Callable[[QObject], GlobalHotkey] = make_hotkey,
    ) -> None:
        super().__init__(notices)
        self._app = app
        self._theme = theme
        self._notices = notices
        self._make_key = make_key
        self._hotkey: GlobalHotkey | None = None
        self._tools: RenderTools | None = None
        self.box: AskBox | None = None
        self._chat_id = ""
        self._turn_id = ""
        self._selection = ""
        app.subscribe(self._on_event)

    def apply_setting(self) -> None:
        """Listen for the key that is set, or no more."""
        text = self._app.settings.get_value(ASK_BOX_KEY)
        if not text:
            if self._hotkey is not None:
                self._hotkey.stop_listening()
            return
        keys = parse_keys(text)
        if keys is None:
            self._on_refused(_("“{keys}” is not one key with Ctrl, Alt or Meta").format(keys=text))
            return
        if self._hotkey is None:
            self._hotkey = self._make_key(self)
            self._hotkey.pressed.connect(self.toggle_box)
            self._hotkey.failed.connect(self._on_refused)
        self._notices.dismiss_notice(_NOTICE, quiet=True)
        self._hotkey.start_listening(keys)

    def toggle_box(self) -> None:
        """Open the box, or close it if it has the focus."""
        box = self.box or self._make_box()
        if box.isVisible() and box.isActiveWindow():
            box.close_box()
            return
        self._selection = selected_text()
        self._chat_id = self._turn_id = ""
        box.open_anew(has_selection=bool(self._selection.strip()))

    def close(self) -> None:
        """Give the key back and take the box away."""
        if self._hotkey is not None:
            self._hotkey.stop_listening()
        if self.box is not None:
            self.box.close_box()
            self.box.deleteLater()
            self.box = None

    def _make_box(self) -> AskBox:
        self._tools = make_render_tools(self._theme, self)
        self.box = box = AskBox(self._tools)
        box.sent.connect(self._ask)
        box.window_wanted.connect(self._open_window)
        self._theme.changed.connect(box.body.set_colours)
        return box

    def _ask(self, text: str, about_selection: bool) -> None:  # noqa: FBT001 - a signal's
        """Ask in the chat of this box, a new one at first."""
        box = self.box
        if box is None:
            return
        try:
            files = (self._app.attachments.save_text(self._selection),) if about_selection else ()
            started = self._app.questions.ask_question(
                text, AskOptions(files=files), chat_id=self._chat_id or None
            )
        except InglenookError as error:
            problem = problem_of(error)
            box.show_state(f"{problem.message} {problem.hint}")
            return
        self._chat_id, self._turn_id = started.chat_id, started.turn_id
        box.begin_answer(text)
        box.show_state(_("Loading the model …"))

    def _open_window(self) -> None:
        if self.box is not None:
            self.box.close_box()
        self.chat_wanted.emit(self._chat_id)

    def _on_event(self, event: AppEvent) -> None:
        if (
            self.box is None
            or not isinstance(event, AnswerEvent)
            or event.turn_id != self._turn_id
            or not self.box.isVisible()
        ):
            return
        match event:
            case AnswerStage():
                self.box.show_state(_stage_text(event.stage))
            case AnswerTextAdded():
                self.box.show_state("")
                self.box.body.append_text(event.text)
            case AnswerFinished():
                self.box.show_state(event.note)
                self.box.body.show_finished(event.text, event.citations, event.sentences)
            case AnswerFailed():
                self.box.show_state(f"{event.problem.message} {event.problem.hint}")
            case _:
                pass

    def _on_refused(self, why: str) -> None:
        text = self._app.settings.get_value(ASK_BOX_KEY)
        problem = Problem(
            code="ask_box",
            message=_("The key {keys} can't open the ask box: {why}.").format(keys=text, why=why),
            hint=_("Choose another key in the settings."),
        )
        self._notices.post_notice(Notice(key=_NOTICE, severity="warning", problem=problem))


def selected_text() -> str:
    """Return what is selected in the program in front, where the system tells; else ""."""
    clipboard = QGuiApplication.clipboard()
    if clipboard.supportsSelection():
        return clipboard.text(QClipboard.Mode.Selection)
    return clipboard.text()


def _stage_text(stage: str) -> str:
    return {
        "searching": _("Searching the folders …"),
        "files": _("Reading the files …"),
        "waiting": _("Waiting for another answer to end …"),
        "loading": _("Loading the model …"),
        "reading": _("Reading …"),
        "thinking": _("Thinking …"),
    }.get(stage, "")
