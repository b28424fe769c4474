"""The courier's client: its child ends when idle, requests get ids, refusals wait for a poll."""

from collections.abc import Callable

import pytest

from core.base.errors import ErrorCode, NetworkError
from core.base.paths import Paths
from core.courier.client import CourierClient
from core.messages import Failed, KeySaved, SaveKey
from tests.fakes.courier_child import FakeCourierChild

KEY = SaveKey(request_id="", name="server box", key="secret")
IDLE = 20.0


class Clock:
    """A clock that is set by hand."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def child() -> FakeCourierChild:
    return FakeCourierChild()


@pytest.fixture
def woken() -> list[bool]:
    return []


@pytest.fixture
def client(
    root: Paths, child: FakeCourierChild, clock: Callable[[], float], woken: list[bool]
) -> CourierClient:
    return CourierClient(
        root, lambda: woken.append(True), process=child, idle_seconds=IDLE, clock=clock
    )


def test_a_child_without_requests_ends_after_a_while(
    client: CourierClient, child: FakeCourierChild, clock: Clock
) -> None:
    child.held = {SaveKey}
    reply = client.send(KEY)
    clock.now += 10 * IDLE
    client.poll()
    assert client.pid is not None, "a request waits"
    child.answer(KeySaved)
    clock.now += 10 * IDLE
    client.poll()
    assert reply.is_done
    assert client.pid is not None, "it had something to do until now"
    clock.now += IDLE - 1
    client.poll()
    assert client.pid is not None
    clock.now += 1
    client.poll()
    assert client.pid is None
    client.send(KEY)
    client.poll()
    assert (client.pid, child.starts) == (4711, 2)


def test_a_request_without_an_id_gets_one(client: CourierClient, child: FakeCourierChild) -> None:
    first, second = client.send(KEY), client.send(KEY)
    assert first.request_id
    assert first.request_id != second.request_id
    assert [each.request_id for each in child.all_sent(SaveKey)] == [
        first.request_id, second.request_id
    ]  # fmt: skip


def test_a_refused_request_fails_at_the_next_poll(
    client: CourierClient, child: FakeCourierChild, woken: list[bool]
) -> None:
    error = NetworkError(ErrorCode.SERVER_CONSENT, host="box", name="box")
    failures: list[Failed] = []
    client.refuse(KEY, error).on_error(failures.append)
    assert (failures, woken, child.sent) == ([], [True], [])
    client.poll()
    assert [failed.code for failed in failures] == [ErrorCode.SERVER_CONSENT]
    client.refuse(KEY, error).on_error(failures.append)
    client.stop()
    client.poll()
    assert len(failures) == 1


def test_a_dead_child_fails_what_was_asked(client: CourierClient, child: FakeCourierChild) -> None:
    child.held = {SaveKey}
    reply = client.send(KEY)
    client.kill()
    client.poll()
    assert reply.failure is not None
    assert reply.failure.code == ErrorCode.COURIER_DIED
