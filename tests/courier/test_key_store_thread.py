"""The key store is asked on a thread of its own: one that waits for the person blocks nobody."""

import threading
from collections.abc import Iterator
from typing import Never

import pytest

from core.base.errors import ErrorCode, NetworkError
from core.base.paths import Paths
from core.courier.key_store_thread import KeyStoreThread
from core.ipc.reply import Reply
from tests.waiting import wait_for


@pytest.fixture
def keys(root: Paths) -> Iterator[KeyStoreThread]:
    made = KeyStoreThread(root, lambda: None)
    yield made
    made.close()


def test_a_locked_store_blocks_nobody_and_what_waits_can_be_cancelled(
    keys: KeyStoreThread,
) -> None:
    unlocked, threads = threading.Event(), []

    def ask() -> str:
        threads.append(threading.current_thread())
        assert unlocked.wait(20)
        return "key"

    asked, cancelled = keys.call(ask), keys.call(ask)
    keys.poll()
    assert not asked.is_done
    cancelled.cancel()
    keys.poll()
    assert cancelled.failure is not None
    assert cancelled.failure.code == ErrorCode.CANCELLED
    unlocked.set()
    wait_for(lambda: _polled(keys) and asked.is_done)
    assert asked.result == "key"
    keys.close()
    assert len(threads) == 1  # what was cancelled was not asked
    assert threads[0] is not threading.current_thread()


def test_one_that_is_asked_now_can_be_cancelled_too(keys: KeyStoreThread) -> None:
    unlocked = threading.Event()
    asked = keys.call(lambda: unlocked.wait(20))
    asked.cancel()
    keys.poll()
    assert asked.failure is not None
    unlocked.set()
    keys.close()
    keys.poll()
    assert asked.result is None


def test_failures_are_told_and_no_secret_in_them(
    keys: KeyStoreThread, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse() -> None:
        raise NetworkError(ErrorCode.KEY_STORE_MISSING, detail="none is set up")

    def break_down() -> None:
        raise ValueError("the key is hunter2")

    told: list[Reply[Never, None]] = [keys.call(refuse), keys.call(break_down)]
    wait_for(lambda: _polled(keys) and all(each.is_done for each in told))
    failures = [each.failure for each in told]
    assert [each.code for each in failures if each] == [
        ErrorCode.KEY_STORE_MISSING,
        ErrorCode.INTERNAL,
    ]
    assert "hunter2" not in repr(failures)
    assert "ValueError" in caplog.text
    assert "hunter2" not in caplog.text


def _polled(keys: KeyStoreThread) -> bool:
    keys.poll()
    return True
