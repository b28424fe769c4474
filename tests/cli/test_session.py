"""The command session: waiting for the reply of a request."""

import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest

from core.app.app import App
from core.app.events.app_events import AppEvent
from core.base.errors import ErrorCode
from core.base.paths import Paths
from core.cli.session import Interrupted, RequestRefused, Session
from core.ipc.reply import Reply
from core.messages import Failed


class Events:
    """Opens and closes; each call of `process_events` does the next step."""

    def __init__(self, *steps: Callable[[], object]) -> None:
        self._steps = [lambda: None, *steps]  # the first is taken while it opens

    def subscribe(self, listener: Callable[[AppEvent], None]) -> None: ...

    def open_root(self) -> None: ...

    def close(self) -> None: ...

    def process_events(self) -> None:
        self._steps.pop(0)()


def session(*steps: Callable[[], object]) -> Session:
    return Session(
        Paths(Path()), lambda _paths, _wake: cast("App", Events(*steps)), lambda _problem: None
    )


def test_a_result_is_waited_for_and_its_progress_told() -> None:
    reply: Reply[int, str] = Reply("a")
    heard: list[int] = []
    steps = (lambda: reply.report(1), lambda: reply.report(2), lambda: reply.finish("done"))
    with session(*steps) as opened:
        assert opened.wait_for(reply, heard.append) == "done"
    assert heard == [1, 2]


def test_what_is_known_is_not_waited_for() -> None:
    with session() as opened:
        known: Reply[Any, int] = Reply.finished(3)
        assert opened.wait_for(known) == 3


def test_a_failure_is_refused_in_words() -> None:
    reply: Reply[Any, str] = Reply("a")
    failed = Failed(request_id="a", code=ErrorCode.FOLDER_GONE, facts={"path": "/pears"})
    with session(lambda: reply.fail(failed)) as opened, pytest.raises(RequestRefused) as refused:
        opened.wait_for(reply)
    assert refused.value.problem.code == "folder_gone"
    assert "/pears" in str(refused.value)


def test_an_interrupt_cancels_the_request() -> None:
    cancelled: list[bool] = []
    reply: Reply[Any, str] = Reply("a", lambda: cancelled.append(True))
    with (
        session(lambda: os.kill(os.getpid(), signal.SIGINT)) as opened,
        pytest.raises(Interrupted),
    ):
        opened.wait_for(reply)
    assert cancelled == [True]
