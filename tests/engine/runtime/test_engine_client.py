"""The engine's client over a scripted child: who fails, who is asked again."""

from typing import Any

import pytest

from core.base.errors import ErrorCode
from core.base.paths import Paths
from core.engine.client.engine_client import EngineClient
from core.ipc.reply import Reply
from core.messages import (
    AnswerChunk,
    AnswerDone,
    Cancel,
    ChildDied,
    Failed,
    Generate,
    LoadModel,
    LoadProgress,
    ModelLoaded,
    Placement,
    PromptTurn,
)
from tests.fakes.child_process import FakeChildProcess


class CountingChild(FakeChildProcess):
    """Counts how often it is killed; that it died is a test's to say."""

    def __init__(self) -> None:
        super().__init__("engine")
        self.kills = 0

    def kill(self) -> None:
        self.kills += 1


class Bench:
    """A client over a scripted child, with a clock that stands still."""

    def __init__(self, paths: Paths) -> None:
        self.child = CountingChild()
        self.now = 0.0
        self.told: list[Any] = []
        self.client = EngineClient(paths, lambda: None, process=self.child, clock=lambda: self.now)

    def say(self, *events: Any) -> list[Any]:
        """Have the child say something; returns what the replies say of it."""
        self.told.clear()
        self.child.deliver(*events)
        self.client.poll()
        return list(self.told)

    def keep(self, reply: Reply[Any, Any]) -> None:
        """Write down what a reply says."""
        reply.on_progress(self.told.append)
        reply.on_done(self.told.append).on_error(self.told.append)

    def load(self, path: str = "/m.gguf", request_id: str = "load") -> LoadModel:
        request = LoadModel(request_id=request_id, path=path, placement=Placement(threads=1))
        self.keep(self.client.load_model(request))
        return request

    def loaded(self) -> None:
        self.load()
        self.say(MODEL_LOADED)

    def generate(self, request_id: str) -> Generate:
        request = Generate(request_id=request_id, turns=(PromptTurn(role="user", text="hi"),))
        self.keep(self.client.send(request))
        return request

    def pending(self) -> list[str]:
        return [request.request_id for request in self.client.pending]


@pytest.fixture
def bench(root: Paths) -> Bench:
    return Bench(root)


DEATH = ChildDied(role="engine", exit_code=-11)
KILLED = ChildDied(role="engine", exit_code=-9)
MODEL_LOADED = ModelLoaded(
    request_id="load",
    path="/m.gguf",
    fingerprint="f",
    context=1,
    threads=1,
    prompt_tokens_per_second=1,
    seconds=1,
)


def test_a_death_fails_everything_that_waits(bench: Bench) -> None:
    bench.loaded()
    bench.generate("a")
    (failed,) = bench.say(DEATH)
    assert isinstance(failed, Failed)
    assert (failed.request_id, failed.code) == ("a", ErrorCode.ENGINE_DIED)
    assert (failed.facts["loading"], failed.facts["lacked_memory"]) == ("False", "False")
    assert bench.client.loaded is None
    assert bench.pending() == []


def test_a_death_while_loading_says_so_and_whether_memory_ran_out(bench: Bench) -> None:
    bench.load()
    (failed,) = bench.say(KILLED)
    assert (failed.facts["loading"], failed.facts["lacked_memory"]) == ("True", "True")


@pytest.mark.parametrize(
    ("exit_code", "tail", "words"),
    [
        (-11, "", "signal SIGSEGV"),
        (-6, "GGML_ASSERT", "signal SIGABRT"),
        (-9, "", "the system ended it, mostly because memory ran out"),
        (-9, "unreadable event: FrameError('…')", "it sent something that can't be understood"),
        (None, "no such program", "it could not be started"),
        (3, "", "exit code 3"),
        (0xC0000005, "", "Windows error STATUS_ACCESS_VIOLATION"),
    ],
)
def test_a_death_is_told_by_its_kind(
    bench: Bench, exit_code: int | None, tail: str, words: str
) -> None:
    bench.loaded()
    bench.generate("a")
    (failed,) = bench.say(ChildDied(role="engine", exit_code=exit_code, tail=tail))
    assert isinstance(failed, Failed)
    assert failed.facts["detail"] == words


def test_an_unanswered_stop_is_no_crash(bench: Bench) -> None:
    bench.loaded()
    bench.generate("a")
    bench.client.cancel("a")
    bench.now += 10
    bench.client.poll()
    assert bench.say(KILLED) == [AnswerDone(request_id="a", stop="cancelled")]


def test_a_question_behind_an_unanswered_stop_is_asked_again(bench: Bench) -> None:
    reloads: list[tuple[LoadModel, Reply[Any, Any]]] = []
    bench.client.on_reload = lambda request, reply: reloads.append((request, reply))
    bench.loaded()
    bench.generate("first")
    bench.client.cancel("first")
    second = bench.generate("second")
    bench.now += 10
    bench.client.poll()
    assert bench.child.kills == 1
    assert bench.say(KILLED) == [AnswerDone(request_id="first", stop="cancelled")]
    load, again = bench.child.sent[-2:]
    assert isinstance(load, LoadModel)
    assert load.path == "/m.gguf"
    assert again == second
    assert bench.client.loaded is None
    ((request, reply),) = reloads
    bench.say(MODEL_LOADED)
    assert (request, reply.result) == (load, MODEL_LOADED)
    assert bench.client.loaded == MODEL_LOADED
    answered = AnswerDone(request_id="second", stop="eos", text="yes")
    assert bench.say(answered) == [answered]


def test_a_load_that_was_stopped_is_no_longer_waited_for(bench: Bench) -> None:
    bench.load()
    bench.client.cancel("load")
    cancelled = AnswerDone(request_id="load", stop="cancelled")
    assert bench.say(cancelled) == [cancelled]
    assert bench.pending() == []


def test_stop_is_asked_once(bench: Bench) -> None:
    bench.loaded()
    bench.generate("a")
    bench.client.cancel("a")
    bench.client.cancel("a")
    bench.client.cancel("unknown")
    assert bench.child.all_sent(Cancel) == [Cancel(request_id="a")]


def test_another_model_takes_the_place_of_the_first(bench: Bench) -> None:
    bench.loaded()
    bench.generate("a")
    bench.told.clear()
    bench.load("/other.gguf", "other")
    assert bench.told == [AnswerDone(request_id="a", stop="cancelled")]
    assert bench.client.loaded is None
    assert bench.child.starts == 2
    assert bench.pending() == ["other"]


def test_what_a_reply_says_while_it_goes_on(bench: Bench) -> None:
    bench.load()
    half = LoadProgress(request_id="load", share=0.5)
    assert bench.say(half) == [half]
    bench.say(MODEL_LOADED)
    bench.generate("a")
    chunk = AnswerChunk(request_id="a", text="On ")
    assert bench.say(chunk, AnswerChunk(request_id="other", text="x")) == [chunk]
