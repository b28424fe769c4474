"""What narrows a search: folders, kinds, dates, paths, and words in quotation marks."""

import pytest

from core.library.search.evidence_judge import EvidenceJudge
from core.library.search.query_syntax import phrase_expression, quoted_phrases, without_quotes
from core.library.search.rank_fusion import CandidateRankings
from core.library.search.search_scope import SearchScope
from core.library.search.searcher import Searcher
from core.library.store.library_records import FolderRecord, LibraryRecords
from core.messages import SearchFilters
from tests.library.conftest import ScriptedEmbedder
from tests.library.shelving import put

LEASES = {"contracts/Lease 2023.PDF", "contracts/old/lease.pdf"}
RENT = "The rent is due on the third working day"


@pytest.fixture
def folder(records: LibraryRecords) -> FolderRecord:
    folder = records.add_folder("/papers")
    put(records, folder, "contracts/Lease 2023.PDF", f"{RENT} of the month, by standing order.")
    put(records, folder, "contracts/old/lease.pdf", f"{RENT}, in cash.")
    put(records, folder, "notes/rent.md", f"{RENT}, I think.")
    put(records, folder, "odd[1].txt", f"{RENT}; odd.")
    connection = records.connection
    connection.execute("UPDATE file SET modified_ns = ? WHERE name LIKE 'notes%'", (2_000_000_000,))
    return folder


@pytest.fixture
def searcher(records: LibraryRecords, embedder: ScriptedEmbedder) -> Searcher:
    rankings = CandidateRankings(records.connection, embedder)
    return Searcher(
        records.connection, rankings, EvidenceJudge(records.connection, embedder.model_folder.name)
    )


def files(
    searcher: Searcher, filters: SearchFilters, question: str = "when is the rent due"
) -> set[str]:
    return {hit.file for hit in searcher.search_passages(question, (), 9, filters).hits}


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (SearchFilters(types=("pdf",)), LEASES),
        (SearchFilters(types=(".md", "txt")), {"notes/rent.md", "odd[1].txt"}),
        (SearchFilters(types=("p?f",)), set()),
        (SearchFilters(paths=("contracts",)), LEASES),
        (SearchFilters(paths=("Contracts/*.pdf",)), LEASES),
        (SearchFilters(paths=("lease.pdf",)), {"contracts/old/lease.pdf"}),
        (SearchFilters(paths=("old/*",)), {"contracts/old/lease.pdf"}),
        (SearchFilters(since=1.5), {"notes/rent.md"}),
        (SearchFilters(until=1.5, types=("txt",)), {"odd[1].txt"}),
        (SearchFilters(since=1.5, types=("pdf",)), set()),
        (SearchFilters(since=2.0), {"notes/rent.md"}),
        (SearchFilters(until=2.0, paths=("notes",)), set()),
    ],
)
def test_files_that_may_answer(
    searcher: Searcher, folder: FolderRecord, filters: SearchFilters, expected: set[str]
) -> None:
    assert files(searcher, filters) == expected


def test_a_folder_that_is_being_removed_does_not_answer(
    searcher: Searcher, records: LibraryRecords, folder: FolderRecord
) -> None:
    next(records.remove_folder_in_steps(folder.id))
    assert files(searcher, SearchFilters()) == set()


def test_words_in_quotation_marks_stand_together(searcher: Searcher, folder: FolderRecord) -> None:
    found = files(searcher, SearchFilters(), "is the rent paid by “standing order”?")
    assert found == {"contracts/Lease 2023.PDF"}
    assert files(searcher, SearchFilters(), 'is the rent paid by "order standing"?') == set()
    assert len(files(searcher, SearchFilters(), "is the rent paid by order standing?")) > 1


def test_a_phrase_may_stand_in_the_title(searcher: Searcher, folder: FolderRecord) -> None:
    assert files(searcher, SearchFilters(), 'when is the rent due, "Lease 2023"') == {
        "contracts/Lease 2023.PDF"
    }


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ('what is "drain pump"?', ("drain pump",)),
        ("„Kleine Reparatur“ und «charges locatives»", ("Kleine Reparatur", "charges locatives")),
        ("“one” and “two”", ("one", "two")),
        ("「家賃」はいつ", ("家賃",)),
        ("a pasted “text” " + "of many words " * 20, ()),
        ('5" pipe and 6" hose', ()),
        ('an empty "" one and "?"', ()),
    ],
)
def test_phrases_of_a_question(question: str, expected: tuple[str, ...]) -> None:
    assert quoted_phrases(question) == expected


def test_a_phrase_is_only_words() -> None:
    assert phrase_expression('x" OR *') == '"x or"'
    assert phrase_expression("家賃は") == '"家賃 は"'
    assert without_quotes('is "drain pump" one') == "is drain pump one"


def test_a_scope_knows_whether_it_leaves_anything_out(
    records: LibraryRecords, folder: FolderRecord
) -> None:
    connection = records.connection
    assert SearchScope().is_whole_library(connection)
    assert SearchScope((folder.id,)).is_whole_library(connection)
    assert not SearchScope((folder.id,), SearchFilters(types=("pdf",))).is_whole_library(connection)
    assert not SearchScope(phrases=('"x"',)).is_whole_library(connection)
    records.add_folder("/other")
    assert not SearchScope((folder.id,)).is_whole_library(connection)
