"""Strip that shows one running model task: progress, result and a stop button."""

from collections.abc import Callable, Collection
from typing import Any, Protocol, TypeVar

from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QVBoxLayout

from core.app.problems import problem_of_failure
from core.base.errors import ErrorCode
from core.base.i18n import _
from core.ipc.reply import Reply
from core.messages import Failed
from desktop.kit.buttons_and_labels import ElidedLabel, IconButton, TextButton
from desktop.kit.reading_column import margins
from desktop.kit.reply_lifetime import bind_reply
from desktop.kit.theme import Theme
from desktop.models.widgets.message_line import MessageLine, format_problem

_PARTS = 1000


class TaskProgress(Protocol):
    """How far a task is."""

    @property
    def done(self) -> int:
        """Steps or bytes that are done."""

    @property
    def total(self) -> int:
        """All steps or bytes."""


Progress = TypeVar("Progress", bound=TaskProgress)
Result = TypeVar("Result")


class ModelTaskStrip(QFrame):
    """Follows one task at a time; hidden while there is nothing to show.

    `report_failure` gets the failure of a task in whose place another one is shown.
    """

    def __init__(self, theme: Theme, report_failure: Callable[[Failed], object]) -> None:
        super().__init__()
        self._theme = theme
        self._report_failure = report_failure
        self._task: Reply[Any, Any] | None = None
        self._result: object = None
        self._build()
        self.stop_button.clicked.connect(self._on_stop_clicked)
        self.close_button.clicked.connect(self.hide)

    def _build(self) -> None:
        self.setObjectName("card")
        self._title = ElidedLabel("", "title")
        self._text = ElidedLabel("", "muted")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self.message = MessageLine()
        self.stop_button = TextButton(self._theme, _("Stop"))
        self.close_button = IconButton(self._theme, "close", _("Close this message"), size=16)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._title, 2)
        row.addWidget(self._text, 3)
        row.addWidget(self.stop_button)
        row.addWidget(self.close_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(margins(12, 6, 8, 8))
        column.setSpacing(4)
        column.addLayout(row)
        column.addWidget(self._bar)
        column.addWidget(self.message.label)
        self.hide()

    def follow_task(
        self,
        task: Reply[Progress, Result],
        title: str,
        *,
        describe_progress: Callable[[Progress], str],
        describe_result: Callable[[Result], tuple[str, str]],
    ) -> None:
        """Show a task from now on; a result is described by its text and its role."""
        if replaced := self._task:
            self.release_task()
            replaced.on_error(self._report_failure)
        self._task = bind_reply(task, self)
        self._result = None
        self._title.setText(title)
        self._bar.setAccessibleName(title)
        self._bar.setRange(0, 0)
        self._text.setText("")
        self.message.show_message("")
        self._show_running(running=True)
        self.show()

        def show_progress(progress: Progress) -> None:
            self._text.setText(describe_progress(progress))
            self._show_progress(progress.done, progress.total)

        task.on_progress(show_progress)

        def show_result(result: Result) -> None:
            self._result = result
            self._show_end(*describe_result(result))

        task.on_done(show_result)
        task.on_error(self._show_failure)

    @property
    def is_following(self) -> bool:
        """Whether a running task is shown."""
        return self._task is not None

    def release_task(self) -> None:
        """Follow the task no longer; it goes on."""
        if self._task is not None:
            self._task.detach()
            self._task = None

    def forget_removed_model(self, paths: Collection[str]) -> None:
        """Hide the result of a task whose model is not among these paths any more."""
        path = getattr(self._result, "path", "")
        if path and path not in paths:
            self._result = None
            self.hide()

    def _show_progress(self, done: int, total: int) -> None:
        self._bar.setRange(0, _PARTS)
        self._bar.setValue(round(_PARTS * done / max(total, 1)))

    def _show_failure(self, failed: Failed) -> None:
        if failed.code == ErrorCode.CANCELLED:
            self._show_end(_("Stopped; nothing half-made stays."), "muted")
        else:
            self._show_end(format_problem(problem_of_failure(failed)), "error")

    def _show_end(self, text: str, role: str) -> None:
        self._task = None
        self._text.setText("")
        self.message.show_message(text, role)
        self._show_running(running=False)

    def _show_running(self, *, running: bool) -> None:
        for part in (self._bar, self.stop_button):
            part.setVisible(running)
        self.stop_button.setEnabled(running)
        self.close_button.setVisible(not running)

    def _on_stop_clicked(self) -> None:
        self.stop_button.setEnabled(False)
        if self._task is not None:
            self._task.cancel()
