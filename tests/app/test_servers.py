"""Servers as the application uses them: agreed to first, chosen per chat, told when one dies."""

from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import pytest

from core.app.app import App
from core.app.comparing import Contestant
from core.app.events import AnswerFailed, AnswerFinished, AnswerStage, AppEvent, RequestFailed
from core.app.events_fetch import ServerTested
from core.errors import Code, NetworkError
from core.models.servers import Servers
from core.paths import Paths
from tests.courier.conftest import without_surroundings
from tests.courier.server import LoopbackServer
from tests.waiting import wait_for

TEXT = "The garden grows well."
Heard = TypeVar("Heard", bound=AppEvent)


class Front:
    """An application without models of its own at work, whose events are kept."""

    def __init__(self, root: Paths) -> None:
        self.app = App(root, lambda: None)
        self.events: list[AppEvent] = []
        self.app.subscribe(self.events.append)
        self.app.open()

    def hears(self, kind: type[Heard]) -> Heard:
        """Return the first event of a kind."""

        def found() -> list[Heard]:
            self.app.pump()
            return [event for event in self.events if isinstance(event, kind)]

        wait_for(found)
        return found()[0]

    def ends(self) -> AnswerFinished | AnswerFailed:
        """Return how the answer that was begun ended."""

        def ended() -> list[AnswerFinished | AnswerFailed]:
            self.app.pump()
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
    box = servers.add("My Box", [server.address], "big-model", context=8192)
    assert (box.name, box.lacking) == ("my-box", (server.address,))
    with pytest.raises(NetworkError) as refused:
        front.app.ask("How is it?", model="my-box")
    assert refused.value.code == Code.SERVER_CONSENT
    assert server.asked() == []
    assert front.app.chats.list() == ()
    servers.allow("my box")
    front.app.ask("How is it?", model="my-box")
    finished = front.ends()
    assert isinstance(finished, AnswerFinished)
    assert finished.text == TEXT
    moved = servers.add("my-box", [server.address, "http://10.1.2.3:8000"], "big-model")
    assert moved.lacking == ("http://10.1.2.3:8000",)
    with pytest.raises(NetworkError):
        front.app.ask("Again?", model="my-box")
    assert servers.withdraw("my-box").lacking == moved.addresses


def test_a_chat_goes_on_with_the_server_that_was_chosen_there(
    front: Front, server: LoopbackServer, root: Paths
) -> None:
    app = front.app
    app.servers.add("box", [server.address], "big-model", context=8192)
    app.servers.allow("box")
    started = app.ask("How is it?", model="box")
    assert started.model == "box"
    finished = front.ends()
    assert isinstance(finished, AnswerFinished)
    assert finished.statistics.completion_tokens == 4
    front.events.clear()
    again = app.ask("And now?", chat_id=started.chat_id)
    front.ends()
    assert again.model == "box"
    sent = server.asked()[-1]["messages"]
    assert [message["role"] for message in sent] == ["user", "assistant", "user"]
    used = Servers(root.servers).used_by(started.chat_id)
    assert used is not None
    assert used.name == "box"
    app.servers.use(started.chat_id, "")
    assert app.servers.used_by(started.chat_id) is None
    other = app.routing.choose("", "Hi", None, grounded=False)
    assert not other.is_remote
    app.servers.use(started.chat_id, "box")
    app.servers.remove("box")
    assert app.servers.used_by(started.chat_id) is None


def test_a_temporary_chat_leaves_no_trace_of_its_server(
    front: Front, server: LoopbackServer, root: Paths
) -> None:
    front.app.servers.add("box", [server.address], "big-model")
    front.app.servers.allow("box")
    started = front.app.ask("How is it?", model="box", temporary=True)
    front.ends()
    assert front.app.servers.used_by(started.chat_id) is not None
    assert started.chat_id not in root.servers.read_text()


def test_a_server_takes_part_in_a_comparison_only_when_agreed_to_and_answers_the_kept_chat(
    front: Front, server: LoopbackServer, root: Paths
) -> None:
    app = front.app
    app.servers.add("box", [server.address], "big-model", context=8192)
    asked = len(server.asked())
    with pytest.raises(NetworkError) as refused:
        app.comparing.begin("How is it?", (Contestant(model="box"), Contestant(model="box")))
    assert refused.value.code == Code.SERVER_CONSENT
    assert len(server.asked()) == asked
    assert app.answering == ()
    app.servers.allow("box")
    (started,) = app.comparing.begin("How is it?", (Contestant(model="box", preset="precise"),))
    front.ends()
    assert server.asked()[-1]["temperature"] == 0.2
    assert started.chat_id not in root.servers.read_text()
    app.comparing.keep(started.chat_id, ())
    used = Servers(root.servers).used_by(started.chat_id)
    assert used is not None
    assert used.name == "box"


def test_an_answer_that_is_begun_again_says_so(
    front: Front, server: LoopbackServer, tmp_path: Path
) -> None:
    with LoopbackServer(tmp_path / "dying") as dying:
        dying.behave(words=("Weeds ", "every", "where"), die_after=2)
        front.app.servers.add("box", [dying.address, server.address], "big-model")
        front.app.servers.allow("box")
        front.app.ask("How is it?", model="box")
        finished = front.ends()
        assert isinstance(finished, AnswerFinished)
        assert finished.text == TEXT
        assert "broke off" in finished.note
        assert server.address.rpartition("/")[2] in finished.note
        stages = [event.stage for event in front.events if isinstance(event, AnswerStage)]
        assert stages.count("reading") >= 2


def test_a_server_is_asked_what_it_has(front: Front, server: LoopbackServer) -> None:
    request_id = front.app.servers.test(server.address)
    tested = front.hears(ServerTested)
    assert tested.request_id == request_id
    assert tested.models[0].name == "big-model"
    server.behave(html=True)
    front.app.servers.test(server.address)
    assert front.hears(RequestFailed).problem.code == Code.HOST_NONSENSE


def test_a_failing_server_fails_the_answer_in_words(front: Front, server: LoopbackServer) -> None:
    server.behave(html=True)
    front.app.servers.add("box", [server.address], "big-model")
    front.app.servers.allow("box")
    front.app.ask("How is it?", model="box")
    failed = front.ends()
    assert isinstance(failed, AnswerFailed)
    assert failed.problem.code == Code.HOST_NONSENSE


def test_a_damaged_list_is_put_aside(root: Paths) -> None:
    root.servers.write_text("{")
    assert Servers(root.servers).all() == ()
    assert root.servers.with_suffix(".damaged.json").exists()
