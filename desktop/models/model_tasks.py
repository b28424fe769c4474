"""Long model tasks and the dialogs before them: download, quantize, measure, copy."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from core.base.errors import InglenookError
from core.base.i18n import _
from core.models.model_catalog import CatalogModel
from core.models.quantizations.quantization_ladder import LadderRow
from desktop.kit.notices import NoticeCenter
from desktop.kit.theme import Theme
from desktop.models.downloads.download_dialog import DownloadDialog
from desktop.models.model_task_strip import ModelTaskStrip
from desktop.models.quantization.quantize_dialog import QuantizeDialog
from desktop.protocols.app_protocols import AppProtocol


class ModelTasks(QObject):
    """Asks over `window`, shows in `job`, and tells refusals as notices."""

    def __init__(
        self,
        theme: Theme,
        front: AppProtocol,
        notices: NoticeCenter,
        job: ModelTaskStrip,
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

    def show_running_task(self) -> None:
        """Show what was begun before the window was there."""
        levels = self._front.quantizations
        if levels.active_request_id:
            self._job.follow_task(
                levels.active_request_id, _("A level is being made or measured"), levels.cancel
            )

    def open_download_dialog(self, request: str) -> None:
        """Open the dialog before a download; an empty `request` is typed there."""
        dialog = DownloadDialog(
            self._theme, self._front.downloads, self._catalog(), self._window, request=request
        )
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def open_quantize_dialog(self, source: str, row: LadderRow) -> None:
        """Ask before a level is made of the file `source`."""
        levels = self._front.quantizations
        try:
            warning = levels.quality_warning(source)
        except InglenookError as error:
            self._notices.post_error("level", error)
            return
        asking = QuantizeDialog(self._theme, self._window, row, source=source, warning=warning)

        def begin() -> str:
            return levels.create_quantization(
                source, row.level, matrix=asking.matrix_path, measure=asking.measures_afterwards
            )

        title = _("{level} of {file}").format(level=row.level, file=Path(source).name)
        asking.accepted.connect(lambda: self._start_task(begin, title, levels.cancel))
        asking.finished.connect(asking.deleteLater)
        asking.open()

    def measure_quantization(self, ref: str) -> None:
        """Measure a level against the best."""
        levels = self._front.quantizations
        self._start_task(lambda: levels.measure_quality(ref), ref, levels.cancel)

    def copy_model(self, path: str) -> None:
        """Copy a model into the program's own folder."""
        shelf = self._front.model_files
        title = _("Copying {file}").format(file=Path(path).name)
        self._start_task(lambda: shelf.copy_model(path), title, shelf.cancel)

    def _start_task(self, deed: Callable[[], str], title: str, stop: Callable[[str], None]) -> None:
        self._notices.dismiss_notice("level")
        try:
            request_id = deed()
        except InglenookError as error:
            self._notices.post_error("level", error)
            return
        self._job.follow_task(request_id, title, stop)
