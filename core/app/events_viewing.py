"""What a front end is told about single documents: their text, their pages, a folder's files."""

from msgspec import Struct

from core.messages import Document, FileRead, FolderFile, PageLetters, RenderedPage


class DocumentReady(Struct, frozen=True, kw_only=True):
    """The text of a file, for the viewer."""

    request_id: str
    document: Document


class FileTextReady(Struct, frozen=True, kw_only=True):
    """What is read from a file, with its passages, whether a folder holds it or not."""

    request_id: str
    file: FileRead


class PageReady(Struct, frozen=True, kw_only=True):
    """The picture of a page, and where on it the passage stands."""

    request_id: str
    page: RenderedPage


class LettersReady(Struct, frozen=True, kw_only=True):
    """Where each letter of a page stands."""

    request_id: str
    letters: PageLetters


class FolderFilesListed(Struct, frozen=True, kw_only=True):
    """Files of a folder, those read last first; `total` counts also those that were left out."""

    request_id: str
    folder_id: str
    files: tuple[FolderFile, ...]
    total: int


ViewingEvent = DocumentReady | FileTextReady | PageReady | LettersReady | FolderFilesListed
