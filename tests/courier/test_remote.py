"""Answers of servers on loopback, through a real child: streamed, stopped, cut off, spread over."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from core.base.errors import ErrorCode, describe_error
from core.base.paths import Paths
from core.courier.connection.contact_log import read_contacts
from core.courier.servers.load_balancer import REST_SECONDS, ServerLoadBalancer
from core.messages import (
    AnswerDone,
    Failed,
    ListServerModels,
    RemoteServer,
    ServerModel,
    ServerModels,
    ThinkingChunk,
)
from tests.courier.conftest import without_surroundings
from tests.courier.remote import Remote
from tests.courier.server import LoopbackServer
from tests.waiting import wait_for

TEXT = "The garden grows well."


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[LoopbackServer, ...]]:
    folder = tmp_path_factory.mktemp("servers")
    with LoopbackServer(folder / "one") as one, LoopbackServer(folder / "two") as two:
        yield one, two


@pytest.fixture
def one(pair: tuple[LoopbackServer, ...]) -> LoopbackServer:
    pair[0].behave()
    return pair[0]


@pytest.fixture
def two(pair: tuple[LoopbackServer, ...]) -> LoopbackServer:
    pair[1].behave()
    return pair[1]


@pytest.fixture(scope="module")
def remote(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Remote]:
    paths = Paths(tmp_path_factory.mktemp("courier"))
    paths.create_folders()
    with pytest.MonkeyPatch.context() as patch:
        without_surroundings(patch)
        remote = Remote(paths)
        remote.client.start()
    yield remote
    remote.client.stop()


def test_an_answer_is_streamed(remote: Remote, one: LoopbackServer) -> None:
    one.behave(thoughts=("Hm. ", "Yes."))
    done = remote.ask(one)
    assert isinstance(done, AnswerDone)
    assert (done.text, done.thinking, done.stop) == (TEXT, "Hm. Yes.", "eos")
    assert (done.prompt_tokens, done.completion_tokens) == (21, 4)
    assert remote.text() == TEXT
    assert remote.text(ThinkingChunk) == "Hm. Yes."
    (asked,) = one.asked()
    assert asked["path"] == "/v1/chat/completions"
    assert asked["messages"] == [{"role": "user", "content": "How is the garden?"}]
    assert (asked["model"], asked["stream"], asked["top_k"]) == ("big-model", True, 40)


@pytest.mark.parametrize(
    ("words", "thought", "answer"),
    [
        (("<thi", "nk>\nHm", "m.</th", "ink>\n\nYes", "."), "Hmm.", "Yes."),
        (("<", "b>bold"), "", "<b>bold"),
        (("<think>only",), "only", ""),
        (("\n", "Yes <think>"), "", "\nYes <think>"),
    ],
)
def test_thoughts_within_the_text_are_told_apart(
    remote: Remote, one: LoopbackServer, words: tuple[str, ...], thought: str, answer: str
) -> None:
    one.behave(words=words)
    done = remote.ask(one)
    assert isinstance(done, AnswerDone)
    assert (done.thinking, done.text) == (thought, answer)


@pytest.mark.parametrize(
    ("begun", "words", "new"),
    [
        ("The gar", ("The ", "garden ", "grows"), "den grows"),
        ("The garden", ("The ", "garden"), ""),
        ("It is", (" green.",), " green."),
        ("The garden", ("The ", "gate"), "The gate"),
        ("The garden", ("The ",), "The "),
    ],
)
def test_what_was_begun_is_not_said_twice(
    remote: Remote, one: LoopbackServer, begun: str, words: tuple[str, ...], new: str
) -> None:
    one.behave(words=words)
    done = remote.ask(one, begun=begun)
    assert isinstance(done, AnswerDone)
    assert done.text == new
    assert remote.text() == new
    assert one.asked()[0]["messages"][-1] == {"role": "assistant", "content": begun}


def test_a_server_that_knows_less_is_asked_for_less(remote: Remote, one: LoopbackServer) -> None:
    one.behave(plain_only=True)
    assert isinstance(remote.ask(one), AnswerDone)
    first, second = one.asked()
    assert "top_k" in first
    assert "top_k" not in second
    assert second["max_tokens"] == 9


@pytest.mark.parametrize(
    ("manners", "code", "words"),
    [
        ({"html": True}, ErrorCode.HOST_NONSENSE, "web page"),
        ({"plain_json": True}, ErrorCode.HOST_NONSENSE, "without streaming"),
        ({"garbage": True}, ErrorCode.HOST_NONSENSE, "JSON"),
        ({"key": "secret"}, ErrorCode.SERVER_KEY, "wants a key"),
        (
            {"status": 404, "error": "model “x” not found."},
            ErrorCode.SERVER_SAYS,
            "model “x” not found",
        ),
        ({"status": 503}, ErrorCode.HOST_TROUBLE, "503"),
        ({"cut_after": 2}, ErrorCode.SERVER_CUT, "in the middle"),
        ({"cut_after": 0}, ErrorCode.SERVER_CUT, "in the middle"),
        ({"error": "out of memory"}, ErrorCode.SERVER_SAYS, "out of memory"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_what_is_no_answer_is_said_in_one_sentence(
    remote: Remote, one: LoopbackServer, manners: dict[str, Any], code: ErrorCode, words: str
) -> None:
    one.behave(**manners)
    failed = remote.ask(one)
    assert isinstance(failed, Failed), failed
    assert failed.code == code
    assert words in describe_error(failed.code, failed.facts)[0]


def test_what_has_come_of_a_broken_answer_is_kept(remote: Remote, one: LoopbackServer) -> None:
    one.behave(cut_after=3)
    assert isinstance(remote.ask(one), Failed)
    assert remote.text().endswith("The garden grows ")


def test_stop_ends_an_answer_at_once_even_a_silent_one(remote: Remote, one: LoopbackServer) -> None:
    one.behave(silent=True)
    reply = remote.begin(one)
    wait_for(one.asked)
    began = time.monotonic()
    reply.cancel()
    done = remote.end(reply)
    assert isinstance(done, AnswerDone)
    assert done.stop == "cancelled"
    assert time.monotonic() - began < 5
    wait_for(lambda: one.asked()[-1].get("hung_up"))


@pytest.fixture
def own_remote(root: Paths, monkeypatch: pytest.MonkeyPatch) -> Iterator[Remote]:
    """A child that remembers no failure of the servers."""
    without_surroundings(monkeypatch)
    remote = Remote(root)
    yield remote
    remote.client.stop()


def test_another_address_begins_again_what_one_broke_off(
    own_remote: Remote, two: LoopbackServer, tmp_path: Path
) -> None:
    with LoopbackServer(tmp_path / "dying") as dying:
        dying.behave(words=("Weeds ", "every", "where"), die_after=2)
        done = own_remote.ask(dying, two)
        assert isinstance(done, AnswerDone)
        assert done.text == TEXT
        first, second = own_remote.chosen()
        assert (first.address, first.begun_again) == (dying.address, False)
        assert (second.address, second.begun_again) == (two.address, True)
        assert second.instead_of == dying.address
        assert own_remote.text().startswith("Weeds ")
        assert own_remote.text().endswith(TEXT)
        # It is gone now, and passed over.
        done = own_remote.ask(dying, two)
        assert isinstance(done, AnswerDone)
        assert done.text == TEXT
        assert [each.address for each in own_remote.chosen()] == [two.address]


def test_a_server_that_was_started_anew_is_asked_again(own_remote: Remote, tmp_path: Path) -> None:
    with LoopbackServer(tmp_path / "server") as server:
        server.behave(words=("Weeds ", "every", "where"), die_after=2)
        reply = own_remote.begin(server, patience=0.2)
        wait_for(own_remote.has_text)
        server.stop()
        server.behave()
        server.start()
        done = own_remote.end(reply)
        assert isinstance(done, AnswerDone), done
        assert done.text == TEXT
        assert own_remote.chosen()[-1].begun_again or len(own_remote.chosen()) > 2


def test_questions_are_spread_over_addresses(
    remote: Remote, one: LoopbackServer, two: LoopbackServer
) -> None:
    one.behave(seconds=0.05)
    two.behave(seconds=0.05)
    for reply in [remote.begin(one, two) for _number in range(4)]:
        remote.end(reply)
    assert len(one.asked()) >= 1
    assert len(two.asked()) >= 1
    assert len(one.asked()) + len(two.asked()) == 4


def test_a_server_says_what_it_offers(remote: Remote, one: LoopbackServer) -> None:
    one.behave(models=("a", "b"), context=32_768)
    request = ListServerModels(request_id="", server=RemoteServer(address=f"{one.address}/v1/"))
    listed = remote.end(remote.client.send(request))
    assert isinstance(listed, ServerModels)
    assert listed.models == (
        ServerModel(name="a", context=32_768),
        ServerModel(name="b", context=32_768),
    )


def test_the_log_names_servers_but_no_text(
    one: LoopbackServer, root: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_surroundings(monkeypatch)
    remote = Remote(root)
    remote.ask(one)
    remote.client.stop()
    (contact,) = read_contacts(root.contacts)
    assert (contact.why, contact.about, contact.outcome) == ("answer", "big-model", "done")
    assert contact.sent > 0
    assert contact.received > 0
    assert b"garden" not in root.contacts.read_bytes()


def test_the_least_busy_healthy_address_is_next() -> None:
    now = [0.0]
    loads = ServerLoadBalancer(clock=lambda: now[0])
    a, b = RemoteServer(address="http://a"), RemoteServer(address="http://b")
    assert loads.choose_server((a, b), ()) == a
    assert loads.choose_server((a, b), ()) == b
    loads.release_server("http://b", failed=False, seconds_to_first=0.1)
    assert loads.choose_server((a, b), ()) == b
    loads.release_server("http://b", failed=True)
    loads.release_server("http://a", failed=False)
    assert loads.choose_server((a, b), ()) == a
    assert loads.choose_server((a, b), ()) == a
    assert loads.choose_server((a, b), ("http://a",)) == b
    now[0] += REST_SECONDS + 1
    for _number in range(2):
        loads.release_server("http://a", failed=False)
    loads.release_server("http://b", failed=False)
    assert loads.choose_server((a, b), ()) in {a, b}
