"""Controller of the folder dialog: requests what it shows and passes on what is clicked."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from core.app.events.app_events import (
    FolderFilesListed,
    FolderProgress,
    FoldersChanged,
    FolderSynced,
    SkippedFilesReady,
)
from core.chat.conversations.conversation import Source
from core.messages import FolderState
from desktop.kit.theme import Theme
from desktop.library.folder_dialog import FolderDialog
from desktop.protocols.app_protocols import FolderCalls, ViewingCalls

FolderDetailsEvent = (
    FolderFilesListed | FolderProgress | FoldersChanged | FolderSynced | SkippedFilesReady
)


class FolderDetailsController(QObject):
    """Asks for what the dialog shows; one dialog at a time."""

    documents_asked = Signal(object)  # tuple[str, ...]: absolute paths
    document_opened = Signal(object)  # Source
    sync_wanted = Signal(str)
    retry_wanted = Signal(str, str)
    """A folder and a file in it; "": all that was skipped."""
    pause_wanted = Signal(str, bool)
    included_parts_changed = Signal(str, bool, object)
    """A folder, whether its hidden parts are read, and patterns of others that are."""
    show_in_folder_wanted = Signal(str)
    """The path of a file whose place is to be seen."""

    def __init__(
        self, folders: FolderCalls, viewing: ViewingCalls, theme: Theme, holder: QWidget
    ) -> None:
        super().__init__(holder)
        self._folders = folders
        self._viewing = viewing
        self._theme = theme
        self._holder = holder
        self._dialog: FolderDialog | None = None
        self._skipped = ""
        self._files = ""

    def open_dialog(self, folder_id: str, tab: str) -> None:
        """Show everything about a folder, beginning with one of the dialog's TABS."""
        folder = next((f for f in self._folders.known_folders if f.folder_id == folder_id), None)
        if folder is None:
            return
        if self._dialog is None:
            self._dialog = self._make(folder)
            self._dialog.open()
        self._dialog.show_tab(tab)
        self._list_files()
        self._list_skipped()

    def on_app_event(self, event: FolderDetailsEvent) -> None:
        """Show what was heard, if it is about the folder that is looked at."""
        dialog = self._dialog
        if dialog is None:
            return
        here = dialog.folder.folder_id
        match event:
            case SkippedFilesReady() if event.request_id == self._skipped:
                dialog.show_skipped(event.files)
            case FolderFilesListed() if event.request_id == self._files:
                dialog.show_documents(event.files, event.total)
            case FolderProgress() if event.folder_id == here:
                dialog.show_progress(event)
            case FolderSynced() if event.folder.folder_id == here:
                dialog.show_folder(event.folder)
                self._list_files()
                self._list_skipped()
            case FoldersChanged():
                for folder in event.folders:
                    if folder.folder_id == here:
                        dialog.show_folder(folder)
            case _:
                pass

    def on_request_failed(self, request_id: str) -> bool:
        """Take a failed request; returns whether it was one of ours."""
        return bool(request_id) and request_id in {self._skipped, self._files}

    def _make(self, folder: FolderState) -> FolderDialog:
        folder_id = folder.folder_id
        dialog = FolderDialog(self._theme, self._holder.window(), folder)
        dialog.finished.connect(self._on_finished)
        dialog.sync_wanted.connect(self.sync_wanted)
        dialog.pause_wanted.connect(self.pause_wanted)
        dialog.documents.filter_changed.connect(self._list_files)
        dialog.documents.asked.connect(self._on_asked)
        dialog.documents.opened.connect(self._on_opened)
        dialog.skipped.retry_wanted.connect(lambda file: self.retry_wanted.emit(folder_id, file))
        dialog.skipped.shown_in_folder.connect(
            lambda file: self.show_in_folder_wanted.emit(str(Path(folder.path) / file))
        )
        dialog.passed_over.changed.connect(
            lambda hidden, patterns: self.included_parts_changed.emit(folder_id, hidden, patterns)
        )
        return dialog

    def _list_files(self) -> None:
        if self._dialog is not None:
            words = self._dialog.documents.line.text()
            self._files = self._viewing.list_folder_files(self._dialog.folder.folder_id, words)

    def _list_skipped(self) -> None:
        if self._dialog is not None:
            self._skipped = self._folders.list_skipped_files(self._dialog.folder.folder_id)

    def _on_asked(self, paths: tuple[str, ...]) -> None:
        if self._dialog is not None:
            self._dialog.accept()
        self.documents_asked.emit(paths)

    def _on_opened(self, file: str) -> None:
        dialog = self._dialog
        if dialog is None:
            return
        folder = dialog.folder
        dialog.accept()
        self.document_opened.emit(
            Source(
                n=1,
                folder_id=folder.folder_id,
                folder=folder.name,
                file=file,
                path=str(Path(folder.path) / file),
                page=None,
                heading="",
                text="",
                content_hash="",
                score=0.0,
            )
        )

    def _on_finished(self, _code: int) -> None:
        self._dialog = None
        self._files = self._skipped = ""
