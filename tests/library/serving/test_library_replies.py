"""Replies from the records leave nothing open that would keep removed words in the log."""

from pathlib import Path

import apsw
import pytest

from core.base.errors import ErrorCode, InglenookError
from core.base.paths import Paths
from core.library.index.chroma_store import open_chroma_store
from core.library.index.vector_index import VectorIndex
from core.library.maintenance.reembedding import Reembedding
from core.library.serving.library_replies import LibraryReplies, RecordsRequest
from core.library.store.library_records import LibraryRecords
from core.library.sync.folder_watch import FolderWatch
from core.library.sync.sync_queue import SyncQueue
from core.messages import (
    FingerprintFolders,
    ListFiles,
    ListFolders,
    ListPassages,
    ListSkipped,
    ListStatus,
    QueryFiles,
)
from tests.library.conftest import ScriptedEmbedder
from tests.library.shelving import put


def internal(error: Exception) -> InglenookError:
    return InglenookError(ErrorCode.INTERNAL, detail=str(error))


def make_replies(root: Paths, records: LibraryRecords) -> LibraryReplies:
    queue = SyncQueue(
        records,
        lambda: None,  # type: ignore[arg-type,return-value] # nothing is read
        lambda _event: None,
        lambda _folder, _files: None,
        internal,
    )
    return LibraryReplies(
        records,
        queue,
        VectorIndex(root.index, records.connection, open_chroma_store),
        Reembedding(root, records, lambda *_: ScriptedEmbedder(), lambda _event: None, internal),
        FolderWatch(records, queue, lambda _request: None),
    )


@pytest.mark.parametrize(
    "kind", ["status", "folders", "skipped", "files", "query", "passages", "fingerprint"]
)
def test_a_reply_leaves_no_statement_open(
    root: Paths, records: LibraryRecords, tmp_path: Path, kind: str
) -> None:
    folder = records.add_folder(str(tmp_path))
    put(records, folder, "rent.txt", "The rent is due on the first.")
    put(records, folder, "boiler.txt", "The boiler was serviced in May.")
    replies = make_replies(root, records)
    requests: dict[str, RecordsRequest] = {
        "status": ListStatus(request_id="1"),
        "folders": ListFolders(request_id="1"),
        "skipped": ListSkipped(request_id="1", folder_id=folder.id),
        "files": ListFiles(request_id="1", folder_id=folder.id),
        "query": QueryFiles(request_id="1", folder_ids=(folder.id,), words=("rent",)),
        "passages": ListPassages(request_id="1", folder_id=folder.id, file="rent.txt"),
        "fingerprint": FingerprintFolders(request_id="1", folder_ids=(folder.id,)),
    }
    assert replies.reply_to(requests[kind]) is not None
    assert records.connection.txn_state() == apsw.SQLITE_TXN_NONE


def test_a_query_counts_what_is_still_to_be_read(
    root: Paths, records: LibraryRecords, tmp_path: Path
) -> None:
    folder = records.add_folder(str(tmp_path))
    put(records, folder, "rent.txt", "The rent is due on the first.")
    asked = QueryFiles(request_id="1", folder_ids=(folder.id,))
    replies = make_replies(root, records)
    assert replies.file_query_reply(asked).unread_files == 0
    records.connection.execute("UPDATE file SET waiting = 1")
    assert replies.file_query_reply(asked).unread_files == 1
