"""Faults 14 and 15: a document changes, goes or gets another name while it is read."""

from collections.abc import Callable
from pathlib import Path

import pytest

from core.base.paths import Paths
from core.library.reading.file_reader import FileReader
from core.library.store.library_records import LibraryRecords
from core.library.sync.folder_sync import FolderSync, SyncDependencies
from tests.library.conftest import ScriptedEmbedder

pytestmark = pytest.mark.slow

_FACTS = " ".join(f"Crate {number} holds {number * 7} pears." for number in range(6000))


class ChangingEmbedder(ScriptedEmbedder):
    """Does something to the folder when the first passages of a file are embedded."""

    change: Callable[[], object] | None = None

    def embed(self, texts: list[str]):  # type: ignore[no-untyped-def] # as the class above
        if self.change is not None:
            change, self.change = self.change, None
            change()
        return super().embed(texts)


def _sync(
    records: LibraryRecords, root: Paths, folder_path: Path, embedder: ScriptedEmbedder
) -> None:
    known = [each for each in records.active_folders() if each.path == str(folder_path)]
    folder = known[0] if known else records.add_folder(str(folder_path))
    tools = SyncDependencies(
        records=records,
        embedder=embedder,
        new_reader=lambda: FileReader(root.logs / "extractor.log", lambda: None),
        app_root=root.root,
        send=lambda _message: None,
    )
    for _step in FolderSync(tools, folder, "sync").sync_in_steps():
        pass


def _texts(records: LibraryRecords) -> dict[str, str]:
    rows = records.connection.execute(
        "SELECT file.name, group_concat(section.text, '') FROM file"
        " JOIN section USING (content_id) GROUP BY file.id"
    )
    return {str(name): str(text) for name, text in rows}


@pytest.fixture
def papers(tmp_path: Path) -> Path:
    folder = tmp_path / "papers"
    folder.mkdir()
    (folder / "manual.txt").write_text(_FACTS)
    return folder


def test_old_and_new_text_are_never_mixed(
    records: LibraryRecords, root: Paths, papers: Path
) -> None:
    embedder = ChangingEmbedder()
    new = _FACTS.replace("pears", "plums")
    embedder.change = lambda: (papers / "manual.txt").write_text(new)
    _sync(records, root, papers, embedder)
    text = _texts(records).get("manual.txt", "")
    assert not ("pears" in text and "plums" in text)
    _sync(records, root, papers, embedder)
    text = _texts(records)["manual.txt"]
    assert "plums" in text
    assert "pears" not in text


def test_a_file_that_goes_is_not_cited_as_if_it_were_there(
    records: LibraryRecords, root: Paths, papers: Path
) -> None:
    embedder = ChangingEmbedder()
    embedder.change = (papers / "manual.txt").unlink
    _sync(records, root, papers, embedder)
    _sync(records, root, papers, embedder)
    assert _texts(records) == {}


def test_a_file_that_gets_another_name_is_found_under_it(
    records: LibraryRecords, root: Paths, papers: Path
) -> None:
    embedder = ChangingEmbedder()
    embedder.change = lambda: (papers / "manual.txt").rename(papers / "guide.txt")
    _sync(records, root, papers, embedder)
    _sync(records, root, papers, embedder)
    assert set(_texts(records)) == {"guide.txt"}
