"""Index self-test: a small index is built, closed, reopened and queried."""

import logging
from pathlib import Path
from typing import BinaryIO

import apsw
import numpy as np

from core.base.errors import ErrorCode
from core.ipc.channel import Channel
from core.library.index.chroma_store import open_chroma_store
from core.library.index.vector_index import VectorIndex
from core.messages import Failed
from core.messages.selftest_messages import CheckIndex, IndexChecked, SelftestRequest

VECTORS = 64
_WIDTH = 16
_log = logging.getLogger(__name__)


def serve(incoming: BinaryIO, outgoing: BinaryIO) -> None:
    """Answer requests until the parent hangs up; raises ParentGone then."""
    channel: Channel[SelftestRequest] = Channel(SelftestRequest, incoming, outgoing)
    channel.start("selftest")
    while True:
        request = channel.receive()
        assert request is not None  # without a timeout there is always one
        if isinstance(request, CheckIndex):
            channel.send(_answer(request))


def _answer(request: CheckIndex) -> IndexChecked | Failed:
    try:
        return IndexChecked(
            request_id=request.request_id, vectors=check_index(Path(request.folder))
        )
    except Exception as error:  # noqa: BLE001 - the border of a process: say it and go on
        _log.exception("the index failed")
        facts = {"detail": f"{type(error).__name__}: {error}", "logs": "selftest.log"}
        return Failed(request_id=request.request_id, code=ErrorCode.INTERNAL, facts=facts)


def check_index(folder: Path) -> int:
    """Return how many vectors were found again. Raises whatever goes wrong."""
    drawn = np.random.default_rng(7).normal(size=(VECTORS, _WIDTH))
    vectors = (drawn / np.linalg.norm(drawn, axis=1, keepdims=True)).astype("<f2")
    records = apsw.Connection(":memory:")
    records.execute("CREATE TABLE vector (id INTEGER PRIMARY KEY, data BLOB)")
    records.executemany(
        "INSERT INTO vector VALUES (?, ?)",
        [(number, row.tobytes()) for number, row in enumerate(vectors, start=1)],
    )
    for _opened in ("built", "opened again"):
        index = VectorIndex(folder, records, open_chroma_store, exact_below=1)
        for _step in index.update_in_steps():
            pass
        for number in (1, VECTORS):
            nearest = index.nearest_ids(vectors[number - 1].astype(np.float32), 1)
            if nearest != [number]:
                raise ValueError(f"vector {number} is not its own nearest one, but {nearest}")
        index.close()
    return VECTORS
