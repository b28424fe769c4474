"""Where read transcripts are kept: made for saved chats only, removed with them, bounded."""

import threading
from pathlib import Path

import pytest

from core.app.loading.kv_state_folders import KvStateFolders
from core.base.paths import Paths
from core.base.settings import app_settings as declared
from core.base.settings.app_settings import Settings
from tests.app.stage import Stage


def test_a_saved_chat_has_a_folder_until_it_is_deleted(stage: Stage, root: Paths) -> None:
    stage.loaded()
    started = stage.app.questions.ask_question("Hello?")
    folder = root.states / started.chat_id
    assert stage.engine.generated[0].state_folder == str(folder)
    assert folder.is_dir()
    (folder / "state.bin").write_bytes(b"read so far")
    stage.app.chat_service.delete_chat(started.chat_id)
    assert list(root.states.iterdir()) == []


def test_the_engine_is_told_where_and_how_much(stage: Stage, root: Paths) -> None:
    stage.app.settings.override_value(declared.STATES_MEGABYTES, 3)
    stage.loaded()
    assert stage.engine.orders[0].states_folder == str(root.states)
    assert stage.engine.orders[0].states_limit == 3_000_000


def test_nothing_is_kept_where_that_is_switched_off(root: Paths, starter_model: Path) -> None:
    stage = Stage(root)
    stage.loaded()
    started = stage.app.questions.ask_question("Hello?")
    assert (root.states / started.chat_id).is_dir()
    stage.app.settings.set_value(declared.KEEP_STATES, False)
    stage.app.close()
    assert list(root.states.iterdir()) == [], "what was kept before goes too"
    stage = Stage(root)
    stage.loaded()
    stage.app.questions.ask_question("Hello again?", chat_id=started.chat_id)
    assert stage.engine.generated[0].state_folder == ""
    assert stage.engine.orders[0].states_folder == ""
    assert list(root.states.iterdir()) == []
    stage.app.close()


def test_what_is_switched_on_later_loads_the_model_anew_with_the_folder(
    stage: Stage, root: Paths
) -> None:
    stage.app.settings.set_value(declared.KEEP_STATES, False)
    stage.loaded()
    stage.app.settings.set_value(declared.KEEP_STATES, True)
    stage.app.questions.ask_question("Hello?")
    folders = [order.states_folder for order in stage.engine.orders]
    assert folders == ["", str(root.states)], "a running child can't be granted more"


def test_folders_of_chats_that_are_gone_are_removed_at_the_start(
    root: Paths, starter_model: Path
) -> None:
    stage = Stage(root)
    stage.loaded()
    started = stage.app.questions.ask_question("Hello?")
    stage.app.close()
    orphan = root.states / "0193-gone"
    orphan.mkdir()
    (orphan / "state.bin").write_bytes(b"someone's words")
    stage = Stage(root)
    assert [folder.name for folder in root.states.iterdir()] == [started.chat_id]
    stage.app.close()


def test_a_disk_that_refuses_a_folder_costs_no_answer(stage: Stage, root: Paths) -> None:
    stage.loaded()
    root.states.rmdir()
    root.states.write_text("in the way")
    stage.app.questions.ask_question("Hello?")
    assert stage.engine.generated[0].state_folder == ""


def test_a_folder_is_removed_while_someone_writes_into_it(root: Paths) -> None:
    states = KvStateFolders(root, Settings(root.settings))
    folder = Path(states.chat_folder("chat"))
    refused = threading.Event()

    def write() -> None:
        number = 0
        while not refused.is_set():
            try:
                (folder / f"{number}.bin").write_bytes(bytes(1000))
            except OSError:
                refused.set()
            number += 1

    writer = threading.Thread(target=write)
    writer.start()
    while not any(folder.iterdir()):
        pass
    states.remove_chat_folder("chat")
    writer.join(30)
    assert refused.is_set()
    assert list(root.states.iterdir()) == []


def test_a_folder_that_can_not_be_renamed_is_removed_all_the_same(
    root: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    states = KvStateFolders(root, Settings(root.settings))
    folder = Path(states.chat_folder("chat"))
    (folder / "state.bin").write_bytes(b"read so far")

    def refuse(_folder: Path, _target: Path) -> Path:
        raise PermissionError("it is open")

    monkeypatch.setattr(Path, "replace", refuse)
    states.remove_chat_folder("chat")
    assert list(root.states.iterdir()) == []
