"""Library replies: answers that need nothing but the records of library.db."""

from pathlib import Path
from typing import cast

import msgspec

from core.base.errors import ErrorCode, LibraryError
from core.library.filesystem import path_kinds
from core.library.filesystem.path_encoding import display_name
from core.library.index.vector_index import VectorIndex
from core.library.maintenance.embedder_choice import current_embedder_folder
from core.library.maintenance.reembedding import Reembedding
from core.library.serving.file_listing import (
    content_hash_of,
    current_file_state,
    list_folder_files,
)
from core.library.serving.file_query import query_files
from core.library.serving.folder_fingerprints import FolderFingerprints
from core.library.serving.passage_listing import list_passages
from core.library.serving.unread_files import UnreadFiles
from core.library.store.library_records import FolderRecord, LibraryRecords
from core.library.sync.folder_watch import FolderWatch
from core.library.sync.sync_queue import SyncQueue
from core.messages import (
    Document,
    FilesFound,
    FileSkipped,
    FilesListed,
    FingerprintFolders,
    FoldersFingerprinted,
    FoldersListed,
    FolderState,
    FolderStatus,
    LibraryStatus,
    ListFiles,
    ListFolders,
    ListPassages,
    ListSkipped,
    ListStatus,
    LoadDocument,
    PassagesListed,
    QueryFiles,
    SkippedFiles,
)

RecordsRequest = (
    ListFolders
    | ListSkipped
    | ListFiles
    | QueryFiles
    | ListPassages
    | ListStatus
    | LoadDocument
    | FingerprintFolders
)
"""Requests that are answered at once, from the records."""


class LibraryReplies:
    """Makes the reply to each RecordsRequest."""

    def __init__(
        self,
        records: LibraryRecords,
        queue: SyncQueue,
        index: VectorIndex,
        reembedding: Reembedding,
        watch: FolderWatch,
    ) -> None:
        self._records = records
        self._index = index
        self._reembedding = reembedding
        self._queue = queue
        self._watch = watch
        self._fingerprints = FolderFingerprints(records)
        self._unread_files = UnreadFiles(records, queue, watch)

    def reply_to(  # noqa: PLR0911 - one for each request
        self, request: RecordsRequest
    ) -> (
        FoldersListed
        | SkippedFiles
        | FilesListed
        | FilesFound
        | PassagesListed
        | LibraryStatus
        | Document
        | FoldersFingerprinted
    ):
        """Answer one request. Raises LibraryError."""
        match request:
            case ListFolders():
                return self.folders_reply(request.request_id)
            case ListSkipped():
                return self.skipped_files_reply(request)
            case ListFiles():
                return self.files_reply(request)
            case QueryFiles():
                return self.file_query_reply(request)
            case ListPassages():
                return list_passages(self._records, request)
            case ListStatus():
                return self.status_reply(request.request_id)
            case LoadDocument():
                return self.document_reply(request)
            case FingerprintFolders():
                return FoldersFingerprinted(
                    request_id=request.request_id,
                    fingerprint=self._fingerprints.fingerprint(request.folder_ids),
                )

    def folders_reply(self, request_id: str = "") -> FoldersListed:
        """Return all folders with their counts."""
        return FoldersListed(request_id=request_id, folders=tuple(self._describe_folders()))

    def status_reply(self, request_id: str) -> LibraryStatus:
        """Return how every folder and the index stand."""
        folders = tuple(
            FolderStatus(folder=folder, progress=self._queue.sync_progress(folder.folder_id))
            for folder in self._describe_folders()
        )
        # Its cursor must not outlive the line: APSW 3.54 leaks one, its statement open, when a
        # younger one goes first, and then the log can't be emptied any more.
        row = self._records.connection.execute(
            "SELECT count(*), count(CASE WHEN id <= ? THEN 1 END) FROM vector",
            (self._index.watermark,),
        ).fetchone()
        vectors, indexed = cast("tuple[int, int]", row)
        return LibraryStatus(
            request_id=request_id,
            folders=folders,
            vectors=vectors,
            index=self._index.generation_name if indexed else "",
            indexed=indexed,
            embedder=str(current_embedder_folder(self._records)),
            next_embedder=str(self._reembedding.next_embedder_folder or ""),
            next_done=self._reembedding.done,
            next_total=self._reembedding.total,
        )

    def _describe_folders(self) -> list[FolderState]:
        return [self._describe_folder(folder) for folder in self._records.active_folders()]

    def _describe_folder(self, folder: FolderRecord) -> FolderState:
        described = self._queue.describe_folder(folder)
        is_here = path_kinds.folder_identity(Path(folder.path)) is not None
        state = described.state if is_here or described.state == "syncing" else "offline"
        return msgspec.structs.replace(
            described,
            state=state,
            watched=self._watch.watch_mode(folder.id),
            changes=self._watch.pending_changes(folder.id),
        )

    def files_reply(self, request: ListFiles) -> FilesListed:
        """Return the files of a folder whose names hold the words of the request."""
        folder = self._records.get_folder(request.folder_id)
        files, total = list_folder_files(self._records, folder, request.words, request.limit)
        return FilesListed(
            request_id=request.request_id, folder_id=folder.id, files=files, total=total
        )

    def file_query_reply(self, request: QueryFiles) -> FilesFound:
        """Return the files that fit, and how many more may come."""
        unread = self._unread_files.count_unread_files(request.folder_ids)
        return msgspec.structs.replace(query_files(self._records, request), unread_files=unread)

    def skipped_files_reply(self, request: ListSkipped) -> SkippedFiles:
        """Return which files of a folder were skipped and why."""
        folder = self._records.get_folder(request.folder_id)
        files = tuple(
            FileSkipped(
                request_id=request.request_id,
                folder_id=folder.id,
                file=skipped.name,
                code=skipped.code,
                facts=skipped.facts,
            )
            for skipped in self._records.list_skipped_files(folder.id)
        )
        return SkippedFiles(request_id=request.request_id, files=files)

    def document_reply(self, request: LoadDocument) -> Document:
        """Return the text of a file as it was read. Raises LibraryError if it was not."""
        folder = self._records.get_folder(request.folder_id)
        pages = self._records.contents.file_pages(folder.id, request.file)
        if pages is None:
            raise LibraryError(ErrorCode.FILE_UNKNOWN, file=request.file)
        return Document(
            request_id=request.request_id,
            file=request.file,
            path=display_name(str(Path(folder.path) / request.file)),
            pages=pages,
            content_hash=content_hash_of(self._records, folder, request.file),
            standing=current_file_state(self._records, folder, request.file),
        )
