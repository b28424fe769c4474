"""What the library child answers from its records alone."""

from collections.abc import Callable
from pathlib import Path
from typing import cast

import msgspec

from core.errors import Code, LibraryError
from core.library import places
from core.library.index import VectorIndex
from core.library.jobs import SyncQueue
from core.library.listing import list_files, read_from, standing
from core.library.names import display_name
from core.library.records import Folder, Records
from core.library.renewal import Renewal, chosen_folder
from core.messages import (
    Document,
    DocumentText,
    FileSkipped,
    FilesListed,
    Folders,
    FolderState,
    FolderStatus,
    LibraryStatus,
    ListFiles,
    ListFolders,
    ListSkipped,
    ListStatus,
    SkippedFiles,
)


class Replies:
    """`watched` says how changes of a folder come to light, by its id."""

    def __init__(
        self,
        records: Records,
        queue: SyncQueue,
        index: VectorIndex,
        renewal: Renewal,
        watched: Callable[[str], str],
    ) -> None:
        self._records = records
        self._index = index
        self._renewal = renewal
        self._queue = queue
        self._watched = watched

    def answer(
        self, request: ListFolders | ListSkipped | ListFiles | ListStatus | DocumentText
    ) -> Folders | SkippedFiles | FilesListed | LibraryStatus | Document:
        """Answer one request. Raises LibraryError."""
        match request:
            case ListFolders():
                return self.folders(request.request_id)
            case ListSkipped():
                return self.skipped_files(request)
            case ListFiles():
                return list_files(self._records, request)
            case ListStatus():
                return self.status(request.request_id)
            case DocumentText():
                return self.document(request)

    def folders(self, request_id: str = "") -> Folders:
        """Return all folders with their counts."""
        return Folders(request_id=request_id, folders=tuple(self._described()))

    def status(self, request_id: str) -> LibraryStatus:
        """Return how every folder and the index stand."""
        folders = tuple(
            FolderStatus(folder=folder, progress=self._queue.progress(folder.folder_id))
            for folder in self._described()
        )
        rows = self._records.connection.execute(
            "SELECT count(*), count(CASE WHEN id <= ? THEN 1 END) FROM vector",
            (self._index.watermark,),
        )
        vectors, indexed = cast("tuple[int, int]", rows.fetchone())
        return LibraryStatus(
            request_id=request_id,
            folders=folders,
            vectors=vectors,
            index=self._index.generation if indexed else "",
            indexed=indexed,
            embedder=str(chosen_folder(self._records)),
            next_embedder=str(self._renewal.folder or ""),
            next_done=self._renewal.done,
            next_total=self._renewal.total,
        )

    def _described(self) -> list[FolderState]:
        return [self._describe(folder) for folder in self._records.folders()]

    def _describe(self, folder: Folder) -> FolderState:
        described = self._queue.describe(folder)
        is_here = places.identity(Path(folder.path)) is not None
        state = described.state if is_here or described.state == "syncing" else "offline"
        watched = self._watched(folder.id)
        return msgspec.structs.replace(described, state=state, watched=watched)

    def skipped_files(self, request: ListSkipped) -> SkippedFiles:
        """Return which files of a folder were skipped and why."""
        folder = self._records.folder(request.folder_id)
        files = tuple(
            FileSkipped(
                request_id=request.request_id,
                folder_id=folder.id,
                file=skipped.name,
                code=skipped.code,
                facts=skipped.facts,
            )
            for skipped in self._records.skipped(folder.id)
        )
        return SkippedFiles(request_id=request.request_id, files=files)

    def document(self, request: DocumentText) -> Document:
        """Return the text of a file as it was read. Raises LibraryError if it was not."""
        folder = self._records.folder(request.folder_id)
        pages = self._records.texts.pages(folder.id, request.file)
        if pages is None:
            raise LibraryError(Code.FILE_UNKNOWN, file=request.file)
        return Document(
            request_id=request.request_id,
            file=request.file,
            path=display_name(str(Path(folder.path) / request.file)),
            pages=pages,
            content_hash=read_from(self._records, folder, request.file),
            standing=standing(self._records, folder, request.file),
        )
