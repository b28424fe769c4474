"""What takes long and begins with a question: fetching, making, measuring, copying."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from core.app.events import AppEvent, RequestFailed
from core.errors import InglenookError
from core.models.catalog import CatalogModel
from core.models.ladder import LadderRow
from core.words import _
from desktop.models.fetch_dialog import FetchDialog
from desktop.models.job_strip import JobStrip
from desktop.models.make_dialog import MakeDialog
from desktop.notices import Notices
from desktop.ports import Front
from desktop.theme import Theme


class ModelWork(QObject):
    """Asks over `window`, shows in `job`, and tells refusals as notices."""

    def __init__(
        self,
        theme: Theme,
        front: Front,
        notices: Notices,
        job: JobStrip,
        catalog: Callable[[], tuple[CatalogModel, ...]],
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._theme = theme
        self._front = front
        self._notices = notices
        self._job = job
        self._catalog = catalog
        self._window = window
        self._fetching: FetchDialog | None = None

    def handle(self, event: AppEvent) -> None:
        """Take what the question before a fetch waits for."""
        if self._fetching is not None:
            self._fetching.handle(event)

    def fail(self, event: RequestFailed) -> bool:
        """Take a failed request; returns whether that question had asked."""
        return self._fetching is not None and self._fetching.fail(event)

    def resume(self) -> None:
        """Show what was begun before the window was there."""
        levels = self._front.levels
        if levels.busy:
            self._job.follow(levels.busy, _("A level is being made or measured"), levels.cancel)

    def fetch(self, wish: str) -> None:
        """Ask before a wish is fetched; "" is typed first."""
        front = self._front
        asking = FetchDialog(
            self._theme, front.fetches, self._catalog(), front.pump, self._window, wish=wish
        )
        self._fetching = asking
        asking.finished.connect(self._on_fetch_dialog_finished)
        asking.open()

    def make(self, source: str, row: LadderRow) -> None:
        """Ask before a level is made of the file `source`."""
        levels = self._front.levels
        try:
            warning = levels.warning(source)
        except InglenookError as error:
            self._notices.refuse("level", error)
            return
        asking = MakeDialog(self._theme, self._window, row, source=source, warning=warning)

        def begin() -> str:
            return levels.make(source, row.level, matrix=asking.matrix, measure=asking.measures)

        title = _("{level} of {file}").format(level=row.level, file=Path(source).name)
        asking.accepted.connect(lambda: self._begin(begin, title, levels.cancel))
        asking.finished.connect(asking.deleteLater)
        asking.open()

    def measure(self, ref: str) -> None:
        """Measure a level against the best."""
        levels = self._front.levels
        self._begin(lambda: levels.measure(ref), ref, levels.cancel)

    def copy(self, path: str) -> None:
        """Copy a model into the program's own folder."""
        shelf = self._front.shelf
        title = _("Copying {file}").format(file=Path(path).name)
        self._begin(lambda: shelf.copy(path), title, shelf.cancel)

    def _begin(self, deed: Callable[[], str], title: str, stop: Callable[[str], None]) -> None:
        self._notices.drop("level")
        try:
            request_id = deed()
        except InglenookError as error:
            self._notices.refuse("level", error)
            return
        self._job.follow(request_id, title, stop)

    def _on_fetch_dialog_finished(self) -> None:
        if self._fetching is not None:
            self._fetching.deleteLater()
        self._fetching = None
