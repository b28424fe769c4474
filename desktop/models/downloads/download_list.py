"""List of running and finished downloads with progress, pause, resume and cancel."""

from collections.abc import Collection

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from core.app.events.app_events import AppEvent
from core.app.events.download_events import DownloadChanged, DownloadListChanged, DownloadState
from core.app.network.download_service import (
    CHECKING,
    DONE,
    DOWNLOADING,
    FAILED,
    PAUSED,
    WAITING,
    DownloadService,
)
from core.base.errors import InglenookError
from core.base.i18n import _
from core.base.time_left import format_time_left
from desktop.kit.buttons_and_labels import ElidedLabel, IconButton, TextButton
from desktop.kit.confirm_dialog import ConfirmDialog
from desktop.kit.locale_formatting import format_size
from desktop.kit.reading_column import margins
from desktop.kit.theme import Theme
from desktop.kit.visible_text import visible_text
from desktop.models.widgets.message_line import MessageLine

_PARTS = 1000


def format_download_state(download: DownloadState) -> str:
    """Return state and progress of a download."""
    plan = download.plan
    done = _("{done} of {total}").format(
        done=format_size(download.done), total=format_size(plan.total_bytes)
    )
    match download.state:
        case "fetching":
            speed = _("{size} a second").format(size=format_size(round(download.bytes_per_second)))
            parts = [
                done,
                speed if download.bytes_per_second else "",
                format_time_left(download.seconds_left),
            ]
        case "checking":
            parts = [
                _("All is here; its checksum is being computed"),
                format_size(plan.total_bytes),
            ]
        case "waiting":
            parts = [_("Waits for another fetch"), done]
        case "paused":
            parts = [_("Paused"), done]
        case "failed":
            parts = [_("Stopped"), done]
        case _:
            parts = [_("Fetched and checked"), format_size(plan.total_bytes)]
    return " · ".join(filter(None, parts))


class DownloadRow(QFrame):
    """The row of one download."""

    pause_wanted = Signal(str)
    resume_wanted = Signal(str)
    cancel_wanted = Signal(str)
    use_wanted = Signal(str)

    def __init__(self, theme: Theme, download: DownloadState) -> None:
        super().__init__()
        self._theme = theme
        self.download = download
        self._build()
        self._connect()
        self.show_download(download)

    def _build(self) -> None:
        self.setObjectName("card")
        plan = self.download.plan
        title = _("{name} from {host}").format(name=plan.name, host=plan.host)
        self._name = ElidedLabel(visible_text(title), "title")
        self._state = ElidedLabel("", "muted")
        self.message = MessageLine()
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setRange(0, _PARTS)
        self._bar.setAccessibleName(_("Fetching {name}").format(name=plan.name))
        self.pause_button = IconButton(self._theme, "pause", "", size=18)
        self.cancel_button = IconButton(
            self._theme, "close", _("Stop fetching {name}").format(name=plan.name), size=18
        )
        self.use_button = TextButton(self._theme, _("Use"))
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._name, 3)
        row.addWidget(self._state, 3)
        for button in (self.use_button, self.pause_button, self.cancel_button):
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(margins(12, 6, 8, 8))
        column.setSpacing(4)
        column.addLayout(row)
        column.addWidget(self._bar)
        column.addWidget(self.message.label)
        self._state.setAlignment(Qt.AlignmentFlag.AlignRight)

    def _connect(self) -> None:
        self.pause_button.clicked.connect(self._on_pause_clicked)
        self.cancel_button.clicked.connect(
            lambda: self.cancel_wanted.emit(self.download.plan.download_id)
        )
        self.use_button.clicked.connect(lambda: self.use_wanted.emit(self.download.plan.target))

    def show_download(self, download: DownloadState) -> None:
        """Show the present state of the download."""
        self.download = download
        name = download.plan.name
        is_done = download.state == DONE
        self._state.setText(format_download_state(download))
        done = download.checked if download.state == CHECKING else download.done
        self._bar.setValue(round(_PARTS * done / max(download.plan.total_bytes, 1)))
        self._bar.setVisible(not is_done)
        is_active = download.state in {WAITING, DOWNLOADING, CHECKING}
        text = _("Pause fetching {name}") if is_active else _("Go on fetching {name}")
        icon = "pause" if is_active else "again" if download.state == FAILED else "play"
        self.pause_button.show_icon(icon, text.format(name=name))
        self.pause_button.setVisible(not is_done)
        self.use_button.setVisible(bool(download.ref) and download.problem is None)
        text = _("Take {name} off this list") if is_done else _("Stop fetching {name}")
        self.cancel_button.setAccessibleName(text.format(name=name))
        self.cancel_button.setToolTip(text.format(name=name))
        if download.problem is not None:
            self.message.show_problem(download.problem)
        else:
            self.message.show_message("")

    def _on_pause_clicked(self) -> None:
        download_id = self.download.plan.download_id
        if self.download.state in {PAUSED, FAILED}:
            self.resume_wanted.emit(download_id)
        else:
            self.pause_wanted.emit(download_id)


