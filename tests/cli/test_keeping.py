"""`inglenook folder status, pause, resume, include, retry, verify, embedder`."""

from pathlib import Path

import pytest
from msgspec import structs

from core.messages import FileSkipped, LibraryDamage, SyncFolder
from tests.cli.conftest import Inglenook


@pytest.fixture
def kept(inglenook: Inglenook, documents: Path) -> Inglenook:
    """The command line, after it has read a folder."""
    assert inglenook("folder", "add", str(documents)).code == 0
    return inglenook


def test_the_status_of_a_folder(kept: Inglenook, documents: Path) -> None:
    ran = kept("folder", "status", "documents", "--json")
    assert ran.objects == [
        {
            "name": "documents",
            "path": str(documents),
            "state": "ready",
            "files": {"total": 3, "indexed": 2, "waiting": 0, "changes": 0, "skipped": 1},
            "passages": 9,
            "offline": False,
            "watched": None,
            "hidden": False,
            "included": [],
            "current": None,
            "seconds_left": None,
            "last_sync": None,
            "index": None,
            "embedder": "/models/own",
            "next_embedder": None,
        }
    ]


def test_a_folder_that_is_read_says_how_long_it_takes(kept: Inglenook) -> None:
    folders = kept.library.folders
    folders["folder-1"] = structs.replace(
        folders["folder-1"], state="syncing", waiting=2, synced=1699963200.0, hidden=True
    )
    ran = kept("folder", "status")
    assert "2 indexed, 2 waiting, 1 skipped · about 10 minutes left" in ran.out
    assert "in step on" not in ran.out, "files wait"
    assert "Read although passed over elsewhere: hidden folders" in ran.out
    assert "Exact search answers, over 1 vector." in ran.out
    (told,) = kept("folder", "status", "--json").objects
    assert (told["seconds_left"], told["current"]) == (600.0, "a.txt")
    assert told["last_sync"] == "2023-11-14T12:00:00+00:00"


def test_a_folder_is_paused_and_resumed(kept: Inglenook) -> None:
    assert kept("folder", "pause", "documents").out == "documents is paused.\n"
    assert kept("folder", "list", "--json").objects[0]["state"] == "paused"
    synced = kept("folder", "sync")
    assert (synced.code, synced.out) == (0, "")
    assert "documents is paused; “inglenook folder resume”" in synced.err
    (told,) = kept("folder", "sync", "--json").objects
    assert (told["event"], told["name"]) == ("paused", "documents")
    assert kept("folder", "resume").out == "documents is read again.\n"
    assert kept("folder", "resume", "--json").objects == [{"name": "documents", "paused": False}]
    assert kept("folder", "pause", "nobody").code == 1


def test_parts_are_included_and_left_out_again(kept: Inglenook) -> None:
    assert kept("folder", "include", "documents", "node_modules", "--hidden").code == 0
    told = kept("folder", "include", "documents", "--json")
    assert told.objects == [{"name": "documents", "hidden": True, "included": ["node_modules"]}]
    kept("folder", "include", "documents", "node_modules", "--undo", "--no-hidden")
    assert kept("folder", "include", "documents").out.endswith("elsewhere: nothing\n")
    assert kept("folder", "include", "documents", "--hidden", "--no-hidden").code == 2


def test_skipped_files_are_read_again(kept: Inglenook) -> None:
    wrong = kept("folder", "retry", "documents", "sub/other.pdf", "--json")
    assert (wrong.code, wrong.objects[0]["code"]) == (1, "file_not_skipped")
    assert not kept.library.all_sent(SyncFolder)
    kept.library.skipped["folder-1"] = (
        FileSkipped(request_id="", folder_id="folder-1", file="sub/secret.pdf", code="protected"),
    )
    ran = kept("folder", "retry", "documents", "sub/secret.pdf")
    assert ran.code == 0
    (sync,) = kept.library.all_sent(SyncFolder)
    assert (sync.folder_id, sync.retry, sync.file) == ("folder-1", True, "sub/secret.pdf")


def test_a_check_without_and_with_findings(kept: Inglenook) -> None:
    assert kept("folder", "verify").out == "All is well: 9 passages and 8 vectors were checked.\n"
    kept.library.damage = (
        LibraryDamage(kind="vectors", count=2, mended=True),
        LibraryDamage(kind="index", count=1, mended=True),
    )
    ran = kept("folder", "verify")
    assert "2 vectors were damaged; they were made anew." in ran.out
    assert "exact search answers" in ran.out
    assert ran.code == 0
    told = kept("folder", "verify", "--json").objects[0]
    assert told["findings"][0] == {"kind": "vectors", "count": 2, "mended": True}


def test_the_embedding_model_is_shown_and_changed(kept: Inglenook, tmp_path: Path) -> None:
    assert kept("folder", "embedder").out == "Embedding model: /models/own\n"
    other = str(tmp_path / "bge")
    assert kept("folder", "embedder", other, "--json").objects == [
        {"embedder": other, "next": None}
    ]
    assert kept("folder", "embedder", other, "--default").code == 2
