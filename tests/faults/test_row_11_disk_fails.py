"""Faults 11 and 12: a disk that can't be read in places, and a data folder that is read-only."""

import os
from pathlib import Path

import pytest

from core.base.errors import ErrorCode, StorageError
from core.base.paths import Paths
from core.chat.store.chat_database import ChatDatabase
from core.library.reading.file_reader import FileReader
from core.library.store.library_records import LibraryRecords
from core.library.sync.folder_sync import FolderSync, SyncDependencies
from core.messages import FileSkipped
from tests.chat.saved_chats import save_chats
from tests.faults.disks import MEGABYTE, drive, format_image, needs_disks, read_only
from tests.library.conftest import ScriptedEmbedder

pytestmark = [pytest.mark.slow, needs_disks]


def test_a_file_on_bad_blocks_is_skipped_with_a_reason(tmp_path: Path, root: Paths) -> None:
    image = format_image(tmp_path / "drive", 48)
    with drive(image, tmp_path / "disk") as disk:
        papers = disk / "papers"
        papers.mkdir()
        (papers / "good.txt").write_text("The strawberries were sown on 3 April. " * 20)
        (papers / "bad.txt").write_text("The rent is due on the first of the month. " * 500_000)
    with drive(image, tmp_path / "disk") as disk:
        _read_whole(disk / "papers" / "good.txt")
        with (disk / "papers" / "bad.txt").open("rb") as file:
            file.read(1)  # its place on the drive is known then
        os.truncate(image, 8 * MEGABYTE)  # what lay behind it can't be read any more
        skipped, kept = _sync(root, disk / "papers")
        os.truncate(image, 48 * MEGABYTE)
    assert kept == {"good.txt"}
    assert [each.file for each in skipped] == ["bad.txt"]
    assert skipped[0].code


def _read_whole(path: Path) -> None:
    path.read_bytes()


def _sync(root: Paths, papers: Path) -> tuple[list[FileSkipped], set[str]]:
    sent: list[object] = []
    records = LibraryRecords(root)
    folder = records.add_folder(str(papers))
    tools = SyncDependencies(
        records=records,
        embedder=ScriptedEmbedder(),
        new_reader=lambda: FileReader(root.logs / "extractor.log", lambda: None),
        app_root=root.root,
        send=sent.append,
    )
    for _step in FolderSync(tools, folder, "sync").sync_in_steps():
        pass
    known = records.known_files(folder.id)
    records.close()
    kept = {name for name, file in known.items() if file.content_id}
    return [each for each in sent if isinstance(each, FileSkipped)], kept


def test_a_read_only_data_folder_is_said_and_left_as_it_is(root: Paths) -> None:
    texts = save_chats(root)
    before = {path.name: path.read_bytes() for path in root.root.iterdir() if path.is_file()}
    with read_only(root.root):
        with pytest.raises(StorageError) as caught:
            ChatDatabase(root.chats, root.backups)
        assert caught.value.code is ErrorCode.ROOT_UNWRITABLE
        assert "Traceback" not in str(caught.value)
    assert {p.name: p.read_bytes() for p in root.root.iterdir() if p.is_file()} == before
    chats = ChatDatabase(root.chats, root.backups)
    assert set(texts) == chats.chat_ids()
    chats.close()
