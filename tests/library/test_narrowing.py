"""What narrows a search: folders, kinds, dates, paths, and words in quotation marks."""

import pytest

from core.library.floor import Floor
from core.library.rankings import Rankings
from core.library.records import Folder, Records
from core.library.scope import Scope
from core.library.search import Searcher
from core.library.wanted import phrase_expression, phrases, unquoted
from core.messages import Filters
from tests.library.conftest import ScriptedEmbedder
from tests.library.shelving import put

LEASES = {"contracts/Lease 2023.PDF", "contracts/old/lease.pdf"}
RENT = "The rent is due on the third working day"


@pytest.fixture
def folder(records: Records) -> Folder:
    folder = records.add_folder("/papers")
    put(records, folder, "contracts/Lease 2023.PDF", f"{RENT} of the month, by standing order.")
    put(records, folder, "contracts/old/lease.pdf", f"{RENT}, in cash.")
    put(records, folder, "notes/rent.md", f"{RENT}, I think.")
    put(records, folder, "odd[1].txt", f"{RENT}; odd.")
    connection = records.connection
    connection.execute("UPDATE file SET modified_ns = ? WHERE name LIKE 'notes%'", (2_000_000_000,))
    return folder


@pytest.fixture
def searcher(records: Records, embedder: ScriptedEmbedder) -> Searcher:
    rankings = Rankings(records.connection, embedder)
    return Searcher(records.connection, rankings, Floor(records.connection, embedder))


def files(searcher: Searcher, filters: Filters, question: str = "when is the rent due") -> set[str]:
    return {hit.file for hit in searcher.search(question, (), 9, filters)}


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(types=("pdf",)), LEASES),
        (Filters(types=(".md", "txt")), {"notes/rent.md", "odd[1].txt"}),
        (Filters(types=("p?f",)), set()),
        (Filters(paths=("contracts",)), LEASES),
        (Filters(paths=("Contracts/*.pdf",)), LEASES),
        (Filters(paths=("lease.pdf",)), {"contracts/old/lease.pdf"}),
        (Filters(paths=("old/*",)), {"contracts/old/lease.pdf"}),
        (Filters(since=1.5), {"notes/rent.md"}),
        (Filters(until=1.5, types=("txt",)), {"odd[1].txt"}),
        (Filters(since=1.5, types=("pdf",)), set()),
        (Filters(since=2.0), {"notes/rent.md"}),
        (Filters(until=2.0, paths=("notes",)), set()),
    ],
)
def test_files_that_may_answer(
    searcher: Searcher, folder: Folder, filters: Filters, expected: set[str]
) -> None:
    assert files(searcher, filters) == expected


def test_a_folder_that_is_being_removed_does_not_answer(
    searcher: Searcher, records: Records, folder: Folder
) -> None:
    next(records.remove_folder_steps(folder.id))
    assert files(searcher, Filters()) == set()


def test_words_in_quotation_marks_stand_together(searcher: Searcher, folder: Folder) -> None:
    found = files(searcher, Filters(), "is the rent paid by “standing order”?")
    assert found == {"contracts/Lease 2023.PDF"}
    assert files(searcher, Filters(), 'is the rent paid by "order standing"?') == set()
    assert len(files(searcher, Filters(), "is the rent paid by order standing?")) > 1


def test_a_phrase_may_stand_in_the_title(searcher: Searcher, folder: Folder) -> None:
    assert files(searcher, Filters(), 'when is the rent due, "Lease 2023"') == {
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
    assert phrases(question) == expected


def test_a_phrase_is_only_words() -> None:
    assert phrase_expression('x" OR *') == '"x or"'
    assert phrase_expression("家賃は") == '"家賃 は"'
    assert unquoted('is "drain pump" one') == "is drain pump one"


def test_a_scope_knows_whether_it_leaves_anything_out(records: Records, folder: Folder) -> None:
    connection = records.connection
    assert Scope().is_everything(connection)
    assert Scope((folder.id,)).is_everything(connection)
    assert not Scope((folder.id,), Filters(types=("pdf",))).is_everything(connection)
    assert not Scope(phrases=('"x"',)).is_everything(connection)
    records.add_folder("/other")
    assert not Scope((folder.id,)).is_everything(connection)
