"""Strip that shows one running model task: progress, result and a stop button."""

from collections.abc import Callable

from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QVBoxLayout

from core.app.events.app_events import AppEvent, RequestFailed
from core.app.events.model_events import (
    ModelAdded,
    ModelCopyProgress,
    QuantizationJobFinished,
    QuantizationJobUpdated,
    QuantizationsMeasured,
)
from core.base.errors import ErrorCode
from core.base.i18n import _
from desktop.kit.buttons_and_labels import ElidedLabel, IconButton, TextButton
from desktop.kit.locale_formatting import format_size
from desktop.kit.theme import Theme
from desktop.models.quantization.quantization_formatting import (
    format_measurements,
    format_quantization_progress,
    format_quantization_result,
)
from desktop.models.widgets.message_line import MessageLine, format_problem

_PARTS = 1000


class ModelTaskStrip(QFrame):
    """Takes no room while there is nothing to tell; one job at a time."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._job = ""
        self._stop: Callable[[str], None] = _nothing
        self._build()
        self.stop_button.clicked.connect(self._on_stop_clicked)
        self.close_button.clicked.connect(self.hide)

    def _build(self) -> None:
        self.setObjectName("card")
        self._title = ElidedLabel("", "title")
        self._words = ElidedLabel("", "muted")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self.message = MessageLine()
        self.stop_button = TextButton(self._theme, _("Stop"))
        self.close_button = IconButton(self._theme, "close", _("Close this message"), size=16)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._title, 2)
        row.addWidget(self._words, 3)
        row.addWidget(self.stop_button)
        row.addWidget(self.close_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 6, 8, 8)
        column.setSpacing(4)
        column.addLayout(row)
        column.addWidget(self._bar)
        column.addWidget(self.message.label)
        self.hide()

    @property
    def task_id(self) -> str:
        """The request that is shown, "" for none."""
        return self._job

    def follow_task(self, request_id: str, title: str, stop: Callable[[str], None]) -> None:
        """Show a job from now on; `stop` ends it."""
        self._job = request_id
        self._stop = stop
        self._title.setText(title)
        self._bar.setAccessibleName(title)
        self._bar.setRange(0, 0)
        self._words.setText("")
        self.message.show_message("")
        self._show_running(running=True)
        self.show()

    def on_app_event(self, event: AppEvent) -> None:
        """Take how far a job is, and its end."""
        if not self._job or getattr(event, "request_id", "") != self._job:
            return
        if isinstance(event, QuantizationJobUpdated):
            self._words.setText(format_quantization_progress(event))
            self._show_progress(event.done, event.total)
        elif isinstance(event, ModelCopyProgress):
            done, total = format_size(event.done), format_size(event.total)
            self._words.setText(_("{done} of {total}").format(done=done, total=total))
            self._show_progress(event.done, event.total)
        elif isinstance(event, QuantizationJobFinished):
            self._finish_task(format_quantization_result(event), "good")
            if event.problem is not None and event.problem.code == ErrorCode.CANCELLED:
                self.message.show_message(
                    _("{told} It was not measured.").format(told=format_quantization_result(event))
                )
            elif event.problem is not None:
                self.message.show_message(
                    f"{format_quantization_result(event)} {format_problem(event.problem)}",
                    "warning",
                )
        elif isinstance(event, QuantizationsMeasured):
            self._finish_task(format_measurements(event), "good")
        elif isinstance(event, ModelAdded):
            self._finish_task(_("It was copied, as {name}.").format(name=event.ref), "good")

    def on_request_failed(self, event: RequestFailed) -> bool:
        """Take a failed request; returns whether it was the one that is shown."""
        if not self._job or event.request_id != self._job:
            return False
        if event.problem.code == ErrorCode.CANCELLED:
            self._finish_task(_("Stopped; nothing half-made stays."), "muted")
        else:
            self._finish_task(format_problem(event.problem), "error")
        return True

    def _show_progress(self, done: int, total: int) -> None:
        self._bar.setRange(0, _PARTS)
        self._bar.setValue(round(_PARTS * done / max(total, 1)))

    def _finish_task(self, words: str, role: str) -> None:
        self._job = ""
        self._words.setText("")
        self.message.show_message(words, role)
        self._show_running(running=False)

    def _show_running(self, *, running: bool) -> None:
        for part in (self._bar, self.stop_button):
            part.setVisible(running)
        self.stop_button.setEnabled(running)
        self.close_button.setVisible(not running)

    def _on_stop_clicked(self) -> None:
        self.stop_button.setEnabled(False)
        self._stop(self._job)


def _nothing(_request_id: str) -> None:
    """Until there is a job."""
