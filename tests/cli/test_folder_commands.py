"""`folder`, as scripts and as people see it."""

from pathlib import Path

import pytest

from core.messages import AddFolder, ListFolders
from tests.cli.conftest import Inglenook


def test_adding_a_folder(inglenook: Inglenook, documents: Path) -> None:
    ran = inglenook("folder", "add", str(documents))
    assert ran.code == 0
    assert ran.out == "documents: 2 files indexed, 1 skipped, 1.2 s.\n"
    assert ran.err == "Skipped sub/secret.pdf: It is protected by a password.\n"


def test_adding_a_folder_as_json(inglenook: Inglenook, documents: Path) -> None:
    ran = inglenook("folder", "add", str(documents), "--json")
    assert ran.objects[0]["event"] == "skipped"
    assert ran.objects[0]["file"] == "sub/secret.pdf"
    assert ran.objects[0]["code"] == "file_encrypted"
    assert ran.objects[-1] == {
        "event": "done",
        "name": "documents",
        "path": str(documents),
        "files": 3,
        "indexed": 2,
        "skipped": 1,
        "state": "ready",
        "seconds": 1.25,
    }


def test_a_folder_without_anything_to_read(inglenook: Inglenook, documents: Path) -> None:
    inglenook("folder", "add", str(documents))
    inglenook.library.synced = {"state": "empty", "indexed": 0}
    ran = inglenook("folder", "sync", "documents", "--json")
    assert ran.code == 1
    assert [event["event"] for event in ran.objects] == ["skipped", "error"]
    assert ran.objects[-1]["code"] == "folder_empty"


def test_a_folder_that_is_not_there(inglenook: Inglenook, tmp_path: Path) -> None:
    ran = inglenook("folder", "add", str(tmp_path / "gone"))
    assert ran.code == 1
    assert "is not there" in ran.err
    assert inglenook.library.all_sent(AddFolder) == [], "no library is started to say so"


def test_several_folders_are_added_as_a_shell_names_them(
    inglenook: Inglenook, tmp_path: Path
) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    (tmp_path / "notes.txt").write_text("pears")
    paths = [str(tmp_path / name) for name in ("a", "notes.txt", "b", "a")]
    ran = inglenook("folder", "add", *paths, "--json")
    assert ran.code == 1
    assert [each["path"] for each in ran.objects if each["event"] == "done"] == [paths[0], paths[2]]
    assert [each["code"] for each in ran.objects if each["event"] == "error"] == ["folder_refused"]
    listed = inglenook("folder", "list", "--json").objects
    assert [each["name"] for each in listed] == ["a", "b"]


@pytest.mark.parametrize("words", [("folder", "add"), ("search", "pears", "--folder")])
def test_a_file_is_no_folder(inglenook: Inglenook, tmp_path: Path, words: tuple[str, ...]) -> None:
    file = tmp_path / "pears.txt"
    file.write_text("pears")
    ran = inglenook(*words, str(file), "--json")
    assert ran.code == 1
    assert ran.objects[-1]["code"] == "folder_refused"
    assert ran.objects[-1]["message"].endswith("it is a file, not a folder.")


def test_folders_are_listed_by_name(inglenook: Inglenook, tmp_path: Path) -> None:
    for name in ("b", "A", "c"):
        (tmp_path / name).mkdir()
        inglenook("folder", "add", str(tmp_path / name))
    rows = inglenook("folder", "list", "--json").objects
    assert [row["name"] for row in rows] == ["A", "b", "c"]


def test_listing_folders(inglenook: Inglenook, documents: Path) -> None:
    assert "no folders yet" in inglenook("folder", "list").err
    inglenook("folder", "add", str(documents))
    assert inglenook("folder", "list", "--json").objects == [
        {
            "name": "documents",
            "path": str(documents),
            "files": 3,
            "indexed": 2,
            "skipped": 1,
            "state": "ready",
        }
    ]
    heads, row = inglenook("folder", "list").out.splitlines()
    assert heads.split() == ["NAME", "FILES", "INDEXED", "SKIPPED", "STATE", "PATH"]
    assert heads.index("PATH") == row.index(str(documents))


def test_removing_a_folder(inglenook: Inglenook, documents: Path) -> None:
    inglenook("folder", "add", str(documents))
    assert inglenook("folder", "remove", "other").code == 1
    assert inglenook("folder", "remove", str(documents)).code == 0
    assert documents.is_dir()
    assert inglenook("folder", "list", "--json").objects == []


def test_syncing_all_folders(inglenook: Inglenook, documents: Path) -> None:
    assert inglenook("folder", "sync").code == 0
    inglenook("folder", "add", str(documents))
    assert inglenook("folder", "sync").out.count("indexed") == 1


def test_a_folder_that_is_away_does_not_keep_the_others_from_being_read(
    inglenook: Inglenook, tmp_path: Path
) -> None:
    for name in ("a", "b", "c"):
        (tmp_path / name).mkdir()
        inglenook("folder", "add", str(tmp_path / name))
    for name in ("a", "c"):
        (tmp_path / name).rmdir()
    ran = inglenook("folder", "sync")
    assert ran.code == 1
    assert ran.out == "b: 2 files indexed, 1 skipped, 1.2 s.\n"
    assert [line for line in ran.err.splitlines() if "is not there" in line] == [
        f"inglenook: The folder {tmp_path / name} is not there." for name in ("a", "c")
    ]
    events = inglenook("folder", "sync", "--json").objects
    assert sorted(event["event"] for event in events) == ["done", "error", "error", "skipped"]


def test_a_library_that_fails(inglenook: Inglenook) -> None:
    inglenook.library.deadly = {ListFolders}
    ran = inglenook("folder", "list", "--json")
    assert ran.code == 1
    assert ran.objects[-1]["code"] == "library_died"


def test_a_folder_in_another_language_is_waited_for_until_it_can_be_found(
    inglenook: Inglenook, documents: Path
) -> None:
    inglenook.library.moves_to = "/models/multilingual"
    ran = inglenook("folder", "add", str(documents))
    assert ran.code == 0
    assert "Not all of it is English" in ran.err
    assert inglenook.library.embedder == "/models/multilingual"
