"""Many vectors are compared by fewer numbers first: about the same are found, at any change."""

from collections.abc import Iterator

import apsw
import numpy as np
import pytest

from core.base.paths import Paths
from core.library.embedding.vector_types import Vectors
from core.library.index.exact_search import ExactSearch
from core.library.index.reduced_vectors import ReducedVectors
from core.library.store.library_records import LibraryRecords

COUNT, DIMENSIONS, CLUSTER, MATTERS = 3_000, 64, 30, 16
NEVER = 10**9


def vectors(count: int, seed: int) -> Vectors:
    """Return vectors in clusters that share a few directions, as those of texts do."""
    dice = np.random.default_rng(seed)
    matters = np.random.default_rng(0).standard_normal((MATTERS, DIMENSIONS))
    centers = dice.standard_normal((max(1, count // CLUSTER), MATTERS)) @ matters
    rows = centers[dice.integers(0, len(centers), count)]
    rows = rows + 0.5 * dice.standard_normal((count, DIMENSIONS))
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


def put(connection: apsw.Connection, rows: Vectors) -> None:
    connection.executemany(
        "INSERT INTO vector (key, data) VALUES (randomblob(16), ?)",
        [(row.astype("<f2").tobytes(),) for row in rows],
    )


@pytest.fixture
def filled(root: Paths) -> Iterator[apsw.Connection]:
    records = LibraryRecords(root)
    put(records.connection, vectors(COUNT, 1))
    yield records.connection
    records.close()


def recall(reduced: ExactSearch, exact: ExactSearch, count: int = 50) -> float:
    found = []
    for question in vectors(20, 5):
        wanted = list(exact.nearest_cosines(question, count))
        got = reduced.nearest_cosines(question, count)
        assert list(got.values()) == sorted(got.values(), reverse=True)
        found.append(len(set(wanted) & set(got)) / len(wanted))
    return float(np.mean(found))


def test_the_same_are_found_with_the_same_cosines(filled: apsw.Connection) -> None:
    reduced, exact = ExactSearch(filled, reduced_from=1_000), ExactSearch(filled)
    assert recall(reduced, exact) >= 0.99
    question = vectors(1, 8)[0]
    near, nearest = (each.nearest_cosines(question, 10) for each in (reduced, exact))
    assert near.keys() == nearest.keys()
    assert all(abs(near[id_] - nearest[id_]) < 1e-3 for id_ in near)


def test_what_was_added_and_removed_since_is_known(filled: apsw.Connection) -> None:
    reduced, exact = ExactSearch(filled, reduced_from=1_000), ExactSearch(filled)
    question = vectors(1, 8)[0]
    first = next(iter(reduced.nearest_cosines(question, 1)))
    filled.execute("DELETE FROM vector WHERE id = ? OR id % 7 = 0", (first,))
    put(filled, question[np.newaxis])
    (newest,) = filled.execute("SELECT max(id) FROM vector").fetchall()[0]
    found = list(reduced.nearest_cosines(question, 50))
    assert found[0] == newest
    assert first not in found
    put(filled, vectors(2 * COUNT, 3))  # so many that the directions are found anew
    assert recall(reduced, exact) >= 0.99


def test_few_are_compared_whole_again(filled: apsw.Connection) -> None:
    reduced, exact = ExactSearch(filled, reduced_from=1_000), ExactSearch(filled)
    question = vectors(1, 8)[0]
    reduced.nearest_cosines(question, 5)
    filled.execute("DELETE FROM vector WHERE id > 500")
    assert reduced.nearest_cosines(question, 500) == exact.nearest_cosines(question, 500)


def test_only_those_allowed_are_found(filled: apsw.Connection) -> None:
    reduced, exact = ExactSearch(filled, reduced_from=1_000), ExactSearch(filled)
    question = vectors(1, 8)[0]
    for allowed in (np.arange(1, 2_000, 2), np.array([3, 5, 9_999])):
        wanted = exact.nearest_cosines(question, 20, allowed=allowed)
        assert reduced.nearest_cosines(question, 20, allowed=allowed).keys() == wanted.keys()
    assert reduced.nearest_cosines(question, 20, allowed=np.empty(0, np.int64)) == {}


def test_a_reduced_copy_is_a_quarter_of_the_size() -> None:
    rows = vectors(500, 2)
    assert ReducedVectors(rows)._rows.nbytes * 4 == rows.nbytes
