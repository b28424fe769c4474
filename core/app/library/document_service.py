"""Document service: text, page pictures and letters of single documents, and lists of files."""

from typing import Never

import msgspec

from core.chat.library_answers.library_queries import latest_documents_query
from core.chat.library_answers.suggested_questions import suggest_questions
from core.ipc.client import new_request_id
from core.ipc.reply import Reply
from core.library.client.library_client import LibraryClient
from core.library.filesystem.path_encoding import display_name, raw_path_bytes
from core.messages import (
    Document,
    FileRead,
    FilesListed,
    ListFiles,
    LoadDocument,
    PageLetters,
    PrepareViewing,
    ReadFile,
    ReadLetters,
    RenderedPage,
    RenderPage,
)


class FileLocation(msgspec.Struct, frozen=True):
    """A file of a folder, by its relative name with "/"; any other, by its absolute path."""

    folder_id: str = ""
    file: str = ""
    path: str = ""


class DocumentService:
    """Each call returns a reply. Pages count from 1; absolute paths may hold any bytes."""

    def __init__(self, library: LibraryClient) -> None:
        self._library = library

    def prepare_viewer(self) -> None:
        """Let pages be drawn without delay from now on: somebody may look at one soon."""
        self._library.send_if_running(PrepareViewing())

    def open_document(self, folder_id: str, file: str) -> Reply[Never, Document]:
        """Ask for the text of a file of a folder as it was read; `file` is relative, with "/"."""
        request_id = new_request_id()
        return self._library.send(
            LoadDocument(request_id=request_id, folder_id=folder_id, file=file)
        )

    def read_file(self, path: str) -> Reply[Never, FileRead]:
        """Read the file at an absolute path without keeping its text."""
        shown, raw = display_name(path), raw_path_bytes(path)
        return self._library.send(ReadFile(request_id=new_request_id(), path=shown, raw=raw))

    def render_page(
        self,
        location: FileLocation,
        page: int,
        *,
        width: int,
        text: str = "",
        sentences: tuple[str, ...] = (),
        recognize: bool = False,
        sizes: bool = False,
    ) -> Reply[Never, RenderedPage]:
        """Ask for a page's picture, `width` pixels wide, and the places of `text` on it.

        `sentences` of that text are located within it. `recognize` looks for them on a scan, which
        takes seconds; `sizes` asks for those of all pages.
        """
        return self._library.send(
            RenderPage(
                request_id=new_request_id(),
                folder_id=location.folder_id,
                file=location.file,
                path=display_name(location.path),
                raw=raw_path_bytes(location.path),
                page=page,
                width=width,
                text=text,
                sentences=sentences,
                recognize=recognize,
                sizes=sizes,
            )
        )

    def locate_characters(
        self, location: FileLocation, page: int, *, recognize: bool
    ) -> Reply[Never, PageLetters]:
        """Ask where each letter of a page stands, with `recognize` of those on a scan."""
        return self._library.send(
            ReadLetters(
                request_id=new_request_id(),
                folder_id=location.folder_id,
                file=location.file,
                path=display_name(location.path),
                raw=raw_path_bytes(location.path),
                page=page,
                recognize=recognize,
            )
        )

    def list_folder_files(
        self, folder_id: str, words: str = "", limit: int = 500
    ) -> Reply[Never, FilesListed]:
        """Ask for the files of a folder whose names hold all words, those read last first."""
        return self._library.send(
            ListFiles(request_id=new_request_id(), folder_id=folder_id, words=words, limit=limit)
        )

    def suggest_questions(self, folder_ids: tuple[str, ...]) -> Reply[Never, tuple[str, ...]]:
        """Ask for three questions to folders, made of their own titles; none if none was read."""
        found = self._library.send(latest_documents_query(folder_ids))
        return found.convert(lambda done: suggest_questions(done.files))
