"""`chat search|export|import|rename|trash|restore|delete`, for scripts and for people."""

import json
from pathlib import Path

import pytest

from core.chat.store.chat_database import ChatDatabase
from tests.chat.history import foreign_files
from tests.chat.talk import say
from tests.cli.conftest import Inglenook


@pytest.fixture
def pears(inglenook: Inglenook) -> str:
    """Save a chat and return its id."""
    paths = inglenook.paths
    paths.create_folders()
    chats = ChatDatabase(paths.chats, paths.backups)
    chat = say(chats, "Who planted the pear tree?", "Aunt Mathilda, in 1931.")
    chats.close()
    return chat.chat_id


def test_words_are_found_in_all_chats(inglenook: Inglenook, pears: str) -> None:
    title, asked = inglenook("chat", "search", "tree", "--json").objects
    assert (title["chat"], title["turn"]) == (pears, None)
    assert asked["role"] == "user"
    (hit,) = inglenook("chat", "search", "mathilda", "--json").objects
    (start, end), *_rest = hit["marks"]
    assert hit["excerpt"][start:end] == "Mathilda"
    assert "Aunt Mathilda, in 1931." in inglenook("chat", "search", "1931").out
    assert inglenook("chat", "search", "plum").err == "No chat holds these words.\n"


@pytest.mark.parametrize("form", ["md", "html", "json"])
def test_a_chat_is_written_to_the_screen_or_a_file(
    inglenook: Inglenook, pears: str, tmp_path: Path, form: str
) -> None:
    ran = inglenook("chat", "export", pears[:13], "--format", form)
    assert ran.code == 0
    assert "Aunt Mathilda" in ran.out
    path = tmp_path / f"out.{form}"
    (told,) = inglenook(
        "chat", "export", "--all", "--format", form, "--out", str(path), "--json"
    ).objects
    assert told == {"event": "exported", "chats": 1, "file": str(path)}
    assert "Aunt Mathilda" in path.read_text()
    path.write_text("mine")
    ran = inglenook("chat", "export", "--all", "--format", form, "--out", str(path))
    assert (ran.code, path.read_text()) == (1, "mine")
    assert f"There is a file {path} already.\nName another one, or write over it" in ran.err
    over = ("--out", str(path), "--force")
    assert inglenook("chat", "export", "--all", "--format", form, *over).code == 0
    assert "Aunt Mathilda" in path.read_text()


def test_export_says_what_it_lacks(inglenook: Inglenook, pears: str, tmp_path: Path) -> None:
    ran = inglenook("chat", "export", "--json")
    assert (ran.code, ran.objects[0]["code"]) == (1, "export_empty")
    assert inglenook("chat", "export", "nope").code == 1
    ran = inglenook("chat", "export", pears, "--out", str(tmp_path / "no" / "folder.md"))
    assert ran.code == 1
    assert "Traceback" not in ran.err
    ran = inglenook("chat", "export", pears, "--format", "pdf")
    assert ran.code == 2
    assert "PDF is written by the window. Use “Export” there" in ran.err
    (told,) = inglenook("chat", "export", pears, "--json").objects
    assert "Aunt Mathilda" in told["content"]


def test_an_exported_chat_is_taken_in_beside_the_first(
    inglenook: Inglenook, pears: str, tmp_path: Path
) -> None:
    path = tmp_path / "chats.json"
    inglenook("chat", "export", pears, "--format", "json", "--out", str(path))
    (told,) = inglenook("chat", "import", str(path), "--json").objects
    assert (told["event"], told["title"]) == ("imported", "Who planted the pear tree?")
    assert told["id"] != pears
    assert len(inglenook("chat", "list", "--json").objects) == 2
    assert "1 chat was taken in." in inglenook("chat", "import", str(path)).err


def test_an_exported_chat_keeps_its_folder(
    inglenook: Inglenook, documents: Path, tmp_path: Path
) -> None:
    inglenook("folder", "add", str(documents))
    chats = ChatDatabase(inglenook.paths.chats, inglenook.paths.backups)
    begun = chats.new_conversation("Pears", ("folder-1", "folder-2"))
    chat = say(chats, "Who planted the pear tree?", "Aunt Mathilda.", chat=begun)
    chats.close()
    path = tmp_path / "chats.json"
    inglenook("chat", "export", chat.chat_id, "--format", "json", "--out", str(path))
    (told,) = inglenook("chat", "import", str(path), "--json").objects
    chats = ChatDatabase(inglenook.paths.chats, inglenook.paths.backups)
    assert chats.load_conversation(told["id"]).folder_ids == ("folder-1",), "of those that are here"
    chats.close()


def test_chats_of_another_program_are_taken_in_once(inglenook: Inglenook, tmp_path: Path) -> None:
    content = [foreign_files.chatgpt_chat(n) for n in range(2)] + [{"odd": 1}]
    path = foreign_files.write_json(tmp_path / "conversations.json", content)
    told = inglenook("chat", "import", str(path), "--json").objects[-1]
    assert (told["event"], told["new"], told["left_out"]) == ("imported", 2, 1)
    assert "no chat of a program" in told["skipped"][0]["reason"]
    ran = inglenook("chat", "import", str(path))
    assert (ran.code, "Nothing new: all 2 chats are here already." in ran.err) == (0, True)
    assert "conversations.json 3: it is no chat of a program that is known here" in ran.out
    assert len(inglenook("chat", "list", "--json").objects) == 2


def test_a_file_that_is_no_export_changes_nothing(
    inglenook: Inglenook, pears: str, tmp_path: Path
) -> None:
    path = tmp_path / "odd.json"
    path.write_text(json.dumps({"messages": []}))
    ran = inglenook("chat", "import", str(path))
    assert ran.code == 1
    assert "odd.json" in ran.err
    assert inglenook("chat", "import", str(tmp_path)).code == 1
    assert len(inglenook("chat", "list", "--json").objects) == 1


def test_a_chat_goes_through_the_trash(inglenook: Inglenook, pears: str) -> None:
    (told,) = inglenook("chat", "trash", pears[:13], "--json").objects
    assert told["event"] == "trashed"
    assert inglenook("chat", "list", "--json").objects == []
    (trashed,) = inglenook("chat", "list", "--trash", "--json").objects
    assert trashed["trashed"]
    assert inglenook("chat", "restore", pears).code == 0
    assert inglenook("chat", "list", "--trash").err == "The trash is empty.\n"
    (listed,) = inglenook("chat", "list", "--json").objects
    assert (listed["id"], listed["trashed"], listed["group"]) == (pears, None, None)
    assert inglenook("chat", "delete", pears, "nope").code == 1
    assert len(inglenook("chat", "list", "--json").objects) == 1
    assert inglenook("chat", "delete", pears).code == 0
    assert inglenook("chat", "show", pears).code == 1


def test_a_chat_is_renamed(inglenook: Inglenook, pears: str) -> None:
    (told,) = inglenook("chat", "rename", pears, " The  pears ", "--json").objects
    assert told == {"event": "renamed", "id": pears, "title": "The pears"}
