"""Controller of the folder page: requests what it shows and passes on what is clicked."""

from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from core.app.events.app_events import FoldersChanged
from core.app.library.document_service import DocumentService
from core.app.library.folder_service import FolderService
from core.base.error_codes import ErrorCode
from core.chat.conversations.conversation import Source
from core.ipc.awaited_reply import AwaitedReply
from core.ipc.reply import Reply
from core.messages import (
    Failed,
    FolderEvaluated,
    FolderState,
    SyncDone,
    SyncProgress,
)
from desktop.kit.dialog_manager import DialogManager
from desktop.kit.notices import NoticeCenter
from desktop.kit.reply_lifetime import bind_reply
from desktop.kit.theme import Theme
from desktop.library.folder_page import FolderPage

FolderDetailsEvent = FoldersChanged | SyncProgress | SyncDone


class FolderDetailsController(QObject):
    """Opens one page at a time."""

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
        dialogs: DialogManager,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._folders = folders
        self._documents = documents
        self._theme = theme
        self._notices = notices
        self._dialogs = dialogs
        self._parent = parent
        self._page: FolderPage | None = None
        self._files = AwaitedReply()
        self._skipped = AwaitedReply()
        self._evaluation: Reply[Any, FolderEvaluated] | None = None

    def open_page(self, folder_id: str, tab: str) -> None:
        """Show everything about a folder, beginning with one of the page's TABS."""
        folder = next((f for f in self._folders.known_folders if f.folder_id == folder_id), None)
        if folder is None:
            return
        page = self._page
        if page is not None and page.folder.folder_id != folder_id:
            page.reject()
        self._dialogs.open_page("folder", lambda: self._make_page(folder))
        if self._page is not None:
            self._page.show_tab(tab)
        self._list_files()
        self._list_skipped()

    def on_app_event(self, event: FolderDetailsEvent) -> None:
        """Show changes of the folder in the page."""
        page = self._page
        if page is None:
            return
        folder_id = page.folder.folder_id
        match event:
            case SyncProgress() if event.folder_id == folder_id:
                page.show_progress(event)
            case SyncDone() if event.folder.folder_id == folder_id:
                page.show_folder(event.folder)
                self._list_files()
                self._list_skipped()
            case FoldersChanged():
                here = next((f for f in event.folders if f.folder_id == folder_id), None)
                if here is None:
                    page.reject()  # it was removed
                else:
                    page.show_folder(here)
            case _:
                pass

    def _make_page(self, folder: FolderState) -> FolderPage:
        folder_id = folder.folder_id
        page = FolderPage(self._theme, self._parent.window(), folder)
        page.finished.connect(self._on_finished)
        page.sync_wanted.connect(self.sync_wanted)
        page.pause_wanted.connect(self.pause_wanted)
        page.documents.filter_changed.connect(self._list_files)
        page.documents.asked.connect(self._on_asked)
        page.documents.opened.connect(self._on_opened)
        page.skipped.retry_wanted.connect(lambda file: self.retry_wanted.emit(folder_id, file))
        page.skipped.shown_in_folder.connect(
            lambda file: self.show_in_folder_wanted.emit(str(Path(folder.path) / file))
        )
        page.passed_over.changed.connect(
            lambda hidden, patterns: self.included_parts_changed.emit(folder_id, hidden, patterns)
        )
        page.evaluation.test_wanted.connect(self._evaluate_folder)
        page.evaluation.stop_wanted.connect(self._stop_evaluation)
        page.evaluation.opened.connect(self._on_passage_opened)
        self._page = page
        return page

    def _list_files(self) -> None:
        page = self._page
        if page is None:
            return
        words = page.documents.line.text()
        reply = self._documents.list_folder_files(page.folder.folder_id, words)
        files = self._files.wait_for(bind_reply(reply, page))
        files.on_done(lambda listed: page.show_documents(listed.files, listed.total))
        files.on_error(self._notices.post_failure)

    def _list_skipped(self) -> None:
        page = self._page
        if page is None:
            return
        reply = self._folders.list_skipped_files(page.folder.folder_id)
        skipped = self._skipped.wait_for(bind_reply(reply, page))
        skipped.on_done(lambda listed: page.show_skipped(listed.files))
        skipped.on_error(self._notices.post_failure)

    def _evaluate_folder(self) -> None:
        """Test how well the folder is found; the test ends with the page."""
        page = self._page
        if page is None or self._evaluation is not None:
            return
        tab = page.evaluation
        tab.show_running(is_running=True)
        reply = bind_reply(self._folders.evaluate_folder(page.folder.folder_id), page)
        self._evaluation = reply
        reply.on_progress(tab.show_progress)
        reply.on_done(lambda result: tab.show_result(page.folder, result))
        reply.on_done(lambda _result: self._end_evaluation(page))
        reply.on_error(lambda failure: self._on_evaluation_failed(page, failure))

    def _stop_evaluation(self) -> None:
        if self._evaluation is not None:
            self._evaluation.cancel()

    def _end_evaluation(self, page: FolderPage) -> None:
        self._evaluation = None
        page.evaluation.show_running(is_running=False)

    def _on_evaluation_failed(self, page: FolderPage, failure: Failed) -> None:
        self._end_evaluation(page)
        if failure.code != ErrorCode.CANCELLED:
            self._notices.post_failure(failure)

    def _on_passage_opened(self, source: Source) -> None:
        if self._page is not None:
            self._page.accept()
        self.document_opened.emit(source)

    def _on_asked(self, paths: tuple[str, ...]) -> None:
        if self._page is not None:
            self._page.accept()
        self.documents_asked.emit(paths)

    def _on_opened(self, file: str) -> None:
        page = self._page
        if page is None:
            return
        folder = page.folder
        page.accept()
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
        self._files.give_up()
        self._skipped.give_up()
        self._page = self._evaluation = None
