"""Controller of the folder dialog: requests what it shows and passes on what is clicked."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from core.app.events.app_events import FoldersChanged
from core.app.library.document_service import DocumentService
from core.app.library.folder_service import FolderService
from core.base.error_codes import ErrorCode
from core.chat.conversations.conversation import Source
from core.ipc.reply import Reply
from core.messages import (
    Failed,
    FilesListed,
    FolderEvaluated,
    FolderState,
    SkippedFiles,
    SyncDone,
    SyncProgress,
)
from desktop.kit.notices import NoticeCenter
from desktop.kit.reply_lifetime import bind_reply
from desktop.kit.theme import Theme
from desktop.library.folder_dialog import FolderDialog

FolderDetailsEvent = FoldersChanged | SyncProgress | SyncDone


class FolderDetailsController(QObject):
    """Opens one dialog at a time."""

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
        self,
        folders: FolderService,
        documents: DocumentService,
        theme: Theme,
        notices: NoticeCenter,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._folders = folders
        self._documents = documents
        self._theme = theme
        self._notices = notices
        self._parent = parent
        self._dialog: FolderDialog | None = None
        self._files: Reply[Any, FilesListed] | None = None
        self._skipped: Reply[Any, SkippedFiles] | None = None
        self._evaluation: Reply[Any, FolderEvaluated] | None = None

    def open_dialog(self, folder_id: str, tab: str) -> None:
        """Show everything about a folder, beginning with one of the dialog's TABS."""
        folder = next((f for f in self._folders.known_folders if f.folder_id == folder_id), None)
        if folder is None:
            return
        if self._dialog is None:
            self._dialog = self._make_dialog(folder)
            self._dialog.open()
        self._dialog.show_tab(tab)
        self._list_files()
        self._list_skipped()

    def on_app_event(self, event: FolderDetailsEvent) -> None:
        """Show changes of the folder in the dialog."""
        dialog = self._dialog
        if dialog is None:
            return
        folder_id = dialog.folder.folder_id
        match event:
            case SyncProgress() if event.folder_id == folder_id:
                dialog.show_progress(event)
            case SyncDone() if event.folder.folder_id == folder_id:
                dialog.show_folder(event.folder)
                self._list_files()
                self._list_skipped()
            case FoldersChanged():
                for folder in event.folders:
                    if folder.folder_id == folder_id:
                        dialog.show_folder(folder)
            case _:
                pass

    def _make_dialog(self, folder: FolderState) -> FolderDialog:
        folder_id = folder.folder_id
        dialog = FolderDialog(self._theme, self._parent.window(), folder)
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
        dialog.evaluation.test_wanted.connect(self._evaluate_folder)
        dialog.evaluation.stop_wanted.connect(self._stop_evaluation)
        dialog.evaluation.opened.connect(self._on_passage_opened)
        return dialog

    def _list_files(self) -> None:
        dialog = self._dialog
        if dialog is None:
            return
        if self._files is not None:
            self._files.detach()
        words = dialog.documents.line.text()
        reply = self._documents.list_folder_files(dialog.folder.folder_id, words)
        self._files = bind_reply(reply, dialog)
        self._files.on_done(lambda listed: dialog.show_documents(listed.files, listed.total))
        self._files.on_error(self._notices.post_failure)

    def _list_skipped(self) -> None:
        dialog = self._dialog
        if dialog is None:
            return
        if self._skipped is not None:
            self._skipped.detach()
        reply = self._folders.list_skipped_files(dialog.folder.folder_id)
        self._skipped = bind_reply(reply, dialog)
        self._skipped.on_done(lambda listed: dialog.show_skipped(listed.files))
        self._skipped.on_error(self._notices.post_failure)

    def _evaluate_folder(self) -> None:
        """Test how well the folder is found; the test ends with the dialog."""
        dialog = self._dialog
        if dialog is None or self._evaluation is not None:
            return
        tab = dialog.evaluation
        tab.show_running(is_running=True)
        reply = bind_reply(self._folders.evaluate_folder(dialog.folder.folder_id), dialog)
        self._evaluation = reply
        reply.on_progress(tab.show_progress)
        reply.on_done(lambda result: tab.show_result(dialog.folder, result))
        reply.on_done(lambda _result: self._end_evaluation(dialog))
        reply.on_error(lambda failure: self._on_evaluation_failed(dialog, failure))

    def _stop_evaluation(self) -> None:
        if self._evaluation is not None:
            self._evaluation.cancel()

    def _end_evaluation(self, dialog: FolderDialog) -> None:
        self._evaluation = None
        dialog.evaluation.show_running(is_running=False)

    def _on_evaluation_failed(self, dialog: FolderDialog, failure: Failed) -> None:
        self._end_evaluation(dialog)
        if failure.code != ErrorCode.CANCELLED:
            self._notices.post_failure(failure)

    def _on_passage_opened(self, source: Source) -> None:
        if self._dialog is not None:
            self._dialog.accept()
        self.document_opened.emit(source)

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
        self._stop_evaluation()
        self._dialog = self._files = self._skipped = self._evaluation = None
