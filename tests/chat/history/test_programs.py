"""Chats of each program: turns, branches, thoughts, times, models and names of attachments."""

import contextlib
import json
import sqlite3
from pathlib import Path

import pytest

from core.base.errors import ErrorCode, StorageError
from core.chat.conversations.conversation import Conversation, Role
from core.chat.history import history_files, json_elements
from core.chat.history.foreign_chat import SkippedChat
from core.chat.history.history_reader import is_own_export, may_hold_history, read_history
from tests.chat.history import foreign_files as files


def _chats(path: Path) -> list[Conversation]:
    return [item for item, _share in read_history(path) if isinstance(item, Conversation)]


def _left_out(path: Path) -> list[SkippedChat]:
    return [item for item, _share in read_history(path) if isinstance(item, SkippedChat)]


def _words(chat: Conversation) -> list[str]:
    return [turn.text for turn in chat.path()]


@pytest.mark.parametrize("packed", [False, True])
def test_chatgpt(tmp_path: Path, *, packed: bool) -> None:
    content = [files.chatgpt_chat(answers=2)]
    path = (
        files.write_zip(
            tmp_path / "export.zip", conversations__json=json.dumps(content), user__json="{}"
        )
        if packed
        else files.write_json(tmp_path / "conversations.json", content)
    )
    assert may_hold_history(path)
    (chat,) = _chats(path)
    question, answer = chat.path()
    assert (chat.title, question.role) == ("Bed 0", Role.USER)
    assert (question.text, question.note) == (
        "What grows in bed 0?",
        "Attached there: photo of bed.png",
    )
    assert answer.text == "Leeks, says answer 1."
    assert answer.thinking == "Looking\nThe leaves are long.\n\nlook(1)\n\nleek"
    assert answer.model == "gpt-4o"
    assert answer.created == files.START + 7
    assert len(chat.turns) == 3
    assert chat.updated == files.START + 60


def test_claude(tmp_path: Path) -> None:
    path = files.write_json(tmp_path / "conversations.json", [files.claude_chat()])
    assert may_hold_history(path)
    (chat,) = _chats(path)
    assert _words(chat) == ["Ripe?", "In autumn.", "And apples?", "Later."]
    assert len(chat.turns) == 5
    assert chat.path()[0].note == "Attached there: pears.txt"
    assert chat.path()[1].thinking == "Pears keep long."


def test_open_webui(tmp_path: Path) -> None:
    path = files.write_json(tmp_path / "chat-export.json", [files.open_webui_chat()])
    assert may_hold_history(path)
    (chat,) = _chats(path)
    question, answer = chat.path()
    assert (question.text, question.note) == ("Tea?", "Attached there: tea.pdf")
    assert (answer.text, answer.thinking, answer.model) == ("Green.", "Hm.", "llama3:8b")
    assert {turn.model for turn in chat.turns.values()} == {"", "llama3:8b", "qwen3:4b"}


def _webui_database(path: Path, *chats: object) -> Path:
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(
            "CREATE TABLE chat (id VARCHAR(255) NOT NULL, user_id VARCHAR(255), title TEXT, "
            "share_id VARCHAR(255), archived BOOLEAN, created_at DATETIME, updated_at DATETIME, "
            "chat JSON, pinned BOOLEAN, meta JSON, folder_id TEXT)"
        )
        for number, chat in enumerate(chats):
            text = chat if isinstance(chat, str) else json.dumps(chat)
            values = (f"webui-{number}", "Beds", 1_760_000_000 + number, 1_760_000_100, text)
            connection.execute(
                "INSERT INTO chat (id, title, created_at, updated_at, chat) VALUES (?,?,?,?,?)",
                values,
            )
        connection.commit()
    return path


def test_the_database_of_open_webui(tmp_path: Path) -> None:
    exported = files.open_webui_chat()["chat"]
    path = _webui_database(tmp_path / "webui.db", exported, '{"history": {"mess', exported)
    assert may_hold_history(path)
    items = [item for item, _share in read_history(path)]
    first, damaged, last = items
    assert isinstance(first, Conversation)
    assert isinstance(last, Conversation)
    assert damaged == SkippedChat("Beds", "a part of it is damaged")
    assert [turn.text for turn in first.path()] == ["Tea?", "Green."]
    assert first.chat_id != last.chat_id
    again = next(item for item, _share in read_history(path))
    assert isinstance(again, Conversation)
    assert again.chat_id == first.chat_id


