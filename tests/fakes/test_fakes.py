"""The scripted children under the real application: what tests of front ends build upon."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.app.app import App
from core.app.chats.ask_options import AskOptions
from core.messages import AddFolder, Generate, ListDevices, LoadModel, SearchFolders
from tests.fakes.app import FakeChildren, make_app
from tests.fakes.models import SMALL_MODEL


@pytest.fixture
def children() -> FakeChildren:
    return FakeChildren()


@pytest.fixture
def app(tmp_path: Path, children: FakeChildren) -> Iterator[App]:
    app, _children = make_app(tmp_path, children)
    yield app
    app.close()


def test_an_answer_is_written_by_the_test_and_saved(app: App, children: FakeChildren) -> None:
    assert [(model.ref, model.problem_code) for model in app.registry.list_models()] == [
        (SMALL_MODEL, "")
    ]
    started = app.questions.ask_question("When?")
    app.process_events()
    assert children.engine.last_sent(LoadModel).path.endswith(f"{SMALL_MODEL}.gguf")
    assert children.engine.last_sent(Generate).turns[-1].text == "When?"
    children.engine.write("On ", "Friday.")
    children.engine.finish_answer()
    app.process_events()
    turn = app.chats.load_conversation(started.chat_id).turns[started.turn_id]
    assert (turn.text, turn.state) == ("On Friday.", "done")


def test_a_folder_is_added_and_searched(app: App, children: FakeChildren, tmp_path: Path) -> None:
    app.folders.add_folder(str(tmp_path))
    app.process_events()
    assert children.library.last_sent(AddFolder).path == str(tmp_path)
    assert [folder.state for folder in app.folders.known_folders] == ["syncing"]
    children.library.report_sync(1, 2)
    children.library.finish_sync(files=2, indexed=2)
    app.process_events()
    assert [folder.state for folder in app.folders.known_folders] == ["ready"]
    app.questions.ask_question("When?", AskOptions(folder_ids=("folder-1",)))
    assert children.library.last_sent(SearchFolders).folder_ids == ("folder-1",)


def test_a_window_s_start_asks_each_child(app: App, children: FakeChildren) -> None:
    app.warm_up()
    app.process_events()
    assert children.planner.all_sent(ListDevices)
    assert children.engine.all_sent(LoadModel)
    assert app.devices.known_devices == children.planner.devices
