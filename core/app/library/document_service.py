"""Single documents for the viewer: text, page images, character positions, file lists."""

from collections.abc import Callable

from core.app.events.app_events import (
    DocumentEvent,
    DocumentReady,
    FileTextReady,
    FolderFilesListed,
    PageCharactersReady,
    PageImageReady,
)
from core.library.client.file_request_sender import FileLocation
from core.library.client.library_client import LibraryClient
from core.messages import (
    Document,
    FileRead,
    FilesListed,
    LibraryEvent,
    PageLetters,
    RenderedPage,
)


class DocumentService:
    """Each call returns a request id; RequestFailed answers where nothing can be shown."""

    def __init__(self, library: LibraryClient, emit: Callable[[DocumentEvent], None]) -> None:
        self._library = library
        self._emit = emit

    def prepare_viewer(self) -> None:
        """Somebody may look at a page soon: it is drawn without delay then."""
        self._library.prepare_viewing()

    def open_document(self, folder_id: str, file: str) -> str:
        """Ask for a file's text as it was read; DocumentReady answers."""
        return self._library.request_document(folder_id, file)

    def read_file(self, path: str) -> str:
        """Read the file at an absolute path without keeping it; FileTextReady answers."""
        return self._library.read_file(path)

    def render_page(
        self,
        place: FileLocation,
        page: int,
        *,
        width: int = 1000,
        text: str = "",
        recognize: bool = False,
        sizes: bool = False,
    ) -> str:
        """Ask for a page's picture, `width` pixels wide, and the places of `text` on it.

        `page` counts from 1. `recognize` looks for `text` on a scan, `sizes` asks for those of all
        pages. PageImageReady answers.
        """
        return self._library.render_page(
            place, page, width, text=text, recognize=recognize, sizes=sizes
        )

    def locate_characters(self, place: FileLocation, page: int, *, recognize: bool = False) -> str:
        """Ask where each letter of a page stands; PageCharactersReady answers."""
        return self._library.read_letters(place, page, recognize=recognize)

    def list_folder_files(self, folder_id: str, words: str = "", limit: int = 500) -> str:
        """Ask for the files of a folder whose names hold these words; FolderFilesListed answers."""
        return self._library.list_files(folder_id, words, limit)

    def cancel(self, request_id: str) -> None:
        """Drop a request."""
        self._library.cancel(request_id)

    def on_library_event(self, event: LibraryEvent) -> bool:
        """Pass one event on; returns whether it was about a single document."""
        told = _to_document_event(event)
        if told is not None:
            self._emit(told)
        return told is not None


def _to_document_event(event: LibraryEvent) -> DocumentEvent | None:
    match event:
        case Document():
            return DocumentReady(request_id=event.request_id, document=event)
        case FileRead():
            return FileTextReady(request_id=event.request_id, file=event)
        case RenderedPage():
            return PageImageReady(request_id=event.request_id, page=event)
        case PageLetters():
            return PageCharactersReady(request_id=event.request_id, letters=event)
        case FilesListed():
            return FolderFilesListed(
                request_id=event.request_id,
                folder_id=event.folder_id,
                files=event.files,
                total=event.total,
            )
        case _:
            return None
