"""What is asked of the library about single files, a method for each kind of request."""

from abc import ABC, abstractmethod
from typing import Generic, TypeVar

import msgspec
import uuid_utils

from core.library.names import display_name, raw_name
from core.messages import DocumentText, ListFiles, ReadFile, ReadLetters, RenderPage

Request = TypeVar("Request")


class FilePlace(msgspec.Struct, frozen=True):
    """A file of a folder, by its relative name; any other, by its absolute path."""

    folder_id: str = ""
    file: str = ""
    path: str = ""


class FileRequests(ABC, Generic[Request]):
    """Each method sends one request and returns its id; `Request` is all that can be sent."""

    @abstractmethod
    def _send(
        self, request: Request | DocumentText | ListFiles | ReadFile | ReadLetters | RenderPage
    ) -> str:
        """Send a request and return its id."""

    def document(self, folder_id: str, file: str) -> str:
        """Ask for a file's text; `file` is relative, with "/"."""
        return self._send(DocumentText(request_id=new_id(), folder_id=folder_id, file=file))

    def read_file(self, path: str) -> str:
        """Read the file at an absolute path, which may hold any bytes, without keeping it."""
        return self._send(
            ReadFile(request_id=new_id(), path=display_name(path), raw=raw_name(path))
        )

    def render_page(
        self,
        place: FilePlace,
        page: int,
        width: int,
        *,
        text: str = "",
        recognize: bool = False,
        sizes: bool = False,
    ) -> str:
        """Draw page `page` (from 1) of a file, and find `text` on it."""
        return self._send(
            RenderPage(
                request_id=new_id(),
                folder_id=place.folder_id,
                file=place.file,
                path=display_name(place.path),
                raw=raw_name(place.path),
                page=page,
                width=width,
                text=text,
                recognize=recognize,
                sizes=sizes,
            )
        )

    def read_letters(self, place: FilePlace, page: int, *, recognize: bool = False) -> str:
        """Ask where each letter of a page stands."""
        return self._send(
            ReadLetters(
                request_id=new_id(),
                folder_id=place.folder_id,
                file=place.file,
                path=display_name(place.path),
                raw=raw_name(place.path),
                page=page,
                recognize=recognize,
            )
        )

    def list_files(self, folder_id: str, words: str = "", limit: int = 500) -> str:
        """Ask for the files of a folder whose names hold these words, those read last first."""
        return self._send(
            ListFiles(request_id=new_id(), folder_id=folder_id, words=words, limit=limit)
        )


def new_id() -> str:
    """Return an id for a request."""
    return uuid_utils.uuid7().hex
