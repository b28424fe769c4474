"""Another embedding model: the old library answers until the new one is whole, then they change."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from core.errors import Code, InglenookError, LibraryError
from core.library import renewal as renewal_module
from core.library.records import Folder, Records
from core.library.renewal import MADE_WITH, Renewal, change_places, chosen_folder, next_library
from core.library.scanner import Found
from core.messages import EmbedderProgress
from core.paths import Paths, embedding_model
from tests.library.conftest import ScriptedEmbedder
from tests.library.shelving import put


class OtherEmbedder(ScriptedEmbedder):
    """Goes by another name; is loaded at once."""

    name = "other"
    batch_tokens = 512
    habit = "quick"

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def load(self) -> None:
        """There is nothing to load."""


@pytest.fixture
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of the next model: the one that ships, under another path."""
    monkeypatch.setattr(renewal_module, "Embedder", OtherEmbedder)
    folder = tmp_path / "other-model"
    folder.symlink_to(embedding_model(), target_is_directory=True)
    return folder


@pytest.fixture
def folder(records: Records) -> Folder:
    folder = records.add_folder("/papers")
    put(records, folder, "rent.txt", "The rent is due on the first.")
    put(records, folder, "old/boiler.txt", "The boiler was serviced in May.")
    records.skip_file(folder.id, Found("scan.pdf", 1, 1), Code.FILE_BROKEN, {"a": "b"})
    return folder


@pytest.fixture
def sent() -> list[msgspec.Struct]:
    return []


def internal(error: Exception) -> InglenookError:
    return InglenookError(Code.INTERNAL, detail=str(error))


@pytest.fixture
def renewal(root: Paths, records: Records, sent: list[msgspec.Struct]) -> Iterator[Renewal]:
    renewal = Renewal(root, records, sent.append, internal)
    yield renewal
    renewal.close()


def finish(renewal: Renewal) -> None:
    for _step in renewal.steps():
        pass
    assert renewal.is_ready


def files(records: Records) -> list[tuple[object, ...]]:
    return records.connection.execute(
        "SELECT path, file.name, size, hash, code, facts, waiting FROM file"
        " LEFT JOIN content ON content.id = content_id ORDER BY path"
    ).fetchall()


def keys(records: Records) -> set[object]:
    return {row[0] for row in records.connection.execute("SELECT key FROM vector")}


def test_the_new_library_holds_the_same_with_other_vectors(
    root: Paths, records: Records, folder: Folder, model: Path, renewal: Renewal, sent: list[object]
) -> None:
    before, old_keys = files(records), keys(records)
    renewal.choose(model)
    assert (chosen_folder(records), renewal.folder) == (embedding_model(), model)
    finish(renewal)
    assert sent[-1] == EmbedderProgress(path=str(model), done=2, total=2)
    renewal.close()
    records.close()
    change_places(root)
    assert not next_library(root).exists()
    after = Records(root)
    assert files(after) == before
    assert keys(after).isdisjoint(old_keys)
    assert (len(keys(after)), after.folders()) == (2, [folder])
    assert (chosen_folder(after), after.note(MADE_WITH)) == (model, "other")
    after.close()


def test_it_goes_on_where_it_was_and_takes_in_what_came_since(
    root: Paths, records: Records, folder: Folder, model: Path, renewal: Renewal,
    sent: list[msgspec.Struct], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(renewal_module, "FULL_TOKENS", 1)  # one document a time
    renewal.choose(model)
    steps = renewal.steps()
    while renewal.done < 1:
        next(steps)
    renewal.close()  # the process died
    records.remove_files([records.files(folder.id)["rent.txt"]])
    put(records, folder, "new.txt", "The parrot is called Polly.")
    again = Renewal(root, records, sent.append, internal)
    assert again.folder == model
    finish(again)
    again.close()
    with_next = Records(root, file=next_library(root))
    assert files(with_next) == files(records)
    with_next.close()


def test_choosing_the_present_model_undoes_the_choice(
    root: Paths, records: Records, folder: Folder, model: Path, renewal: Renewal
) -> None:
    renewal.choose(model)
    assert next_library(root).exists()
    renewal.choose(embedding_model())
    assert renewal.folder is None
    assert not next_library(root).exists()
    assert list(renewal.steps()) == []


def test_a_folder_that_is_no_model_changes_nothing(
    root: Paths, tmp_path: Path, renewal: Renewal
) -> None:
    with pytest.raises(LibraryError):
        renewal.choose(tmp_path)
    assert not next_library(root).exists()


def test_a_replaced_model_may_be_chosen_again(
    root: Paths, records: Records, model: Path, renewal: Renewal
) -> None:
    records.put_note(MADE_WITH, "an older one")
    renewal.choose(embedding_model())
    assert renewal.folder == embedding_model()
