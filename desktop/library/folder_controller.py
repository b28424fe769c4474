"""Folder controller: adding, syncing and removing folders, and what comes back."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from shiboken6 import isValid

from core.app.events.app_events import FoldersChanged
from core.app.library.document_service import DocumentService
from core.app.library.folder_service import FolderService, SyncReply
from core.base.errors import ErrorCode
from core.base.i18n import _, ngettext
from core.messages import EmbedderProgress, FolderState, SyncDone, SyncProgress
from desktop.kit.confirm_dialog import ConfirmDialog
from desktop.kit.dialog_manager import DialogManager
from desktop.kit.layers.file_chooser import make_folder_chooser
from desktop.kit.notices import NoticeCenter
from desktop.kit.reply_lifetime import bind_reply
from desktop.kit.theme import Theme
from desktop.library.folder_details_controller import FolderDetailsController
from desktop.library.folder_panel import FolderPanel
from desktop.library.library_maintenance_controller import LibraryMaintenanceController
from desktop.sources.external_open import show_in_folder

FolderEvent = FoldersChanged | SyncProgress | SyncDone | EmbedderProgress


class FolderController(QObject):
    """Sends the requests about folders and shows their state in the sidebar."""

    busy_changed = Signal()

    def __init__(
        self,
        folders: FolderService,
        documents: DocumentService,
        theme: Theme,
        notices: NoticeCenter,
        dialogs: DialogManager,
        panel: FolderPanel,
    ) -> None:
        super().__init__(panel)
        self._folders = folders
        self._theme = theme
        self._notices = notices
        self._panel = panel
        self._paths_to_tick: set[str] = set()
        """Added folders, which are ticked as soon as their ids are known."""
        self._syncing: set[str] = set()
        """Ids of the folders that are being read."""
        self._offline: set[str] = set()
        """Ids of the folders that aren't there, as on a drive that was unplugged."""
        self._syncs: set[SyncReply] = set()
        """The syncs that were started here and have not ended."""
        self._maintenance = LibraryMaintenanceController(folders, notices, panel)
        self.details = FolderDetailsController(folders, documents, theme, notices, dialogs, panel)
        self._connect()

    def _connect(self) -> None:
        self._panel.add_wanted.connect(self.choose_folder)
        self._panel.sync_wanted.connect(self.sync_folder)
        self._panel.sync_all_wanted.connect(self.sync_all_folders)
        self._panel.retry_wanted.connect(self.retry_skipped_files)
        self._panel.details_wanted.connect(self.details.open_page)
        self.details.sync_wanted.connect(self.sync_folder)
        self.details.retry_wanted.connect(self._on_retry_wanted)
        self.details.pause_wanted.connect(self._maintenance.set_folder_paused)
        self.details.included_parts_changed.connect(self._maintenance.set_included_parts)
        self.details.show_in_folder_wanted.connect(show_in_folder)
        self._panel.remove_wanted.connect(self._on_remove_wanted)

    @property
    def is_busy(self) -> bool:
        """Whether a folder is being read."""
        return bool(self._syncing or self._syncs)

    def show_known_folders(self) -> None:
        """Show the folders that are known already, as they are to a second window."""
        if self._folders.known_folders:
            self._show_folders(self._folders.known_folders)

    def end_listing(self) -> None:
        """Stop waiting for the list of folders: the library can't be read."""
        self._panel.end_listing()

    def choose_folder(self) -> None:
        """Show a dialog that chooses a folder to add."""
        chooser = make_folder_chooser(self._panel.window(), _("Add a folder"))
        chooser.fileSelected.connect(self.add_folder)
        chooser.open()

    def add_folder(self, path: str) -> None:
        """Add a folder and let the open chat answer from it."""
        self._paths_to_tick.add(path)
        reply = self._wait_for_sync(self._folders.add_folder(path))
        reply.on_progress(lambda update: self._tick_added(path, update.folder_id))
        reply.on_done(lambda done: self._tick_added(path, done.folder.folder_id))
        reply.on_error(lambda _failure: self._paths_to_tick.discard(path))

    def offer_parent_folder(self, paths: Sequence[str], asked: int) -> None:
        """Offer the folder of single files that were dropped; `asked` files are asked alone."""
        folder = str(Path(paths[0]).parent)
        self._notices.post_info(
            "files",
            ngettext(
                "The next question is asked of this file alone.",
                "The next question is asked of these files alone.",
                asked,
            ),
            _("To ask all that lies beside it, add its folder: {folder}").format(folder=folder),
            (_("Add this folder"), partial(self.add_folder, folder)),
        )

    def sync_folder(self, folder_id: str, *, retry: bool = False, file: str = "") -> None:
        """Compare a folder with the disk; `retry`: read skipped files again too, or one `file`."""
        self._wait_for_sync(self._folders.sync_folder(folder_id, retry=retry, file=file))

    def retry_skipped_files(self, folder_id: str) -> None:
        """Read once more what was skipped in a folder."""
        self.sync_folder(folder_id, retry=True)

    def sync_all_folders(self) -> None:
        """Sync every folder that is not paused; without any, say so: F5 is pressed anywhere."""
        if not self._folders.known_folders:
            self._notices.post_info(
                "no folder",
                _("There is no folder to compare with the disk."),
                _("Add one first: drop it on this window."),
                (_("Add a folder…"), self.choose_folder),
            )
        for folder in self._folders.known_folders:
            if folder.state != "paused":
                self.sync_folder(folder.folder_id)

    def on_app_event(self, event: FolderEvent) -> None:
        """Show changed state of the folders."""
        if isinstance(event, EmbedderProgress):
            self._maintenance.show_reembedding(event)
            return
        if isinstance(event, FoldersChanged):
            self._show_folders(event.folders)
        elif isinstance(event, SyncProgress):
            self._syncing.add(event.folder_id)
            self._panel.show_progress(event)
        else:
            self._syncing.discard(event.folder.folder_id)
            self._panel.update_folder_row(event.folder)
        self.details.on_app_event(event)
        self.busy_changed.emit()

    def _wait_for_sync(self, sync: SyncReply) -> SyncReply:
        """Be busy until a sync has ended, and return its reply for this window.

        A failure, and a folder without documents, are shown even if this window is closed before.
        """
        sync.on_error(self._notices.post_failure).on_done(self._show_empty)
        reply = bind_reply(sync.share(), self)
        self._syncs.add(reply)
        reply.on_done(lambda _done: self._end_sync(reply))
        reply.on_error(lambda _failure: self._end_sync(reply))
        self.busy_changed.emit()
        return reply

    def _end_sync(self, reply: SyncReply) -> None:
        self._syncs.discard(reply)
        self.busy_changed.emit()

    def _show_empty(self, done: SyncDone) -> None:
        folder = done.folder
        if folder.state == "empty":
            skipped = partial(self.details.open_page, folder.folder_id, "skipped")
            self._notices.post_info(
                f"empty {folder.folder_id}",
                _("“{folder}” holds no document that can be read.").format(folder=folder.name),
                _("The list of skipped files says why."),
                (_("Skipped files…"), skipped) if isValid(self) else None,
            )

    def _show_folders(self, folders: tuple[FolderState, ...]) -> None:
        self._panel.show_folders(folders)
        self._syncing = {f.folder_id for f in folders if f.state == "syncing"}
        were_offline = self._offline
        self._offline = {f.folder_id for f in folders if f.state == "offline"}
        if were_offline and not self._offline:
            self._notices.dismiss_problem(ErrorCode.FOLDER_GONE)  # all are there again
        for folder in folders:
            self._tick_added(folder.path, folder.folder_id)

    def _tick_added(self, path: str, folder_id: str) -> None:
        if path in self._paths_to_tick:
            self._paths_to_tick.discard(path)
            self._panel.tick_folder(folder_id)

    def _on_retry_wanted(self, folder_id: str, file: str) -> None:
        self.sync_folder(folder_id, retry=True, file=file)

    def _on_remove_wanted(self, folder_id: str) -> None:
        name = self._folders.folder_names().get(folder_id, "")
        dialog = ConfirmDialog(
            self._theme,
            self._panel.window(),
            title=_("Remove “{folder}” from Inglenook?").format(folder=name),
            text=_("What was read from it is forgotten. The files themselves are not touched."),
            button_text=_("Remove"),
            value=None,
        )
        dialog.accepted.connect(lambda: self._remove(folder_id))
        dialog.open()

    def _remove(self, folder_id: str) -> None:
        self._folders.remove_folder(folder_id).on_error(self._notices.post_failure)
