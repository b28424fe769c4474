"""What the library child answers from its records alone."""

from pathlib import Path

from core.errors import Code, LibraryError
from core.library.names import display_name
from core.library.records import Records
from core.messages import (
    Document,
    DocumentText,
    FileSkipped,
    Folders,
    ListSkipped,
    SkippedFiles,
)


def folders(records: Records, request_id: str) -> Folders:
    """Return all folders with their counts."""
    described = tuple(records.describe(folder) for folder in records.folders())
    return Folders(request_id=request_id, folders=described)


def skipped_files(records: Records, request: ListSkipped) -> SkippedFiles:
    """Return which files of a folder were skipped and why."""
    folder = records.folder(request.folder_id)
    files = tuple(
        FileSkipped(
            request_id=request.request_id,
            folder_id=folder.id,
            file=skipped.name,
            code=skipped.code,
            facts=skipped.facts,
        )
        for skipped in records.skipped(folder.id)
    )
    return SkippedFiles(request_id=request.request_id, files=files)


def document(records: Records, request: DocumentText) -> Document:
    """Return the text of a file as it was read. Raises LibraryError if it was not."""
    folder = records.folder(request.folder_id)
    pages = records.texts.pages(folder.id, request.file)
    if pages is None:
        raise LibraryError(Code.FILE_UNKNOWN, file=request.file)
    return Document(
        request_id=request.request_id,
        file=request.file,
        path=display_name(str(Path(folder.path) / request.file)),
        pages=pages,
    )
