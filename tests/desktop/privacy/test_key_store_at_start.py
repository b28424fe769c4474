"""A key store that does not answer at the start holds up no window, and something else opens it."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from core.app.app import App
from core.app.encryption import key_wrapping
from core.app.encryption.encryption_service import EncryptionService
from core.app.root_lock import is_root_held, send_open_request
from core.base.paths import Paths
from desktop.privacy.encryption_dialogs import UnlockDialog
from desktop.process import application_content, application_start
from desktop.window.main_window import MainWindow
from tests.app.encryption.fake_key_store import FakeKeyStore, WaitingKeyStore
from tests.desktop.seen import open_dialog, words_of
from tests.desktop.window.test_start import _loops_run_again, as_if_started, end_and_close
from tests.fakes.app import FakeChildren, prepare_root

__all__ = ["_loops_run_again", "as_if_started"]
PASSPHRASE = "four or five words"


@pytest.fixture
def encrypted(tmp_path: Path) -> tuple[Paths, WaitingKeyStore]:
    """An encrypted data folder, and the key store that has its key and waits."""
    paths, keys = prepare_root(tmp_path), FakeKeyStore()
    app = FakeChildren().make_app(paths)
    app.encryption = EncryptionService(paths, keys)
    app.open_root()
    app.encryption.switch_on(PASSPHRASE, key_wrapping.new_recovery_code())
    app.close()
    assert keys.keys
    return paths, WaitingKeyStore(keys.keys)


def start(
    paths: Paths,
    keys: WaitingKeyStore,
    monkeypatch: pytest.MonkeyPatch,
    answer: Callable[[UnlockDialog], object],
) -> tuple[int, list[str]]:
    """Start the window, answer its dialog; return the exit code and what the dialog said."""
    said: list[str] = []

    def make_app(paths: Paths, wake: Callable[[], None]) -> App:
        app = FakeChildren().make_app(paths, wake)
        app.encryption = EncryptionService(paths, keys)
        return app

    def look() -> None:
        asked = open_dialog()
        if isinstance(asked, UnlockDialog) and not said:
            said.append(words_of(asked))
            answer(asked)

    monkeypatch.setattr(MainWindow, "end_start", end_and_close)
    monkeypatch.setattr(application_content, "_PATIENCE_MS", 50)
    looking, guard = QTimer(), QTimer()
    looking.timeout.connect(look)
    looking.start(20)
    guard.timeout.connect(keys.question.set)
    guard.start(20_000)
    code = application_start.run_application(make_app, paths, [])
    looking.stop()
    guard.stop()
    return code, said


def type_passphrase(asked: UnlockDialog) -> None:
    asked.secret_line.setText(PASSPHRASE)
    asked.confirm_button.click()


@pytest.mark.usefixtures("as_if_started")
def test_a_passphrase_opens_it_while_the_key_store_waits(
    encrypted: tuple[Paths, WaitingKeyStore], monkeypatch: pytest.MonkeyPatch, qapp: QApplication
) -> None:
    paths, keys = encrypted
    code, said = start(paths, keys, monkeypatch, type_passphrase)
    assert not keys.question.is_set(), "the window never waited for the key store"
    keys.question.set()
    assert code == 0
    assert "has not given its key yet" in said[0]
    assert len(keys.was_asked_by) == 1
    assert threading.main_thread() not in keys.was_asked_by


@pytest.mark.usefixtures("as_if_started")
def test_the_dialog_closes_once_the_key_store_answers(
    encrypted: tuple[Paths, WaitingKeyStore], monkeypatch: pytest.MonkeyPatch, qapp: QApplication
) -> None:
    paths, keys = encrypted
    code, said = start(paths, keys, monkeypatch, lambda _asked: keys.question.set())
    assert code == 0
    assert "has not given its key yet" in said[0]


@pytest.mark.usefixtures("as_if_started")
def test_a_key_store_that_answers_without_the_key_is_said(
    encrypted: tuple[Paths, WaitingKeyStore], monkeypatch: pytest.MonkeyPatch, qapp: QApplication
) -> None:
    paths, keys = encrypted
    keys.keys.clear()
    later: list[str] = []

    def answer(asked: UnlockDialog) -> None:
        keys.question.set()
        QTimer.singleShot(500, asked, lambda: later.append(words_of(asked)))
        QTimer.singleShot(600, asked, lambda: type_passphrase(asked))

    code, _said = start(paths, keys, monkeypatch, answer)
    assert code == 0
    assert "doesn't give its key" in later[0]


@pytest.mark.usefixtures("as_if_started")
def test_who_gives_up_ends_it(
    encrypted: tuple[Paths, WaitingKeyStore], monkeypatch: pytest.MonkeyPatch, qapp: QApplication
) -> None:
    paths, keys = encrypted
    code, said = start(paths, keys, monkeypatch, lambda asked: asked.cancel_button.click())
    keys.question.set()
    assert code == 1
    assert said


@pytest.mark.usefixtures("as_if_started")
def test_a_second_start_brings_the_question_to_the_front(
    encrypted: tuple[Paths, WaitingKeyStore], monkeypatch: pytest.MonkeyPatch, qapp: QApplication
) -> None:
    paths, keys = encrypted
    held: list[bool] = []

    def answer(asked: UnlockDialog) -> None:
        held.append(is_root_held(paths))
        request = send_open_request(paths, ["/letters"])
        looking = QTimer(asked)
        looking.timeout.connect(lambda: None if request.exists() else type_passphrase(asked))
        looking.start(20)

    code, _said = start(paths, keys, monkeypatch, answer)
    was_heard = not keys.question.is_set()
    keys.question.set()
    assert (code, held, was_heard) == (0, [True], True)
    assert not is_root_held(paths)


@pytest.mark.usefixtures("as_if_started")
def test_who_gives_up_leaves_the_data_to_the_next_start(
    encrypted: tuple[Paths, WaitingKeyStore], monkeypatch: pytest.MonkeyPatch, qapp: QApplication
) -> None:
    paths, keys = encrypted
    start(paths, keys, monkeypatch, lambda asked: asked.cancel_button.click())
    keys.question.set()
    assert not is_root_held(paths)
