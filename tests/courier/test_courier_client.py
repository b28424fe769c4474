"""The courier's client: its child ends when idle, requests get ids, refusals wait for a poll."""

from collections.abc import Callable

import pytest

from core.base.errors import ErrorCode, NetworkError
from core.base.paths import Paths
from core.courier.client import CourierClient
from core.messages import (
    AskServer,
    CheckUpdate,
    Failed,
    ListServerModels,
    RemoteServer,
    Secret,
    ServerModels,
    UpdateChecked,
)
from tests.fakes.courier_child import FakeCourierChild
from tests.fakes.key_store import FakeKeyStore

NEWS = CheckUpdate(request_id="", address="", public_key="", version="1", issued=0)
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
def keys() -> FakeKeyStore:
    return FakeKeyStore()


@pytest.fixture
def client(
    root: Paths,
    child: FakeCourierChild,
    keys: FakeKeyStore,
    clock: Callable[[], float],
    woken: list[bool],
) -> CourierClient:
    return CourierClient(
        root, lambda: woken.append(True), keys, process=child, idle_seconds=IDLE, clock=clock
    )


def test_a_child_without_requests_ends_after_a_while(
    client: CourierClient, child: FakeCourierChild, clock: Clock
) -> None:
    child.held = {CheckUpdate}
    reply = client.send(NEWS)
    clock.now += 10 * IDLE
    client.poll()
    assert client.pid is not None, "a request waits"
    child.answer(UpdateChecked, newer="")
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
    client.send(NEWS)
    client.poll()
    assert (client.pid, child.starts) == (4711, 2)


def test_a_request_without_an_id_gets_one(client: CourierClient, child: FakeCourierChild) -> None:
    first, second = client.send(NEWS), client.send(NEWS)
    assert first.request_id
    assert first.request_id != second.request_id
    assert [each.request_id for each in child.all_sent(CheckUpdate)] == [
        first.request_id, second.request_id
    ]  # fmt: skip


def test_a_refused_request_fails_at_the_next_poll(
    client: CourierClient, child: FakeCourierChild, woken: list[bool]
) -> None:
    error = NetworkError(ErrorCode.SERVER_CONSENT, host="box", name="box")
    failures: list[Failed] = []
    client.refuse(NEWS, error).on_error(failures.append)
    assert (failures, woken, child.sent) == ([], [True], [])
    client.poll()
    assert [failed.code for failed in failures] == [ErrorCode.SERVER_CONSENT]
    client.refuse(NEWS, error).on_error(failures.append)
    client.stop()
    client.poll()
    assert len(failures) == 1


def test_a_dead_child_fails_what_was_asked(client: CourierClient, child: FakeCourierChild) -> None:
    child.held = {CheckUpdate}
    reply = client.send(NEWS)
    client.kill()
    client.poll()
    assert reply.failure is not None
    assert reply.failure.code == ErrorCode.COURIER_DIED


MODELS = ListServerModels(
    request_id="", server=RemoteServer(address="http://box"), key_name="server box"
)
QUESTION = AskServer(
    request_id="q", servers=(MODELS.server,), model="m", messages=(), key_name="server box"
)


def test_a_request_gets_the_one_key_that_it_needs_once_the_store_has_given_it(
    client: CourierClient, child: FakeCourierChild, keys: FakeKeyStore
) -> None:
    keys.keys = {"server box": "its key", "server other": "another"}
    keys.is_locked = True
    reply = client.send(MODELS)
    client.poll()
    assert (child.sent, reply.is_done) == ([], False)  # and nothing has waited for it
    keys.unlock()
    sent = child.all_sent(ListServerModels)[-1]
    assert (sent.request_id, sent.key) == (reply.request_id, Secret("its key"))
    assert "its key" not in repr(sent)
    child.answer(ServerModels, models=(), seconds=0.1)
    client.poll()
    assert reply.result is not None


def test_a_request_is_cancelled_while_the_store_asks(
    client: CourierClient, child: FakeCourierChild, keys: FakeKeyStore
) -> None:
    keys.is_locked = True
    reply = client.send(QUESTION)
    reply.cancel()
    keys.unlock()
    assert reply.failure is not None
    assert reply.failure.code == ErrorCode.CANCELLED
    assert child.sent == []


def test_a_store_that_gives_no_key_fails_the_request(
    client: CourierClient, child: FakeCourierChild, keys: FakeKeyStore
) -> None:
    keys.is_locked = True
    reply = client.send(QUESTION)
    keys.refuse()
    assert reply.failure is not None
    assert (reply.failure.request_id, reply.failure.code) == ("q", ErrorCode.KEY_STORE_MISSING)
    assert child.sent == []
