"""Equal scores: what is found, and in which order, doesn't depend on the order of reading."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from core.base.paths import Paths
from core.library.search import rank_fusion
from core.library.search.evidence_judge import EvidenceJudge
from core.library.search.rank_fusion import CandidateRankings
from core.library.search.search_scope import SearchScope
from core.library.search.searcher import Searcher
from core.library.store.library_records import LibraryRecords
from tests.library.conftest import ScriptedEmbedder
from tests.library.shelving import put

COLOURS = ("red", "blue", "green", "white", "black", "brown", "grey", "pink")
FILES = {
    f"box-{number:02}.txt": f"Box {number} holds {COLOURS[number % 8]} bolts; {'it is old. ' * 40}"
    for number in range(48)
}
QUESTION = "How many bolts are in the box?"


@pytest.fixture
def libraries(tmp_path: Path) -> Iterator[tuple[LibraryRecords, ...]]:
    """Two libraries with the same files, which were read in opposite orders."""
    made = []
    for name, order in (("one", list(FILES)), ("other", list(FILES)[::-1])):
        paths = Paths(tmp_path / name)
        paths.create_folders()
        records = LibraryRecords(paths)
        folder = records.add_folder("/papers")
        for file in order:
            put(records, folder, file, FILES[file])
        made.append(records)
    yield tuple(made)
    for records in made:
        records.close()


def _found(records: LibraryRecords, question: str) -> Sequence[tuple[str, float]]:
    """Return the files of all hits with their scores."""
    embedder = ScriptedEmbedder()
    searcher = Searcher(
        records.connection,
        CandidateRankings(records.connection, embedder),
        EvidenceJudge(records.connection, embedder.model_folder.name),
    )
    found = searcher.search_passages(question, (), 20)
    return [(hit.file, hit.score) for hit in found.hits]


@pytest.mark.parametrize("candidates", [200, 20])
def test_the_order_of_reading_changes_nothing(
    libraries: tuple[LibraryRecords, ...], candidates: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rank_fusion, "CANDIDATES", candidates)
    one, other = (_found(records, QUESTION) for records in libraries)
    assert len(one) == 20
    assert one == other


def test_equal_passages_stand_by_the_names_of_their_files(
    libraries: tuple[LibraryRecords, ...],
) -> None:
    for records in libraries:
        rankings = CandidateRankings(records.connection, ScriptedEmbedder())
        found = rankings.rank_by_keyword("bolts", SearchScope())
        rows = records.connection.execute(
            "SELECT passage.id, name FROM passage JOIN content ON content.id = content_id"
        )
        names = {id_: str(name) for id_, name in rows}
        assert len(set(found.values())) < len(found)
        in_order = sorted(found, key=lambda id_: (-found[id_], names[id_], id_))
        assert list(found) == in_order
