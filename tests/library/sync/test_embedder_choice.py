"""The model that embeds follows the languages of the texts, unless a person has named one."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.base.errors import ErrorCode, InglenookError
from core.base.paths import Paths, embedding_model, multilingual_embedding_model
from core.library.maintenance import embedder_choice
from core.library.maintenance.embedder_choice import (
    EMBEDDER_KEY,
    current_embedder_folder,
    embedder_for_languages,
)
from core.library.maintenance.reembedding import Reembedding, swap_libraries
from core.library.store.library_records import FolderRecord, LibraryRecords
from tests.library.conftest import ScriptedEmbedder
from tests.library.shelving import put

GERMAN = "Die Miete ist am Ersten des Monats fällig und wird von der Verwaltung eingezogen."
ENGLISH = "The rent is due on the first of the month and is collected by the office."


class Embedder(ScriptedEmbedder):
    """Takes any folder for a model."""

    def check_model(self) -> None:
        """Refuse nothing."""

    @property
    def name(self) -> str:  # type: ignore[override]
        return self.model_folder.name


@pytest.fixture(autouse=True)
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let the multilingual model be there, in a folder that a test may take away."""
    folder = tmp_path / "multilingual"
    folder.mkdir()
    monkeypatch.setattr(embedder_choice, "multilingual_embedding_model", lambda: folder)
    return folder


@pytest.fixture
def papers(records: LibraryRecords) -> FolderRecord:
    return records.add_folder("/papers")


@pytest.fixture
def renewal(root: Paths, records: LibraryRecords) -> Iterator[Reembedding]:
    def internal(error: Exception) -> InglenookError:
        return InglenookError(ErrorCode.INTERNAL, detail=str(error))

    renewal = Reembedding(root, records, Embedder, lambda _event: None, internal)
    yield renewal
    renewal.close()


def test_english_texts_need_no_other(records: LibraryRecords, papers: FolderRecord) -> None:
    assert embedder_for_languages(records) == embedding_model()
    put(records, papers, "rent.txt", ENGLISH)
    assert embedder_for_languages(records) == embedding_model()


@pytest.mark.parametrize(
    ("german", "english", "expected"), [(1, 0, True), (1, 4, False), (3, 4, True)]
)
def test_a_few_german_ones_do(
    records: LibraryRecords,
    papers: FolderRecord,
    shipped: Path,
    german: int,
    english: int,
    *,
    expected: bool,
) -> None:
    for number in range(german):
        put(records, papers, f"miete{number}.txt", f"{GERMAN} {number}")
    for number in range(english):
        put(records, papers, f"rent{number}.txt", f"{ENGLISH} {number}")
    assert (embedder_for_languages(records) == shipped) is expected
    shipped.rmdir()
    assert embedder_for_languages(records) == embedding_model()


def test_a_library_moves_over_and_stays(
    root: Paths, records: LibraryRecords, papers: FolderRecord, renewal: Reembedding, shipped: Path
) -> None:
    put(records, papers, "miete.txt", GERMAN)
    renewal.follow_languages()
    assert renewal.next_embedder_folder == shipped
    assert current_embedder_folder(records) == embedding_model()  # which answers meanwhile
    for _step in renewal.embed_in_steps():
        pass
    renewal.close()
    records.close()
    swap_libraries(root)
    after = LibraryRecords(root)
    assert current_embedder_folder(after) == shipped
    assert after.get_metadata(EMBEDDER_KEY) == "multilingual"  # its path moves with the program
    after.remove_files([after.known_files(papers.id)["miete.txt"]])
    again = Reembedding(root, after, Embedder, lambda _event: None, lambda error: error)  # type: ignore[arg-type,return-value]
    again.follow_languages()
    assert again.next_embedder_folder is None
    again.close()
    after.close()


def test_what_a_person_chose_is_kept(
    records: LibraryRecords, papers: FolderRecord, renewal: Reembedding, shipped: Path
) -> None:
    put(records, papers, "miete.txt", GERMAN)
    renewal.choose_embedder(embedding_model())
    renewal.follow_languages()
    assert renewal.next_embedder_folder is None
    renewal.choose_by_languages()
    assert renewal.next_embedder_folder == shipped
    renewal.choose_embedder(shipped)
    renewal.follow_languages()
    assert renewal.next_embedder_folder == shipped


def test_a_model_of_ones_own_is_kept(
    records: LibraryRecords, papers: FolderRecord, renewal: Reembedding
) -> None:
    records.set_metadata(EMBEDDER_KEY, "/models/own")
    put(records, papers, "miete.txt", GERMAN)
    renewal.follow_languages()
    assert renewal.next_embedder_folder is None


def test_the_real_one_lies_where_it_should() -> None:
    assert (multilingual_embedding_model() / "model.safetensors").is_file()
