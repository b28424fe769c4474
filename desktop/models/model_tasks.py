"""Long model tasks and the dialogs before them: download, quantize, measure, copy."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from core.app.app import App
from core.app.quantization.quantization_jobs import QuantizationJobProgress
from core.app.quantization.quantization_service import JobResult
from core.base.errors import InglenookError
from core.base.i18n import _
from core.ipc.reply import Reply
from core.models.files.byte_progress import ByteProgress
from core.models.info.model_entry import ModelEntry
from core.models.model_catalog import CatalogModel
from core.models.quantizations.quantization_ladder import LadderRow
from desktop.kit.locale_formatting import format_size
from desktop.kit.notices import NoticeCenter
from desktop.kit.theme import Theme
from desktop.models.downloads.download_dialog import DownloadDialog
from desktop.models.model_task_strip import ModelTaskStrip
from desktop.models.quantization.quantization_formatting import (
    format_job_progress,
    format_job_result,
)
from desktop.models.quantization.quantize_dialog import QuantizeDialog

AnyResult = TypeVar("AnyResult", bound=JobResult)


class ModelTasks(QObject):
    """Opens its dialogs over `window`, shows tasks in `strip`, and refusals as notices."""

    def __init__(
        self,
        theme: Theme,
        app: App,
        notices: NoticeCenter,
        strip: ModelTaskStrip,
        catalog: Callable[[], tuple[CatalogModel, ...]],
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._theme = theme
        self._app = app
        self._notices = notices
        self._strip = strip
        self._catalog = catalog
        self._window = window

    def show_running_task(self) -> None:
        """Show a quantization that was started before the dialog was opened."""
        job = self._app.quantizations.follow_active_job()
        if job is not None:
            about = self._app.quantizations.subject
            title = _format_level(about.level, about.file) if about.level else about.file
            self._follow_job(job, title)

    def open_download_dialog(self, request: str) -> None:
        """Open the dialog before a download; an empty `request` is typed there."""
        dialog = DownloadDialog(
            self._theme, self._app.downloads, self._catalog(), self._window, request=request
        )
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def open_quantize_dialog(self, source: str, row: LadderRow) -> None:
        """Open the dialog before the file `source` is quantized."""
        try:
            warning = self._app.quantizations.quality_warning(source)
        except InglenookError as error:
            self._notices.post_error("level", error)
            return
        dialog = QuantizeDialog(self._theme, self._window, row, source=source, warning=warning)
        dialog.accepted.connect(
            lambda: self._quantize(
                source, row.level, dialog.matrix_path, measure=dialog.measures_afterwards
            )
        )
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def measure_quantization(self, ref: str) -> None:
        """Measure a quantization against the best."""
        self._notices.dismiss_notice("level")
        try:
            job = self._app.quantizations.measure_quality(ref)
        except InglenookError as error:
            self._notices.post_error("level", error)
            return
        self._follow_job(job, ref)

    def copy_model(self, path: str) -> None:
        """Copy a model into the program's own folder."""
        self._notices.dismiss_notice("level")
        try:
            copy = self._app.model_files.copy_model(path)
        except InglenookError as error:
            self._notices.post_error("level", error)
            return
        self._strip.follow_task(
            copy,
            _("Copying {file}").format(file=Path(path).name),
            describe_progress=_format_copied_bytes,
            describe_result=_format_copied_model,
        )

    def _quantize(self, source: str, level: str, matrix: str, *, measure: bool) -> None:
        self._notices.dismiss_notice("level")
        try:
            job = self._app.quantizations.create_quantization(
                source, level, matrix=matrix, measure=measure
            )
        except InglenookError as error:
            self._notices.post_error("level", error)
            return
        self._follow_job(job, _format_level(level, Path(source).name))

    def _follow_job(self, job: Reply[QuantizationJobProgress, AnyResult], title: str) -> None:
        self._strip.follow_task(
            job, title, describe_progress=format_job_progress, describe_result=format_job_result
        )


def _format_level(level: str, file: str) -> str:
    return _("{level} of {file}").format(level=level, file=file)


def _format_copied_bytes(progress: ByteProgress) -> str:
    done, total = format_size(progress.done), format_size(progress.total)
    return _("{done} of {total}").format(done=done, total=total)


def _format_copied_model(entry: ModelEntry) -> tuple[str, str]:
    return _("It was copied, as {name}.").format(name=entry.ref), "good"
