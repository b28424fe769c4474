"""Notices outside any answer: the list of what is shown, and the banners that show it."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent, QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from core.app.events.app_events import Notice, Problem
from core.app.problems import problem_of_failure
from core.base.errors import ErrorCode, InglenookError
from core.base.i18n import _
from core.messages import Failed
from desktop.kit.buttons_and_labels import IconButton, TextButton, plain_label
from desktop.kit.locale_formatting import format_hint
from desktop.kit.reading_column import margins, place_in_reading_column
from desktop.kit.theme import Theme

INFO_MS, OFFER_MS = 10_000, 30_000
"""An info closes by itself, later if it offers something such as Undo; warnings and errors stay
until the user closes them."""
MAX_VISIBLE_NOTICES = 3

NoticeAction = tuple[str, Callable[[], object]]


class NoticeCenter(QObject):
    """Keeps the notices to be shown, the latest last; a key has one notice at most.

    Notices raised before the window exists are kept here and shown when it does.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._notices: dict[str, Notice] = {}
        self._actions: dict[str, NoticeAction] = {}
        self._undoing: set[str] = set()
        """Keys of the notices whose button takes back what they tell of."""
        self.ways_on: dict[str, NoticeAction] = {}
        """Buttons by the code of a problem, for notices of it that come with none."""

    def post_notice(self, notice: Notice, action: NoticeAction | None = None) -> None:
        """Show a notice instead of one of the same key. `action`: a button's text and callback.

        What says the very same under another key goes as well: two that ask find the same fault.
        """
        self.dismiss_notice(notice.key, quiet=True)
        for other in self.all_notices():
            if other.problem == notice.problem:
                action = action or self._actions.get(other.key)
                self.dismiss_notice(other.key, quiet=True)
        self._notices[notice.key] = notice
        action = action or self.ways_on.get(notice.problem.code)
        if action is not None:
            self._actions[notice.key] = action
        self.changed.emit()

    def post_error(
        self, key: str, error: InglenookError, action: NoticeAction | None = None
    ) -> None:
        """Show why a request can't be done."""
        problem = Problem(code=error.code, message=error.message, hint=error.hint)
        self.post_notice(Notice(key=key, severity="error", problem=problem), action)

    def post_failure(self, failure: Failed) -> None:
        """Show why a request failed; one that was cancelled has not failed."""
        if failure.code != ErrorCode.CANCELLED:
            problem = problem_of_failure(failure)
            key = f"failed {failure.code}"
            self.post_notice(Notice(key=key, severity="error", problem=problem))

    def post_info(
        self, key: str, message: str, hint: str = "", action: NoticeAction | None = None
    ) -> None:
        """Show a message that is no error."""
        problem = Problem(code=key, message=message, hint=hint)
        self.post_notice(Notice(key=key, severity="info", problem=problem), action)

    def post_undoable(self, key: str, message: str, undo: Callable[[], object]) -> None:
        """Tell of what was done and can be taken back: by the notice's button, or by Ctrl+Z."""
        self.post_info(key, message, action=(_("Undo"), undo))
        self._undoing.add(key)

    @property
    def can_undo(self) -> bool:
        """Whether a notice that is shown offers to take something back."""
        return bool(self._undoing)

    def undo_latest(self) -> None:
        """Take back what the latest notice tells of that offers it."""
        for key in reversed(self._notices):
            if key in self._undoing:
                self.run_action(key)
                return

    def dismiss_notice(self, key: str, *, quiet: bool = False) -> None:
        """Remove the notice with a key."""
        self._actions.pop(key, None)
        self._undoing.discard(key)
        if self._notices.pop(key, None) is not None and not quiet:
            self.changed.emit()

    def dismiss_problem(self, code: str) -> None:
        """Remove the notices of a problem that is no more."""
        for notice in self.all_notices():
            if notice.problem.code == code:
                self.dismiss_notice(notice.key)

    def run_action(self, key: str) -> None:
        """Do what the button of a notice promises; the notice goes first."""
        action = self._actions.get(key)
        self.dismiss_notice(key)
        if action is not None:
            action[1]()

    def all_notices(self) -> tuple[Notice, ...]:
        """Return the notices to be shown, the latest last."""
        return tuple(self._notices.values())

    def action_label(self, key: str) -> str:
        """Return the label of a notice's button, "" without one."""
        return self._actions[key][0] if key in self._actions else ""


