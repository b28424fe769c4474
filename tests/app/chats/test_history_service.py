"""Import of other programs' chats into the application: twice, grown, stopped, many."""

import json
import time
from pathlib import Path

import psutil
import pytest

from core.app.chats import history_service
from core.app.chats.history_service import HistoryImported, HistoryProgress
from core.base.errors import ErrorCode
from core.chat.conversations.conversation import Conversation
from core.ipc.reply import Reply
from tests.app.stage import Stage
from tests.chat.history import foreign_files as files


def _wait(stage: Stage, reply: Reply[HistoryProgress, HistoryImported]) -> None:
    while not reply.is_done:
        stage.app.process_events()
        time.sleep(0.001)


def _imported(stage: Stage, path: Path) -> HistoryImported:
    reply = stage.app.history.import_history(path)
    _wait(stage, reply)
    assert reply.result is not None, reply.failure
    return reply.result


def _counts(imported: HistoryImported) -> tuple[int, int, int, int]:
    return imported.new, imported.grown, imported.known, imported.left_out


def _saved(stage: Stage) -> list[Conversation]:
    chats = stage.app.chats
    return [chats.load_conversation(each.chat_id) for each in chats.list_chats()]


def test_twice_imported_is_once_there(stage: Stage, tmp_path: Path) -> None:
    path = files.write_json(tmp_path / "c.json", [files.chatgpt_chat(n) for n in range(3)])
    assert _counts(_imported(stage, path)) == (3, 0, 0, 0)
    before = _saved(stage)
    assert _counts(_imported(stage, path)) == (0, 0, 3, 0)
    assert _saved(stage) == before
    assert stage.app.chats.search.find_hits("leeks")


def test_of_one_long_file_the_share_that_is_read_is_told(stage: Stage, tmp_path: Path) -> None:
    chats = [files.chatgpt_chat(n) for n in range(1500)]
    path = files.write_json(tmp_path / "conversations.json", chats)
    shares: list[float] = []
    reply = stage.app.history.import_history(path)
    reply.on_progress(lambda progress: shares.append(progress.share))
    _wait(stage, reply)
    assert shares == sorted(shares)
    assert any(0.2 < share < 0.8 for share in shares)


def test_a_chat_that_grew_brings_what_is_new_and_keeps_what_was_added_here(
    stage: Stage, tmp_path: Path
) -> None:
    path = tmp_path / "c.json"
    imported = _imported(stage, files.write_json(path, [files.chatgpt_chat()]))
    chat_id = imported.first_chat_id
    stage.app.chats.rename_chat(chat_id, "My bed")
    grown = files.chatgpt_chat(answers=2)
    assert _counts(_imported(stage, files.write_json(path, [grown]))) == (0, 1, 0, 0)
    chat = stage.app.chats.load_conversation(chat_id)
    assert chat.title == "My bed"
    assert [turn.text for turn in chat.path()][1:] == ["Leeks, says answer 1."]
    assert len(chat.turns) == 3


def test_an_import_can_be_stopped_and_what_came_stays(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history_service, "_BATCH_TURNS", 2)
    path = files.write_json(tmp_path / "c.json", [files.chatgpt_chat(n) for n in range(200)])
    reply = stage.app.history.import_history(path)
    seen: list[HistoryProgress] = []
    reply.on_progress(seen.append).on_progress(lambda _progress: reply.cancel())
    _wait(stage, reply)
    assert reply.failure is not None
    assert reply.failure.code == ErrorCode.CANCELLED
    assert 0 < len(stage.app.chats.list_chats()) < 200
    assert _imported(stage, path).new == 200 - len(seen)


def test_chats_of_several_programs_in_one_folder_come_together(
    stage: Stage, tmp_path: Path
) -> None:
    files.write_json(tmp_path / "a.json", [files.chatgpt_chat(), {"x": 1}])
    files.write_json(tmp_path / "b.json", [files.claude_chat()])
    files.write_json(tmp_path / "c.conversation.json", files.lm_studio_chat())
    files.write_json(tmp_path / "d.json", [files.open_webui_chat()])
    (tmp_path / "e.chat").write_bytes(files.gpt4all_chat())
    files.write_jan(tmp_path / "jan")
    assert _counts(_imported(stage, tmp_path)) == (6, 0, 0, 1)


@pytest.mark.slow
def test_ten_thousand_chats_come_in_bounded_memory(stage: Stage, tmp_path: Path) -> None:
    path = tmp_path / "conversations.json"
    padding = "The long beds are watered every second Friday before nine. " * 8
    with path.open("w") as file:
        for number in range(10_000):
            chat = files.chatgpt_chat(number)
            chat["mapping"]["a0"]["message"]["content"]["parts"].append(padding)
            chat["mapping"]["q"]["message"]["content"]["parts"].append(padding)
            file.write(("," if number else "[") + json.dumps(chat))
        file.write("]")
    assert path.stat().st_size > 20_000_000
    process, start = psutil.Process(), time.process_time()
    before = process.memory_info().rss
    assert _counts(_imported(stage, path)) == (10_000, 0, 0, 0)
    seconds = time.process_time() - start
    grown = (process.memory_info().rss - before) >> 20
    print(f"{grown} MB more, {seconds:.1f} s of the processor")
    assert grown < 200, f"{grown} MB in {seconds:.0f} s"
