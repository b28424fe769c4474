"""A key store that does not answer holds up no command without a word, and Ctrl-C ends it."""

import signal
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from core.app.app import App
from core.app.encryption import key_wrapping
from core.app.encryption.encryption_service import EncryptionService
from core.app.encryption.passphrase_file import PASSPHRASE_FILE_VARIABLE
from core.app.events.app_events import Problem
from core.base.errors import ErrorCode
from core.base.paths import Paths
from core.cli import library_session
from core.cli.library_session import Interrupted
from core.cli.session import Session
from core.cli.terminal import Terminal
from tests.app.encryption.fake_key_store import FakeKeyStore, WaitingKeyStore
from tests.fakes.app import FakeChildren, prepare_root

PASSPHRASE = "four or five words"


@pytest.fixture
def locked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Paths, WaitingKeyStore]]:
    """An encrypted data folder, and the key store that has its key and waits."""
    paths, keys = prepare_root(tmp_path), FakeKeyStore()
    app = FakeChildren().make_app(paths)
    app.encryption = EncryptionService(paths, keys)
    app.open_root()
    app.encryption.switch_on(PASSPHRASE, key_wrapping.new_recovery_code())
    app.close()
    monkeypatch.setattr(library_session, "_KEY_STORE_PATIENCE_SECONDS", 0.05)
    waiting = WaitingKeyStore(keys.keys)
    yield paths, waiting
    waiting.question.set()
    for thread in {*waiting.was_asked_by}:
        thread.join(10)


def session_over(
    place: tuple[Paths, WaitingKeyStore], on_problem: Callable[[Problem], None]
) -> Session:
    paths, keys = place

    def make_app(paths: Paths, wake: Callable[[], None]) -> App:
        app = FakeChildren().make_app(paths, wake)
        app.encryption = EncryptionService(paths, keys)
        return app

    return Session(paths, make_app, on_problem)


def test_it_says_that_it_waits_and_goes_on_with_the_answer(
    locked: tuple[Paths, WaitingKeyStore],
) -> None:
    said: list[str] = []

    def on_problem(problem: Problem) -> None:
        said.append(problem.code)
        locked[1].question.set()

    with session_over(locked, on_problem) as session:
        assert session.app.chats.list_chats() == ()
    assert said == [ErrorCode.KEY_STORE_WAITS]
    assert threading.main_thread() not in locked[1].was_asked_by


def test_a_named_passphrase_opens_it_meanwhile(
    locked: tuple[Paths, WaitingKeyStore], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "passphrase"
    file.write_text(PASSPHRASE, "utf-8")
    monkeypatch.setenv(PASSPHRASE_FILE_VARIABLE, str(file))
    with session_over(locked, lambda _problem: None) as session:
        assert session.app.chats.list_chats() == ()
    assert not locked[1].question.is_set()


@pytest.mark.parametrize("typed", ["", "no passphrase"])
def test_enter_goes_on_once_the_key_store_was_answered(
    locked: tuple[Paths, WaitingKeyStore], monkeypatch: pytest.MonkeyPatch, typed: str
) -> None:
    _paths, keys = locked
    asked: list[str] = []

    def read_secret(_terminal: Terminal, words: str) -> str:
        asked.append(words)
        keys.question.set()
        for thread in keys.was_asked_by:
            thread.join(10)
        return typed

    monkeypatch.setattr(Terminal, "reads_terminal", property(lambda _terminal: True))
    monkeypatch.setattr(Terminal, "read_secret", read_secret)
    with session_over(locked, lambda _problem: None) as session:
        assert session.app.chats.list_chats() == ()
    assert len(asked) == 1


def test_ctrl_c_ends_the_waiting(locked: tuple[Paths, WaitingKeyStore]) -> None:
    def on_problem(_problem: Problem) -> None:
        signal.raise_signal(signal.SIGINT)

    with pytest.raises(Interrupted), session_over(locked, on_problem):
        pytest.fail("it was opened without a key")
    assert not locked[1].question.is_set()
