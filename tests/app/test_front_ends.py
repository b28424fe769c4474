"""Two front ends over one application: each has its own replies, both hear what changes."""

import queue
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from core.app.app import App
from core.app.events.app_events import (
    AnswerFinished,
    AnswerStarted,
    AnswerTextAdded,
    AppEvent,
    ModelReady,
)
from core.messages import Generate
from tests.fakes.app import FakeChildren, prepare_root


class Loop:
    """A front end that owns the application's thread, as a window or the command line does."""

    def __init__(self, folder: Path) -> None:
        self.children = FakeChildren()
        self._woken = threading.Event()
        self.app = self.children.make_app(prepare_root(folder), self._woken.set)
        self.events: list[AppEvent] = []
        self.app.subscribe(self.events.append)
        self.app.open_root()

    def run_until(self, condition: Callable[[], object]) -> None:
        """Process what wakes the loop."""
        while not condition():
            assert self._woken.wait(30), "nothing woke the loop"
            self._woken.clear()
            self.app.process_events()


class Server(threading.Thread):
    """A front end on a thread of its own, as one for the network would be.

    It answers one request: asks a question and waits for the end of the answer.
    """

    def __init__(self, app: App, question: str) -> None:
        super().__init__(daemon=True)
        self._app = app
        self._question = question
        self._inbox: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self.text = ""

    def run(self) -> None:
        self._app.call_soon(self._ask)
        started = self._inbox.get(timeout=30)
        while True:
            event = self._inbox.get(timeout=30)
            if getattr(event, "turn_id", "") != started.turn_id:
                continue
            if isinstance(event, AnswerTextAdded):
                self.text += event.text
            elif isinstance(event, AnswerFinished):
                return

    def _ask(self) -> None:
        """On the application's thread: only puts into the queue of this one."""
        self._app.subscribe(self._inbox.put)
        self._inbox.put(self._app.questions.ask_question(self._question))


@pytest.fixture
def loop(tmp_path: Path) -> Iterator[Loop]:
    made = Loop(tmp_path)
    yield made
    made.app.close()


def test_a_server_stands_beside_a_window(loop: Loop) -> None:
    started = loop.app.questions.ask_question("From the window?")
    server = Server(loop.app, "From elsewhere?")
    server.start()
    engine = loop.children.engine
    loop.run_until(lambda: len(engine.all_sent(Generate)) == 2)
    for request in engine.all_sent(Generate):
        engine.write("To: ", request.turns[-1].text, request_id=request.request_id)
        engine.finish_answer(request_id=request.request_id)
    ended = [AnswerFinished, AnswerFinished]
    loop.run_until(lambda: [type(e) for e in loop.events if type(e) in ended] == ended)
    server.join(30)
    assert server.text == "To: From elsewhere?"
    texts = {
        event.turn_id: event.text for event in loop.events if isinstance(event, AnswerFinished)
    }
    assert texts[started.turn_id] == "To: From the window?"
    assert set(texts.values()) == {"To: From the window?", "To: From elsewhere?"}
    questions = {chat.title for chat in loop.app.chats.list_chats()}
    assert questions == {"From the window?", "From elsewhere?"}


def test_each_front_end_has_its_own_replies_and_both_hear_what_changes(loop: Loop) -> None:
    app, children = loop.app, loop.children
    second: list[AppEvent] = []
    leave = app.subscribe(second.append)
    mine, other = app.model_loading, app.placements
    path = app.registry.list_models()[0].path
    first_reply = other.plan_placement(path, context=512)
    second_reply = other.plan_placement(path, context=1024)
    heard: list[tuple[str, int]] = []
    first_reply.on_done(lambda planned: heard.append(("first", planned.placement.context)))
    second_reply.on_done(lambda planned: heard.append(("second", planned.placement.context)))
    first_reply.detach()  # its front end has closed meanwhile
    mine.load_when_idle(path)
    loop.run_until(lambda: second_reply.is_done and mine.loaded is not None)
    assert [name for name, _context in heard] == ["second"]
    assert [type(event) for event in second if isinstance(event, ModelReady)] == [ModelReady]
    assert loop.events[-len(second) :] == second
    leave()
    app.questions.ask_question("Who hears this?")
    assert not any(isinstance(event, AnswerStarted) for event in second)
    assert any(isinstance(event, AnswerStarted) for event in loop.events)
    assert children.engine.all_sent(Generate)
