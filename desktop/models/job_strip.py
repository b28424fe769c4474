"""What is being made, measured or copied: how far it is, how it ended, and the way to stop it."""

from collections.abc import Callable

from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QVBoxLayout

from core.app.events import AppEvent, RequestFailed
from core.app.events_ladder import LevelFinished, LevelMoved, LevelsMeasured
from core.app.events_models import CopyProgress, ModelAdded
from core.errors import Code
from core.words import _
from desktop.buttons import ElidedLabel, IconButton, TextButton
from desktop.models.level_words import finished_words, measured_words, moved_words
from desktop.models.said import Said, problem_words
from desktop.theme import Theme
from desktop.words import size

_PARTS = 1000


class JobStrip(QFrame):
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
        self.said = Said()
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
        column.addWidget(self.said.label)
        self.hide()

    @property
    def job(self) -> str:
        """The request that is shown, "" for none."""
        return self._job

    def follow(self, request_id: str, title: str, stop: Callable[[str], None]) -> None:
        """Show a job from now on; `stop` ends it."""
        self._job = request_id
        self._stop = stop
        self._title.setText(title)
        self._bar.setAccessibleName(title)
        self._bar.setRange(0, 0)
        self._words.setText("")
        self.said.say("")
        self._show_running(running=True)
        self.show()

    def handle(self, event: AppEvent) -> None:
        """Take how far a job is, and its end."""
        if not self._job or getattr(event, "request_id", "") != self._job:
            return
        if isinstance(event, LevelMoved):
            self._words.setText(moved_words(event))
            self._move(event.done, event.total)
        elif isinstance(event, CopyProgress):
            done, total = size(event.done), size(event.total)
            self._words.setText(_("{done} of {total}").format(done=done, total=total))
            self._move(event.done, event.total)
        elif isinstance(event, LevelFinished):
            self._end(finished_words(event), "good")
            if event.problem is not None and event.problem.code == Code.CANCELLED:
                self.said.say(_("{told} It was not measured.").format(told=finished_words(event)))
            elif event.problem is not None:
                self.said.say(f"{finished_words(event)} {problem_words(event.problem)}", "warning")
        elif isinstance(event, LevelsMeasured):
            self._end(measured_words(event), "good")
        elif isinstance(event, ModelAdded):
            self._end(_("It was copied, as {name}.").format(name=event.ref), "good")

    def fail(self, event: RequestFailed) -> bool:
        """Take a failed request; returns whether it was the one that is shown."""
        if not self._job or event.request_id != self._job:
            return False
        if event.problem.code == Code.CANCELLED:
            self._end(_("Stopped; nothing half-made stays."), "muted")
        else:
            self._end(problem_words(event.problem), "error")
        return True

    def _move(self, done: int, total: int) -> None:
        self._bar.setRange(0, _PARTS)
        self._bar.setValue(round(_PARTS * done / max(total, 1)))

    def _end(self, words: str, role: str) -> None:
        self._job = ""
        self._words.setText("")
        self.said.say(words, role)
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