class NoticeBanner(QFrame):
    """One notice."""

    closed = Signal(str)
    action_clicked = Signal(str)

    def __init__(self, theme: Theme, notice: Notice, action_words: str) -> None:
        super().__init__()
        self._theme = theme
        self.notice = notice
        self._hint = format_hint(notice.problem.code, notice.problem.hint)
        self._build(action_words)
        self._connect()

    def _build(self, action_words: str) -> None:
        severity = self.notice.severity
        problem = self.notice.problem
        self.setObjectName("notice")
        self.setProperty("severity", severity)
        self.setAccessibleName(problem.message)
        self._icon = plain_label()
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(plain_label(problem.message, "title", wrap=True))
        if self._hint:
            words.addWidget(plain_label(self._hint, wrap=True))
        self._action = TextButton(self._theme, action_words)
        self._copy = IconButton(self._theme, "copy", _("Copy the details"), size=16)
        self._close = IconButton(self._theme, "close", _("Close this notice"), size=16)
        row = QHBoxLayout(self)
        row.setContentsMargins(margins(12, 8, 8, 8))
        row.setSpacing(10)
        row.addWidget(self._icon)
        row.addLayout(words, 1)
        for button in (self._action, self._copy, self._close):
            row.addWidget(button)
        # Only now: shown without a parent they would be windows, and take the keys from this one.
        self._action.setVisible(bool(action_words))
        self._copy.setVisible(severity != "info")
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        if severity == "info":
            self._timer.start(OFFER_MS if action_words else INFO_MS)
        self._on_theme_changed()

    def _connect(self) -> None:
        self._action.clicked.connect(self._on_action_clicked)
        self._copy.clicked.connect(self._on_copy_clicked)
        self._close.clicked.connect(self._on_close_clicked)
        self._timer.timeout.connect(self._on_close_clicked)
        self._theme.changed.connect(self._on_theme_changed)

    def _on_action_clicked(self) -> None:
        self.action_clicked.emit(self.notice.key)

    def _on_copy_clicked(self) -> None:
        problem = self.notice.problem
        QGuiApplication.clipboard().setText(f"{problem.message} {self._hint} [{problem.code}]")

    def _on_close_clicked(self) -> None:
        self.closed.emit(self.notice.key)

    def _on_theme_changed(self) -> None:
        severity = self.notice.severity
        role = severity if severity in {"error", "warning"} else "info"
        picture = severity if severity in {"error", "warning"} else "info"
        self._icon.setPixmap(self._theme.icon_pixmap(picture, role))


class NoticeStack(QWidget):
    """The latest notices, above the transcript."""

    def __init__(self, theme: Theme, notices: NoticeCenter) -> None:
        super().__init__()
        self._theme = theme
        self._notices = notices
        self._bars: dict[str, NoticeBanner] = {}
        self._build()
        notices.changed.connect(self._on_changed)

    def _build(self) -> None:
        column = QWidget()
        place_in_reading_column(column, self)
        self._column = QVBoxLayout(column)
        self._column.setContentsMargins(24, 12, 24, 0)
        self._column.setSpacing(8)
        self._on_changed()

    def _on_changed(self) -> None:
        wanted = {
            notice.key: notice for notice in self._notices.all_notices()[-MAX_VISIBLE_NOTICES:]
        }
        for key, bar in list(self._bars.items()):
            if wanted.get(key) is not bar.notice:
                self._column.removeWidget(bar)
                bar.hide()
                bar.deleteLater()
                del self._bars[key]
        for key, notice in wanted.items():
            if key not in self._bars:
                self._add(notice)
        if self.parentWidget() is not None or not self._bars:  # else it comes with its parent
            self.setVisible(bool(self._bars))

    def _add(self, notice: Notice) -> None:
        bar = NoticeBanner(self._theme, notice, self._notices.action_label(notice.key))
        bar.closed.connect(self._on_closed)
        bar.action_clicked.connect(self._on_acted)
        self._bars[notice.key] = bar
        self._column.addWidget(bar)
        # a screen reader says it at once, wherever the focus is
        QAccessible.updateAccessibility(QAccessibleEvent(bar, QAccessible.Event.Alert))

    def _on_closed(self, key: str) -> None:
        self._notices.dismiss_notice(key)

    def _on_acted(self, key: str) -> None:
        self._notices.run_action(key)