def test_another_database_and_a_cut_one_are_refused_or_read_as_far(tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    with contextlib.closing(sqlite3.connect(other)) as connection:
        connection.execute("CREATE TABLE chat (id TEXT)")
    assert not may_hold_history(other)
    with pytest.raises(StorageError) as refused:
        list(read_history(other))
    assert refused.value.code is ErrorCode.IMPORT_REFUSED
    chat = files.open_webui_chat()["chat"]
    whole = _webui_database(tmp_path / "webui.db", *[chat] * 200)
    cut = tmp_path / "cut.db"
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    try:
        items = [item for item, _share in read_history(cut)]
    except StorageError as error:
        assert error.code is ErrorCode.IMPORT_REFUSED  # noqa: PT017 - either is right
    else:
        assert isinstance(items[-1], SkippedChat)


def test_lm_studio(tmp_path: Path) -> None:
    path = files.write_json(tmp_path / "1.conversation.json", files.lm_studio_chat())
    assert may_hold_history(path)
    (chat,) = _chats(path)
    assert _words(chat) == ["Soil?", "Loam.", "Why?"]
    assert len(chat.turns) == 4
    question, answer, _last = chat.path()
    assert (answer.thinking, answer.model) == ("Clay?", "qwen/qwen3-4b")
    assert (question.note, chat.created) == ("Attached there: soil.pdf", 1_720_000_000.0)


def test_jan(tmp_path: Path) -> None:
    files.write_jan(tmp_path)
    (chat,) = _chats(tmp_path)
    question, answer = chat.path()
    assert (chat.title, question.text, question.note) == (
        "Hens",
        "Hens?",
        "Attached there: hens.csv",
    )
    assert (answer.text, answer.thinking, answer.model) == ("Two.", "Two.", "llama3.2-3b")


@pytest.mark.parametrize("version", [6, 8, 9, 10, 11, 12])
def test_gpt4all(tmp_path: Path, version: int) -> None:
    path = tmp_path / "gpt4all-1.chat"
    path.write_bytes(files.gpt4all_chat(version))
    assert may_hold_history(path)
    (chat,) = _chats(path)
    question, answer = chat.path()
    assert (chat.title, question.text, answer.text) == ("Rain", "Rain?", "Soon.")
    assert answer.model == "Llama 3 8B"
    assert answer.thinking == ("Clouds." if version == 12 else "")
    assert question.note == ("Attached there: sky.txt" if version >= 10 else "")


def test_a_version_of_gpt4all_that_is_not_known_is_said_and_the_others_come(tmp_path: Path) -> None:
    good = files.gpt4all_chat()
    (tmp_path / "a.chat").write_bytes(good)
    (tmp_path / "b.chat").write_bytes(good[:4] + b"\0\0\0\x63" + good[8:])
    (tmp_path / "c.chat").write_bytes(good[:-9])
    assert len(_chats(tmp_path)) == 1
    newer, cut = _left_out(tmp_path)
    assert "that isn't known here (99)" in newer.reason
    assert cut.reason == "the file ends too early"


def test_what_is_malformed_is_left_out_with_its_reason_and_the_rest_comes(tmp_path: Path) -> None:
    circle = files.chatgpt_chat(1)
    circle["mapping"]["q"]["parent"] = "a0"
    circle["mapping"]["s"]["parent"] = "a0"
    content = [
        files.chatgpt_chat(0),
        circle,
        {"title": "Empty", "mapping": {}},
        {"what": "else"},
        {"title": "Odd", "mapping": {"a": 7, "b": {"message": ["x"], "parent": 3}}},
        files.chatgpt_chat(2),
    ]
    path = files.write_json(tmp_path / "conversations.json", content)
    assert [chat.title for chat in _chats(path)] == ["Bed 0", "Bed 2"]
    assert [(each.name, each.reason) for each in _left_out(path)] == [
        ("Bed 1", "messages in it answer each other in a circle"),
        ("Empty", "it holds no messages"),
        ("conversations.json 4", "it is no chat of a program that is known here"),
        ("Odd", "it holds no messages"),
    ]


def test_of_a_file_that_ends_early_what_came_before_is_read(tmp_path: Path) -> None:
    whole = json.dumps([files.chatgpt_chat(n) for n in range(3)])
    path = tmp_path / "conversations.json"
    path.write_text(whole[: len(whole) - 100])
    assert len(_chats(path)) == 2
    assert [each.reason for each in _left_out(path)] == ["the file ends too early"]


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("c.json", b'[{"uuid": "1", "chat_messages": [{"uuid": "q"', "the file ends too early"),
        ("c.chat", files.gpt4all_chat()[:60], "the file ends too early"),
        ("c.json", b"no JSON", "it is no list of chats"),
        ("c.json", b'{"colour": "red"}', "no chat of a program that is known here is in it"),
    ],
)
def test_a_file_that_gives_nothing_is_refused_with_what_is_wrong(
    tmp_path: Path, name: str, content: bytes, reason: str
) -> None:
    """A cut export is not called one of a program that nobody knows."""
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(StorageError) as refused:
        _chats(path)
    assert refused.value.facts["detail"] == reason


@pytest.mark.parametrize("chosen", ["thread.json", "messages.jsonl"])
def test_a_file_of_jans_thread_stands_for_the_thread(tmp_path: Path, chosen: str) -> None:
    files.write_jan(tmp_path)
    path = tmp_path / "threads" / "jan-1" / chosen
    assert may_hold_history(path)
    assert [chat.title for chat in _chats(path)] == ["Hens"]


