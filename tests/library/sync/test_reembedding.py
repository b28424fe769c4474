"""Another embedding model: the old library answers until the new one is whole, then they change."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from core.base.errors import ErrorCode, InglenookError, LibraryError
from core.base.paths import Paths, embedding_model
from core.library.embedding.embedder import Embedder
from core.library.embedding.sentence_transformer_embedder import SentenceTransformerEmbedder
from core.library.filesystem.folder_scanner import ScannedEntry
from core.library.maintenance import reembedding as reembedding_module
from core.library.maintenance.embedder_choice import current_embedder_folder
from core.library.maintenance.outdated_files import mark_outdated_files
from core.library.maintenance.reembedding import (
    VECTOR_MODEL_KEY,
    Reembedding,
    swap_libraries,
)
from core.library.store.library_records import FolderRecord, LibraryRecords
from core.messages import EmbedderProgress
from tests.library.conftest import ScriptedEmbedder
from tests.library.shelving import put


class OtherEmbedder(ScriptedEmbedder):
    """Goes by another name; is loaded at once."""

    name = "other"
    tuning_json = "quick"


def open_embedder(folder: Path, remembered: str) -> Embedder:
    """Open the model that ships or the other one."""
    opened = SentenceTransformerEmbedder if folder == embedding_model() else OtherEmbedder
    return opened(folder, remembered)


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """Return the folder of the next model: the one that ships, under another path."""
    folder = tmp_path / "other-model"
    folder.symlink_to(embedding_model(), target_is_directory=True)
    return folder


@pytest.fixture
def folder(records: LibraryRecords) -> FolderRecord:
    folder = records.add_folder("/papers")
    put(records, folder, "rent.txt", "The rent is due on the first.")
    put(records, folder, "old/boiler.txt", "The boiler was serviced in May.")
    records.skip_file(folder.id, ScannedEntry("scan.pdf", 1, 1), ErrorCode.FILE_BROKEN, {"a": "b"})
    return folder


@pytest.fixture
def sent() -> list[msgspec.Struct]:
    return []


def internal(error: Exception) -> InglenookError:
    return InglenookError(ErrorCode.INTERNAL, detail=str(error))


@pytest.fixture
def reembedding(
    root: Paths, records: LibraryRecords, sent: list[msgspec.Struct]
) -> Iterator[Reembedding]:
    reembedding = Reembedding(root, records, open_embedder, sent.append, internal)
    yield reembedding
    reembedding.close()


def finish(reembedding: Reembedding) -> None:
    for _step in reembedding.embed_in_steps():
        pass
    assert reembedding.is_ready


def files(records: LibraryRecords) -> list[tuple[object, ...]]:
    return records.connection.execute(
        "SELECT path, file.name, size, hash, code, facts, waiting FROM file"
        " LEFT JOIN content ON content.id = content_id ORDER BY path"
    ).fetchall()


def keys(records: LibraryRecords) -> set[object]:
    return {row[0] for row in records.connection.execute("SELECT key FROM vector")}


def test_the_new_library_holds_the_same_with_other_vectors(
    root: Paths,
    records: LibraryRecords,
    folder: FolderRecord,
    model: Path,
    reembedding: Reembedding,
    sent: list[object],
) -> None:
    before, old_keys = files(records), keys(records)
    reembedding.choose_embedder(model)
    assert (current_embedder_folder(records), reembedding.next_embedder_folder) == (
        embedding_model(),
        model,
    )
    finish(reembedding)
    assert sent[-1] == EmbedderProgress(path=str(model), done=2, total=2)
    reembedding.close()
    records.close()
    swap_libraries(root)
    assert not root.next_library.exists()
    after = LibraryRecords(root)
    assert files(after) == before
    assert keys(after).isdisjoint(old_keys)
    assert (len(keys(after)), after.active_folders()) == (2, [folder])
    assert (current_embedder_folder(after), after.get_metadata(VECTOR_MODEL_KEY)) == (
        model,
        "other",
    )
    after.close()


def test_nothing_is_read_again_after_the_change(
    root: Paths,
    records: LibraryRecords,
    folder: FolderRecord,
    model: Path,
    reembedding: Reembedding,
) -> None:
    mark_outdated_files(records, recognize=True)
    put(records, folder, "rent.txt", "The rent is due on the second.")
    reembedding.choose_embedder(model)
    finish(reembedding)
    reembedding.close()
    records.close()
    swap_libraries(root)
    after = LibraryRecords(root)
    mark_outdated_files(after, recognize=True)
    assert not after.known_files(folder.id)["rent.txt"].waiting
    after.close()


def test_it_goes_on_where_it_was_and_takes_in_what_came_since(
    root: Paths,
    records: LibraryRecords,
    folder: FolderRecord,
    model: Path,
    reembedding: Reembedding,
    sent: list[msgspec.Struct],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reembedding_module, "FULL_QUEUE_TOKENS", 1)  # one document a time
    reembedding.choose_embedder(model)
    steps = reembedding.embed_in_steps()
    while reembedding.done < 1:
        next(steps)
    reembedding.close()  # the process died
    records.remove_files([records.known_files(folder.id)["rent.txt"]])
    put(records, folder, "new.txt", "The parrot is called Polly.")
    again = Reembedding(root, records, open_embedder, sent.append, internal)
    assert again.next_embedder_folder == model
    finish(again)
    again.close()
    with_next = LibraryRecords(root, file=root.next_library)
    assert files(with_next) == files(records)
    with_next.close()


def test_choosing_the_present_model_undoes_the_choice(
    root: Paths,
    records: LibraryRecords,
    folder: FolderRecord,
    model: Path,
    reembedding: Reembedding,
) -> None:
    reembedding.choose_embedder(model)
    assert root.next_library.exists()
    reembedding.choose_embedder(embedding_model())
    assert reembedding.next_embedder_folder is None
    assert not root.next_library.exists()
    assert list(reembedding.embed_in_steps()) == []


def test_a_folder_that_is_no_model_changes_nothing(
    root: Paths, tmp_path: Path, reembedding: Reembedding
) -> None:
    with pytest.raises(LibraryError) as refused:
        reembedding.choose_embedder(tmp_path)
    assert refused.value.code == ErrorCode.EMBEDDER_REFUSED
    assert not root.next_library.exists()


def test_a_replaced_model_may_be_chosen_again(
    root: Paths, records: LibraryRecords, model: Path, reembedding: Reembedding
) -> None:
    records.set_metadata(VECTOR_MODEL_KEY, "an older one")
    reembedding.choose_embedder(embedding_model())
    assert reembedding.next_embedder_folder == embedding_model()
