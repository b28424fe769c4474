"""Both rankings of a library with an index: what a scope leaves out crowds nothing else out."""

from pathlib import Path

import apsw
import numpy as np
import pytest

from core.library.embedding.vector_types import Ids, Vectors
from core.library.index import exact_search
from core.library.index.exact_search import ExactSearch, SubsetSearch
from core.library.index.vector_index import VectorIndex
from core.library.search.rank_fusion import CANDIDATES, CandidateRankings
from core.library.search.search_scope import SearchScope
from core.library.store.library_records import LibraryRecords
from tests.fakes.memory_vector_store import MemoryVectorStores

COUNT = 1_000
SIZE = 8


class Index(VectorIndex):
    """Answers exactly, counts how often it is asked, and holds the older nine tenths."""

    def __init__(self, folder: Path, connection: apsw.Connection) -> None:
        super().__init__(folder, connection, MemoryVectorStores().open_store)
        self._all = ExactSearch(connection)
        self.watermark = COUNT * 9 // 10
        self.asked: list[int] = []

    @property
    def vector_count(self) -> int:
        return self.watermark

    def nearest_ids(self, query: Vectors, count: int, among: Ids | None = None) -> list[int]:
        assert among is None  # an index in a folder knows no scope
        self.asked.append(count)
        return [id_ for id_ in self._all.nearest_cosines(query, COUNT) if id_ <= self.watermark][
            :count
        ]


class Direction:
    """Embeds every question as the same direction."""

    def embed(self, texts: list[str]) -> Vectors:
        return np.eye(SIZE, dtype=np.float32)[:1].repeat(len(texts), axis=0)


@pytest.fixture
def index(records: LibraryRecords, tmp_path: Path) -> Index:
    """Fill a library: folder "near" lies closest to every question, then "wide", then "small"."""
    connection = records.connection
    random = np.random.default_rng(5)
    for number, name in enumerate(("near", "wide", "small"), 1):
        connection.execute(
            "INSERT INTO folder (id, name, path, state, added) VALUES (?, ?, ?, '', 0)",
            (name, name, name.encode()),
        )
        connection.execute("INSERT INTO content VALUES (?, ?, ?, ?, 0)", (number, name, name, b""))
        connection.execute("INSERT INTO section VALUES (?, ?, 'x')", (number, number))
        connection.execute(
            "INSERT INTO file (folder_id, path, name, size, modified_ns, content_id)"
            " VALUES (?, x'61', 'a', 0, 0, ?)",
            (name, number),
        )
    for id_ in range(1, COUNT + 1):
        place = 3 if id_ % 20 == 0 else 1 if id_ % 2 else 2
        row = random.standard_normal(SIZE).astype(np.float32)
        row[0] = 6 / place
        data = (row / np.linalg.norm(row)).astype("<f2").tobytes()
        connection.execute(
            "INSERT INTO vector VALUES (?, ?, ?)", (id_, id_.to_bytes(16, "big"), data)
        )
        connection.execute(
            "INSERT INTO passage (id, content_id, section_id, vector_id, start, length, heading,"
            " tokens) VALUES (?, ?, ?, ?, 0, 1, '', 1)",
            (id_, place, place, id_),
        )
    return Index(tmp_path, connection)


@pytest.mark.parametrize("folders", [("near",), ("wide",), ("small",), ("wide", "small"), ()])
def test_an_index_finds_what_an_exact_search_finds(
    records: LibraryRecords, index: Index, folders: tuple[str, ...]
) -> None:
    plain = CandidateRankings(records.connection, Direction())
    indexed = CandidateRankings(records.connection, Direction(), index)
    expected = plain.rank_by_vector("?", SearchScope(folders))
    found = indexed.rank_by_vector("?", SearchScope(folders))
    assert len(expected) == min(CANDIDATES, {"small": COUNT // 20}.get("".join(folders), COUNT))
    assert list(found.values()) == pytest.approx(list(expected.values()), abs=1e-4)
    assert len(found.keys() - expected.keys()) <= 1  # two may lie equally far


def test_a_scope_asks_the_index_only_when_enough_would_be_left(
    records: LibraryRecords, index: Index
) -> None:
    rankings = CandidateRankings(records.connection, Direction(), index)
    rankings.rank_by_vector("?", SearchScope(("small",)))
    assert not index.asked
    rankings.rank_by_vector("?", SearchScope(("near",)))
    assert index.asked == [800]


def test_a_scope_forgets_what_was_removed(records: LibraryRecords, index: Index) -> None:
    rankings = CandidateRankings(records.connection, Direction(), index)
    best = next(iter(rankings.rank_by_vector("?", SearchScope(("small",)))))
    records.connection.execute("DELETE FROM passage WHERE id = ?", (best,))
    records.connection.execute("DELETE FROM vector WHERE id = ?", (best,))
    assert best not in rankings.rank_by_vector("?", SearchScope(("small",)))


def test_more_vectors_than_stay_in_memory_are_read_in_blocks(
    records: LibraryRecords, index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = np.arange(1, COUNT + 1)
    query = Direction().embed(["?"])[0]
    kept = SubsetSearch(records.connection).nearest_cosines(query, 50, ids)
    monkeypatch.setattr(exact_search, "MAX_CACHED_VECTORS", 10)
    monkeypatch.setattr(exact_search, "_BLOCK", 300)
    read = SubsetSearch(records.connection).nearest_cosines(query, 50, np.append(ids, COUNT + 99))
    assert list(read.values()) == pytest.approx(list(kept.values()), abs=1e-4)
    assert len(read) == 50