class DownloadList(QWidget):
    """A row for each download; `empty_changed` is emitted with whether there is none."""

    use_wanted = Signal(str)
    """The path of a model that was fetched: its name may have changed since."""
    empty_changed = Signal(bool)

    def __init__(self, theme: Theme, downloads: DownloadService) -> None:
        super().__init__()
        self._theme = theme
        self._downloads = downloads
        self.rows: dict[str, DownloadRow] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        self.refresh_downloads()

    def refresh_downloads(self) -> None:
        """Show all downloads."""
        states = {state.plan.download_id: state for state in self._downloads.list_downloads()}
        for download_id in [each for each in self.rows if each not in states]:
            row = self.rows.pop(download_id)
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        for download_id, state in states.items():
            if download_id in self.rows:
                self.rows[download_id].show_download(state)
            else:
                self._add_row(download_id, state)
        self.empty_changed.emit(not self.rows)

    def on_app_event(self, event: AppEvent) -> None:
        """Show changes of the list and of single downloads."""
        if isinstance(event, DownloadListChanged):
            self.refresh_downloads()
        elif isinstance(event, DownloadChanged):
            row = self.rows.get(event.download.plan.download_id)
            if row is not None:
                row.show_download(event.download)

    def forget_removed_models(self, paths: Collection[str]) -> None:
        """Take the rows off whose model was fetched and is not among these paths any more."""
        for download in self._downloads.list_downloads():
            is_done = download.state == DONE and bool(download.ref)
            if is_done and download.plan.target not in paths:
                self._cancel_download(download.plan.download_id)

    def _add_row(self, download_id: str, state: DownloadState) -> None:
        row = self.rows[download_id] = DownloadRow(self._theme, state)
        row.pause_wanted.connect(self._downloads.pause_download)
        row.resume_wanted.connect(self._on_resume_wanted)
        row.cancel_wanted.connect(self._on_cancel_wanted)
        row.use_wanted.connect(self.use_wanted)
        self._column.addWidget(row)

    def _on_resume_wanted(self, download_id: str) -> None:
        try:
            self._downloads.resume_download(download_id)
        except InglenookError as error:
            self.rows[download_id].message.show_error(error)

    def _on_cancel_wanted(self, download_id: str) -> None:
        download = self.rows[download_id].download
        if download.state == DONE or not download.done:
            self._cancel_download(download_id)
            return
        text = _("The {size} that are here are removed. Paused, it could go on later.")
        dialog = ConfirmDialog(
            self._theme,
            self.window(),
            title=_("Stop fetching {name}?").format(name=download.plan.name),
            text=text.format(size=format_size(download.done)),
            button_text=_("Stop and remove"),
            value=None,
        )
        dialog.accepted.connect(lambda: self._cancel_download(download_id))
        dialog.open()

    def _cancel_download(self, download_id: str) -> None:
        try:
            self._downloads.remove_download(download_id)
        except InglenookError as error:
            if download_id in self.rows:
                self.rows[download_id].message.show_error(error)
