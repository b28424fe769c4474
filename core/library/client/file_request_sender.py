"""File requests: sending methods for requests about single files."""

from abc import ABC, abstractmethod
from typing import Generic, TypeVar

import msgspec
import uuid_utils

from core.library.filesystem.path_encoding import display_name, raw_path_bytes
from core.messages import ListFiles, LoadDocument, ReadFile, ReadLetters, RenderPage

Request = TypeVar("Request")


class FileLocation(msgspec.Struct, frozen=True):
    """A file of a folder, by its relative name; any other, by its absolute path."""

    folder_id: str = ""
    file: str = ""
    path: str = ""


class FileRequestSender(ABC, Generic[Request]):
    """Each method sends one request and returns its id; `Request` is all that can be sent."""

    @abstractmethod
    def _send(
        self, request: Request | LoadDocument | ListFiles | ReadFile | ReadLetters | RenderPage
    ) -> str:
        """Send a request and return its id."""

    def request_document(self, folder_id: str, file: str) -> str:
        """Ask for a file's text; `file` is relative, with "/"."""
        return self._send(LoadDocument(request_id=new_request_id(), folder_id=folder_id, file=file))

    def read_file(self, path: str) -> str:
        """Read the file at an absolute path, which may hold any bytes, without keeping it."""
        return self._send(
            ReadFile(request_id=new_request_id(), path=display_name(path), raw=raw_path_bytes(path))
        )

    def render_page(
        self,
        place: FileLocation,
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
                request_id=new_request_id(),
                folder_id=place.folder_id,
                file=place.file,
                path=display_name(place.path),
                raw=raw_path_bytes(place.path),
                page=page,
                width=width,
                text=text,
                recognize=recognize,
                sizes=sizes,
            )
        )

    def read_letters(self, place: FileLocation, page: int, *, recognize: bool = False) -> str:
        """Ask where each letter of a page stands."""
        return self._send(
            ReadLetters(
                request_id=new_request_id(),
                folder_id=place.folder_id,
                file=place.file,
                path=display_name(place.path),
                raw=raw_path_bytes(place.path),
                page=page,
                recognize=recognize,
            )
        )

    def list_files(self, folder_id: str, words: str = "", limit: int = 500) -> str:
        """Ask for the files of a folder whose names hold these words, those read last first."""
        return self._send(
            ListFiles(request_id=new_request_id(), folder_id=folder_id, words=words, limit=limit)
        )


def new_request_id() -> str:
    """Return an id for a request."""
    return uuid_utils.uuid7().hex
