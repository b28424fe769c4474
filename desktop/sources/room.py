"""What happens with sources: a click on one asks for its document."""

from PySide6.QtCore import QObject

from core.app.events import DocumentReady, RequestFailed
from core.chat.conversation import Source
from core.errors import InglenookError
from desktop.ports import FolderCalls
from desktop.sources.panel import SourcesPanel


class SourcesRoom(QObject):
    """Makes the calls about documents and shows what comes back."""

    def __init__(self, folders: FolderCalls, panel: SourcesPanel) -> None:
        super().__init__(panel)
        self._folders = folders
        self._panel = panel
        self._request_id = ""
        self._source: Source | None = None
        panel.source_opened.connect(self._on_source_opened)

    def handle(self, event: DocumentReady) -> None:
        """Show the document that was asked for last."""
        if event.request_id == self._request_id and self._source is not None:
            self._panel.preview.show_document(event.document, self._source)

    def fail(self, event: RequestFailed) -> bool:
        """Take a failed request; returns whether it was one of ours."""
        if event.request_id != self._request_id:
            return False
        self._panel.preview.show_problem(event.problem.message, event.problem.hint)
        return True

    def _on_source_opened(self, source: Source) -> None:
        self._source = source
        try:
            self._request_id = self._folders.open_document(source.folder_id, source.file)
        except InglenookError as error:
            self._panel.preview.show_problem(error.message, error.hint)
