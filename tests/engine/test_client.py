"""The engine's client over a scripted worker: who fails, who is asked again."""

from typing import Any

import pytest

from core.base.errors import ErrorCode
from core.base.paths import Paths
from core.engine.client.engine_client import EngineClient
from core.messages import (
    AnswerDone,
    Cancel,
    ChildDied,
    Failed,
    Generate,
    LoadModel,
    ModelLoaded,
    Placement,
    PromptTurn,
)


class ScriptedWorker:
    """Keeps what is sent, gives what the test puts into `inbox`."""

    def __init__(self) -> None:
        self.sent: list[Any] = []
        self.inbox: list[Any] = []
        self.kills = 0
        self.pid = 1
        self.environment: dict[str, str] = {}

    def send(self, request: Any) -> None:
        self.sent.append(request)

    def poll(self) -> list[Any]:
        inbox, self.inbox = self.inbox, []
        return inbox

    def kill(self) -> None:
        self.kills += 1

    def stop(self, grace: float = 0) -> None:
        self.inbox.clear()


class Bench:
    """A client on a scripted worker, with a clock that stands still."""

    def __init__(self, paths: Paths) -> None:
        self.worker = ScriptedWorker()
        self.now = 0.0
        self.client = EngineClient(
            paths,
            lambda: None,
            process=self.worker,  # type: ignore[arg-type]
            clock=lambda: self.now,
        )

    def load(self, path: str = "/m.gguf") -> str:
        return self.client.load_model(path, Placement(threads=1))

    def loaded(self) -> None:
        self.worker.inbox.append(
            ModelLoaded(
                request_id=self.load(),
                path="/m.gguf",
                fingerprint="f",
                context=1,
                threads=1,
                prompt_tokens_per_second=1,
                seconds=1,
            )
        )
        self.client.poll()

    def generate(self, request_id: str) -> Generate:
        request = Generate(request_id=request_id, turns=(PromptTurn(role="user", text="hi"),))
        self.client.start_generation(request)
        return request


@pytest.fixture
def bench(root: Paths) -> Bench:
    return Bench(root)


DEATH = ChildDied(role="engine", exit_code=-11)


def test_a_death_fails_everything_that_waits(bench: Bench) -> None:
    bench.loaded()
    bench.generate("a")
    bench.worker.inbox.append(DEATH)
    (failed,) = bench.client.poll()
    assert isinstance(failed, Failed)
    assert (failed.request_id, failed.code) == ("a", ErrorCode.ENGINE_DIED)
    assert bench.client.loaded is None
    assert not bench.client.is_answering


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
    bench.worker.inbox.append(ChildDied(role="engine", exit_code=exit_code, tail=tail))
    (failed,) = bench.client.poll()
    assert isinstance(failed, Failed)
    assert failed.facts["detail"] == words


def test_an_unanswered_stop_is_no_crash(bench: Bench) -> None:
    bench.loaded()
    bench.generate("a")
    bench.client.cancel("a")
    bench.now += 10
    bench.client.poll()
    bench.worker.inbox.append(ChildDied(role="engine", exit_code=-9))
    assert bench.client.poll() == [AnswerDone(request_id="a", stop="cancelled")]


def test_a_question_behind_an_unanswered_stop_is_asked_again(bench: Bench) -> None:
    bench.loaded()
    bench.generate("first")
    bench.client.cancel("first")
    second = bench.generate("second")
    bench.now += 10
    bench.client.poll()
    assert bench.worker.kills == 1
    bench.worker.inbox.append(ChildDied(role="engine", exit_code=-9))
    assert bench.client.poll() == [AnswerDone(request_id="first", stop="cancelled")]
    load, again = bench.worker.sent[-2:]
    assert isinstance(load, LoadModel)
    assert load.path == "/m.gguf"
    assert again == second
    bench.worker.inbox.append(AnswerDone(request_id="second", stop="eos", text="yes"))
    assert [event.text for event in bench.client.poll() if isinstance(event, AnswerDone)] == ["yes"]


def test_a_load_that_was_stopped_is_no_longer_waited_for(bench: Bench) -> None:
    request_id = bench.load()
    bench.client.cancel(request_id)
    bench.worker.inbox.append(AnswerDone(request_id=request_id, stop="cancelled"))
    bench.client.poll()
    assert bench.client.loading_request is None


def test_stop_is_asked_once(bench: Bench) -> None:
    bench.loaded()
    bench.generate("a")
    bench.client.cancel("a")
    bench.client.cancel("a")
    bench.client.cancel("unknown")
    assert [type(request) for request in bench.worker.sent].count(Cancel) == 1


def test_another_model_takes_the_place_of_the_first(bench: Bench) -> None:
    bench.loaded()
    bench.generate("a")
    bench.load("/other.gguf")
    assert bench.client.loaded is None
    assert bench.client.loading_request is not None
    assert bench.client.loading_request.path == "/other.gguf"
    assert not bench.client.is_answering
