"""Servers as the application uses them: agreed to first, chosen per chat, told when one dies."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from core.app.app import App
from core.app.chats.ask_options import AskOptions
from core.app.chats.comparison_service import Contestant
from core.app.events.app_events import (
    AnswerFailed,
    AnswerFinished,
    AnswerStage,
    AppEvent,
)
from core.base.errors import ErrorCode, NetworkError
from core.base.paths import Paths
from core.ipc.reply import Reply
from core.messages import ServerModels
from core.models.server_registry import ServerRegistry
from tests.courier.conftest import without_surroundings
from tests.courier.server import LoopbackServer
from tests.waiting import wait_for

TEXT = "The garden grows well."


class Front:
    """An application without models of its own at work, whose events are kept."""

    def __init__(self, root: Paths) -> None:
        self.app = App(root, lambda: None)
        self.events: list[AppEvent] = []
        self.app.subscribe(self.events.append)
        self.app.open_root()

    def ends(self) -> AnswerFinished | AnswerFailed:
        """Return how the answer that was begun ended."""

        def ended() -> list[AnswerFinished | AnswerFailed]:
            self.app.process_events()
            return [each for each in self.events if isinstance(each, AnswerFinished | AnswerFailed)]

        wait_for(ended)
        return ended()[-1]


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LoopbackServer]:
    with LoopbackServer(tmp_path_factory.mktemp("server")) as server:
        yield server


@pytest.fixture
def server(standing: LoopbackServer) -> LoopbackServer:
    standing.behave()
    return standing


@pytest.fixture
def front(root: Paths, monkeypatch: pytest.MonkeyPatch) -> Iterator[Front]:
    without_surroundings(monkeypatch)
    front = Front(root)
    yield front
    front.app.close()


def test_text_leaves_only_for_addresses_that_were_agreed_to(
    front: Front, server: LoopbackServer
) -> None:
    servers = front.app.servers
    box = servers.add_server("My Box", [server.address], "big-model", context=8192)
    assert (box.name, box.unapproved_addresses) == ("my-box", (server.address,))
    with pytest.raises(NetworkError) as refused:
        front.app.questions.ask_question("How is it?", AskOptions(model="my-box"))
    assert refused.value.code == ErrorCode.SERVER_CONSENT
    assert server.asked() == []
    assert front.app.chats.list_chats() == ()
    servers.allow_server("my box")
    front.app.questions.ask_question("How is it?", AskOptions(model="my-box"))
    finished = front.ends()
    assert isinstance(finished, AnswerFinished)
    assert finished.text == TEXT
    moved = servers.add_server("my-box", [server.address, "http://10.1.2.3:8000"], "big-model")
    assert moved.unapproved_addresses == ("http://10.1.2.3:8000",)
    with pytest.raises(NetworkError) as caught:
        front.app.questions.ask_question("Again?", AskOptions(model="my-box"))
    assert caught.value.code == ErrorCode.SERVER_CONSENT
    assert servers.disallow_server("my-box").unapproved_addresses == moved.addresses


def test_a_chat_goes_on_with_the_server_that_was_chosen_there(
    front: Front, server: LoopbackServer, root: Paths
) -> None:
    app = front.app
    app.servers.add_server("box", [server.address], "big-model", context=8192)
    app.servers.allow_server("box")
    started = app.questions.ask_question("How is it?", AskOptions(model="box"))
    assert started.model == "box"
    finished = front.ends()
    assert isinstance(finished, AnswerFinished)
    assert finished.statistics.completion_tokens == 4
    front.events.clear()
    again = app.questions.ask_question("And now?", chat_id=started.chat_id)
    front.ends()
    assert again.model == "box"
    sent = server.asked()[-1]["messages"]
    assert [message["role"] for message in sent] == ["user", "assistant", "user"]
    used = ServerRegistry(root.servers).server_for_chat(started.chat_id)
    assert used is not None
    assert used.name == "box"
    app.servers.set_chat_server(started.chat_id, "")
    assert app.servers.server_for_chat(started.chat_id) is None
    other = app.routing.route_question("", "Hi", None, grounded=False)
    assert not other.is_remote
    app.servers.set_chat_server(started.chat_id, "box")
    app.servers.remove_server("box")
    assert app.servers.server_for_chat(started.chat_id) is None


def test_a_temporary_chat_leaves_no_trace_of_its_server(
    front: Front, server: LoopbackServer, root: Paths
) -> None:
    front.app.servers.add_server("box", [server.address], "big-model")
    front.app.servers.allow_server("box")
    started = front.app.questions.ask_question(
        "How is it?", AskOptions(model="box", temporary=True)
    )
    front.ends()
    assert front.app.servers.server_for_chat(started.chat_id) is not None
    assert started.chat_id not in root.servers.read_text()


def test_a_server_takes_part_in_a_comparison_only_when_agreed_to_and_answers_the_kept_chat(
    front: Front, server: LoopbackServer, root: Paths
) -> None:
    app = front.app
    app.servers.add_server("box", [server.address], "big-model", context=8192)
    asked = len(server.asked())
    with pytest.raises(NetworkError) as refused:
        app.comparison.start_comparison(
            "How is it?", (Contestant(model="box"), Contestant(model="box"))
        )
    assert refused.value.code == ErrorCode.SERVER_CONSENT
    assert len(server.asked()) == asked
    assert app.running_answers.turn_ids == ()
    app.servers.allow_server("box")
    (started,) = app.comparison.start_comparison(
        "How is it?", (Contestant(model="box", preset="precise"),)
    )
    front.ends()
    assert server.asked()[-1]["temperature"] == 0.2
    assert started.chat_id not in root.servers.read_text()
    app.comparison.keep_answer(started.chat_id, ())
    used = ServerRegistry(root.servers).server_for_chat(started.chat_id)
    assert used is not None
    assert used.name == "box"


def test_an_answer_that_is_begun_again_says_so(
    front: Front, server: LoopbackServer, tmp_path: Path
) -> None:
    with LoopbackServer(tmp_path / "dying") as dying:
        dying.behave(words=("Weeds ", "every", "where"), die_after=2)
        front.app.servers.add_server("box", [dying.address, server.address], "big-model")
        front.app.servers.allow_server("box")
        front.app.questions.ask_question("How is it?", AskOptions(model="box"))
        finished = front.ends()
        assert isinstance(finished, AnswerFinished)
        assert finished.text == TEXT
        assert "broke off" in finished.note
        assert server.address.rpartition("/")[2] in finished.note
        stages = [event.stage for event in front.events if isinstance(event, AnswerStage)]
        assert stages.count("reading") >= 2


def test_a_server_is_asked_what_it_has(front: Front, server: LoopbackServer) -> None:
    def end(reply: Reply[Any, ServerModels]) -> Reply[Any, ServerModels]:
        def ended() -> bool:
            front.app.process_events()
            return reply.is_done

        wait_for(ended)
        return reply

    offered = end(front.app.servers.test_server(server.address, "")).result
    assert offered is not None
    assert offered.models[0].name == "big-model"
    server.behave(html=True)
    failure = end(front.app.servers.test_server(server.address, "")).failure
    assert failure is not None
    assert failure.code == ErrorCode.HOST_NONSENSE


def test_a_failing_server_fails_the_answer_in_words(front: Front, server: LoopbackServer) -> None:
    server.behave(html=True)
    front.app.servers.add_server("box", [server.address], "big-model")
    front.app.servers.allow_server("box")
    front.app.questions.ask_question("How is it?", AskOptions(model="box"))
    failed = front.ends()
    assert isinstance(failed, AnswerFailed)
    assert failed.problem.code == ErrorCode.HOST_NONSENSE


def test_a_damaged_list_is_put_aside(root: Paths) -> None:
    root.servers.write_text("{")
    assert ServerRegistry(root.servers).list_servers() == ()
    assert root.servers.with_suffix(".damaged.json").exists()
