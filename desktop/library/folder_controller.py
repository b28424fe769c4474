"""Folder controller: adding, syncing and removing folders, and what comes back."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from core.app.events.app_events import (
    FolderFileSkipped,
    FolderFilesListed,
    FolderProgress,
    FoldersChanged,
    FolderSynced,
    LibraryFolderRemoved,
    RequestFailed,
    SkippedFilesReady,
)
from core.base.errors import InglenookError
from core.base.i18n import _, ngettext
from core.messages import FolderState
from desktop.kit.confirm_dialog import ConfirmDialog
from desktop.kit.notices import NoticeCenter
from desktop.kit.theme import Theme
from desktop.library.folder_details_controller import (
    FolderDetailsController,
    FolderDetailsEvent,
)
from desktop.library.folder_panel import FolderPanel
from desktop.library.library_maintenance_controller import (
    LibraryMaintenanceController,
    MaintenanceEvent,
)
from desktop.protocols.app_protocols import FolderCalls, ViewingCalls
from desktop.sources.external_open import show_in_folder

FolderEvent = (
    MaintenanceEvent
    | FoldersChanged
    | FolderProgress
    | FolderFileSkipped
    | FolderSynced
    | LibraryFolderRemoved
    | FolderFilesListed
    | SkippedFilesReady
)


class FolderController(QObject):
    """Makes the calls about folders and shows what comes back."""

    busy_changed = Signal()

    def __init__(
        self,
        folders: FolderCalls,
        viewing: ViewingCalls,
        theme: Theme,
        notices: NoticeCenter,
        panel: FolderPanel,
    ) -> None:
        super().__init__(panel)
        self._folders = folders
        self._theme = theme
        self._notices = notices
        self._panel = panel
        self._adding: dict[str, str] = {}
        """Requests to add, by id: their folder is ticked as soon as its own id is known."""
        self._syncing: set[str] = set()
        self._requests: set[str] = set()
        self._maintenance = LibraryMaintenanceController(folders, notices, panel)
        self.details = FolderDetailsController(folders, viewing, theme, panel)
        self._connect()

    def _connect(self) -> None:
        self._panel.add_wanted.connect(self.choose_folder)
        self._panel.sync_wanted.connect(self.sync_folder)
        self._panel.sync_all_wanted.connect(self.sync_all_folders)
        self._panel.retry_wanted.connect(self.retry_skipped_files)
        self._panel.details_wanted.connect(self.details.open_dialog)
        self.details.sync_wanted.connect(self.sync_folder)
        self.details.retry_wanted.connect(self._on_retry_wanted)
        self.details.pause_wanted.connect(self._maintenance.set_folder_paused)
        self.details.included_parts_changed.connect(self._maintenance.set_included_parts)
        self.details.show_in_folder_wanted.connect(show_in_folder)
        self._panel.remove_wanted.connect(self._on_remove_wanted)

    @property
    def is_busy(self) -> bool:
        """Whether a folder is being read."""
        return bool(self._syncing or self._requests)

    def show_known_folders(self) -> None:
        """Show the folders that are known already, as they are to a second window."""
        if self._folders.known_folders:
            self._take_all(self._folders.known_folders)

    def choose_folder(self) -> None:
        """Let the person choose a folder to add."""
        from PySide6.QtWidgets import QFileDialog  # noqa: PLC0415 - not for the first paint

        chooser = QFileDialog(self._panel.window(), _("Add a folder"))
        chooser.setFileMode(QFileDialog.FileMode.Directory)
        chooser.setOption(QFileDialog.Option.ShowDirsOnly)
        chooser.fileSelected.connect(self.add_folder)
        chooser.finished.connect(chooser.deleteLater)
        chooser.open()

    def add_folder(self, path: str) -> None:
        """Add a folder and let the open chat answer from it."""
        try:
            request_id = self._folders.add_folder(path)
        except InglenookError as error:
            self._notices.post_error("folder", error)
            return
        self._adding[request_id] = path
        self._requests.add(request_id)
        self.busy_changed.emit()

    def offer_parent_folder(self, paths: Sequence[str]) -> None:
        """Single files were given and are asked: offer the folder they lie in."""
        holder = str(Path(paths[0]).parent)
        self._notices.post_info(
            "files",
            ngettext(
                "The next question is asked of this file alone.",
                "The next question is asked of these files alone.",
                len(paths),
            ),
            _("To ask all that lies beside it, add its folder: {folder}").format(folder=holder),
            (_("Add this folder"), partial(self.add_folder, holder)),
        )

    def sync_folder(self, folder_id: str, *, retry: bool = False, file: str = "") -> None:
        """Compare a folder with the disk; `retry`: read skipped files again too, or one `file`."""
        try:
            self._requests.add(self._folders.sync_folder(folder_id, retry=retry, file=file))
        except InglenookError as error:
            self._notices.post_error("folder", error)
        self.busy_changed.emit()

    def retry_skipped_files(self, folder_id: str) -> None:
        """Read once more what was skipped in a folder."""
        self.sync_folder(folder_id, retry=True)

    def sync_all_folders(self) -> None:
        """Compare every folder with the disk, but for those that are paused."""
        for folder in self._folders.known_folders:
            if folder.state != "paused":
                self.sync_folder(folder.folder_id)

    def on_app_event(self, event: FolderEvent) -> None:
        """Take what was heard about folders."""
        if isinstance(event, FoldersChanged):
            self._take_all(event.folders)
        elif isinstance(event, FolderProgress):
            self._syncing.add(event.folder_id)
            self._tick_added(event.request_id, event.folder_id)
            self._panel.show_progress(event)
        elif isinstance(event, FolderSynced):
            self._take_synced(event)
        elif isinstance(event, LibraryFolderRemoved):
            known = self._folders.known_folders
            self._take_all(tuple(f for f in known if f.folder_id != event.folder_id))
        elif isinstance(event, MaintenanceEvent):
            self._maintenance.on_app_event(event)
        if isinstance(event, FolderDetailsEvent):
            self.details.on_app_event(event)
        self.busy_changed.emit()

    def on_request_failed(self, event: RequestFailed) -> bool:
        """Take a failed request; returns whether it was one of folders'."""
        ours = event.request_id in self._requests or self.details.on_request_failed(
            event.request_id
        )
        ours = self._maintenance.on_request_failed(event.request_id) or ours
        self._requests.discard(event.request_id)
        self._adding.pop(event.request_id, None)
        self.busy_changed.emit()
        return ours

    def _take_all(self, folders: tuple[FolderState, ...]) -> None:
        self._panel.show_folders(folders)
        self._syncing = {f.folder_id for f in folders if f.state == "syncing"}
        by_path = {folder.path: folder.folder_id for folder in folders}
        for request_id, path in list(self._adding.items()):
            if path in by_path:
                self._tick_added(request_id, by_path[path])

    def _take_synced(self, event: FolderSynced) -> None:
        folder = event.folder
        self._syncing.discard(folder.folder_id)
        self._requests.discard(event.request_id)
        self._panel.update_folder_row(folder)
        self._tick_added(event.request_id, folder.folder_id)
        if folder.state == "empty" and event.request_id:
            self._notices.post_info(
                f"empty {folder.folder_id}",
                _("“{folder}” holds no document that can be read.").format(folder=folder.name),
                _("The list of skipped files says why."),
                (
                    _("Skipped files…"),
                    partial(self.details.open_dialog, folder.folder_id, "skipped"),
                ),
            )

    def _tick_added(self, request_id: str, folder_id: str) -> None:
        if self._adding.pop(request_id, None) is not None:
            self._panel.tick_folder(folder_id)

    def _named(self, folder_id: str) -> str:
        return next((f.name for f in self._folders.known_folders if f.folder_id == folder_id), "")

    def _on_retry_wanted(self, folder_id: str, file: str) -> None:
        self.sync_folder(folder_id, retry=True, file=file)

    def _on_remove_wanted(self, folder_id: str) -> None:
        asking = ConfirmDialog(
            self._theme,
            self._panel.window(),
            title=_("Remove “{folder}” from Inglenook?").format(folder=self._named(folder_id)),
            text=_("What was read from it is forgotten. The files themselves are not touched."),
            deed=_("Remove"),
            value=None,
        )
        asking.accepted.connect(lambda: self._remove(folder_id))
        asking.open()

    def _remove(self, folder_id: str) -> None:
        try:
            self._folders.remove_folder(folder_id)
        except InglenookError as error:
            self._notices.post_error("folder", error)