def test_letters_and_brackets_in_texts_are_no_structure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(json_elements, "_CHUNK", 64)
    chat = files.claude_chat()
    chat["chat_messages"][0]["content"][0]["text"] = text = 'a "]}[{\\" \\\\ 🌱' * 40
    path = files.write_json(tmp_path / "conversations.json", [chat, files.claude_chat()])
    first, _second = _chats(path)
    assert first.path()[0].text == text


@pytest.mark.parametrize(
    "content", ["", "[]", "null", "no JSON", '{"format": 1}', "[[[[1]]]]", "[" * 9]
)
def test_a_file_without_chats_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "x.json"
    path.write_text(content)
    with pytest.raises(StorageError) as caught:
        _chats(path)
    assert caught.value.code == ErrorCode.IMPORT_REFUSED


def test_an_archive_that_unpacks_without_end_is_refused(tmp_path: Path) -> None:
    path = files.write_zip(tmp_path / "bomb.zip", conversations__json=b" " * 30_000_000)
    with pytest.raises(StorageError) as caught:
        _chats(path)
    assert "unpacks to far more" in str(caught.value.facts["detail"])
    assert not may_hold_history(path)


def test_limits_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = files.write_json(tmp_path / "c.json", [files.chatgpt_chat()])
    monkeypatch.setattr(json_elements, "MAX_ELEMENT_BYTES", 100)
    monkeypatch.setattr(json_elements, "_CHUNK", 150)
    with pytest.raises(StorageError) as refused:
        _chats(path)
    assert refused.value.code == ErrorCode.IMPORT_REFUSED
    monkeypatch.setattr(history_files, "MAX_FILES", 0)
    with pytest.raises(StorageError) as refused:
        _chats(tmp_path)
    assert refused.value.code == ErrorCode.IMPORT_REFUSED


def test_what_is_nested_without_end_is_left_out(tmp_path: Path) -> None:
    deep = '{"mapping": ' + "[" * 20_000 + "]" * 20_000 + "}"
    path = tmp_path / "c.json"
    path.write_text(f"[{deep}, {json.dumps(files.chatgpt_chat())}]")
    assert len(_chats(path)) == 1
    assert len(_left_out(path)) == 1


def test_other_files_are_no_history(tmp_path: Path) -> None:
    path = files.write_json(tmp_path / "a.json", {"name": "x", "items": [1]})
    assert not may_hold_history(path)
    assert not may_hold_history(tmp_path / "gone.json")
    assert not is_own_export(path)
    assert not may_hold_history(tmp_path)


def test_folders_of_chats_are_known_by_the_names_in_them(tmp_path: Path) -> None:
    jan, studio = tmp_path / "jan", tmp_path / "studio"
    jan.mkdir()
    files.write_jan(jan)
    assert may_hold_history(jan)
    assert may_hold_history(jan / "threads")
    (studio / "conversations").mkdir(parents=True)
    files.write_json(studio / "conversations" / "1.conversation.json", files.lm_studio_chat())
    assert may_hold_history(studio)
    assert may_hold_history(studio / "conversations")


@pytest.mark.parametrize("damage", ["cut", "packed", "name"])
def test_a_damaged_archive_is_refused_with_a_sentence(tmp_path: Path, damage: str) -> None:
    """What it was packed with, its length and the names in it are damaged at times."""
    content = json.dumps([files.chatgpt_chat()])
    data = bytearray(files.write_zip(tmp_path / "c.zip", conversations__json=content).read_bytes())
    listed = data.index(b"PK\x01\x02")
    if damage == "cut":  # its end says that more is there
        data[listed + 10] = 0  # as it is, not packed
        data[8] = 0
        data[listed + 20 : listed + 24] = (len(data) * 2).to_bytes(4, "little")
        data[listed + 24 : listed + 28] = (len(data) * 2).to_bytes(4, "little")
    elif damage == "packed":
        data[60:80] = bytes(20)
    else:
        data[listed + 9] |= 0x08  # the name is UTF-8
        data[listed + 46] = 0xFF
    (tmp_path / "c.zip").write_bytes(data)
    with pytest.raises(StorageError) as refused:
        _chats(tmp_path / "c.zip")
    assert refused.value.facts["detail"] == "the archive is damaged or locked"


def test_an_archive_with_a_name_that_is_empty_is_read(tmp_path: Path) -> None:
    path = files.write_zip(tmp_path / "c.zip", conversations__json="[]", x="")
    data = path.read_bytes()
    path.write_bytes(data[:-22].replace(b"x", b"\0") + data[-22:])
    with pytest.raises(StorageError) as refused:
        _chats(path)
    assert refused.value.code == ErrorCode.IMPORT_REFUSED
