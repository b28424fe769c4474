"""The command session: waiting for the reply of a request."""

import signal
from collections.abc import Iterator
from typing import Any

import pytest

from core.base.errors import ErrorCode
from core.base.paths import Paths
from core.cli.library_session import Interrupted, RequestRefused
from core.cli.session import Session
from core.ipc.reply import Reply
from core.messages import Failed
from tests.fakes.app import FakeChildren


@pytest.fixture
def session(root: Paths) -> Iterator[Session]:
    """A session of the real application over scripted children."""
    made = Session(root, FakeChildren().make_app, lambda problem: pytest.fail(problem.message))
    with made as opened:
        yield opened


def test_a_result_is_waited_for_and_its_progress_told(session: Session) -> None:
    reply: Reply[int, str] = Reply("a")
    heard: list[int] = []
    session.app.call_soon(lambda: reply.report(1))
    session.app.call_soon(lambda: reply.report(2))
    session.app.call_soon(lambda: reply.finish("done"))
    assert session.wait_for(reply, heard.append) == "done"
    assert heard == [1, 2]


def test_what_is_known_is_not_waited_for(session: Session) -> None:
    known: Reply[Any, int] = Reply.finished(3)
    assert session.wait_for(known) == 3


def test_a_failure_is_refused_in_words(session: Session) -> None:
    reply: Reply[Any, str] = Reply("a")
    failed = Failed(request_id="a", code=ErrorCode.FOLDER_GONE, facts={"path": "/pears"})
    session.app.call_soon(lambda: reply.fail(failed))
    with pytest.raises(RequestRefused) as refused:
        session.wait_for(reply)
    assert refused.value.problem.code == "folder_gone"
    assert "/pears" in str(refused.value)


def test_an_interrupt_cancels_the_request(session: Session) -> None:
    cancelled: list[bool] = []
    reply: Reply[Any, str] = Reply("a", lambda: cancelled.append(True))
    session.app.call_soon(lambda: signal.raise_signal(signal.SIGINT))
    with pytest.raises(Interrupted):
        session.wait_for(reply)
    assert cancelled == [True]
