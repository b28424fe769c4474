"""A key store that does not answer at the start holds up no window, and something else opens it."""

import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from core.app.app import App
from core.app.encryption import key_wrapping
from core.app.encryption.encryption_service import EncryptionService
from core.base.paths import Paths
from desktop.privacy.encryption_dialogs import UnlockDialog
from desktop.process import application_content, application_start
from desktop.window.main_window import MainWindow
from tests.app.encryption.fake_key_store import FakeKeyStore
from tests.desktop.seen import open_dialog, words_of
from tests.desktop.window.test_start import _loops_run_again, as_if_started, end_and_close
from tests.fakes.app import FakeChildren, prepare_root

__all__ = ["_loops_run_again", "as_if_started"]
PASSPHRASE = "four or five words"


class WaitingKeyStore(FakeKeyStore):
    """Answers when the person has answered its own question; until then it holds up who asks."""

    def __init__(self, keys: dict[str, bytes]) -> None:
        super().__init__(keys=keys)
        self.question = threading.Event()
        self.was_asked_by: list[threading.Thread] = []

    def read_keys(self, names: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        self.was_asked_by.append(threading.current_thread())
        assert self.question.wait(60)
        return super().read_keys(names)

    def keep_key(self, name: str, key: bytes) -> bool:
        self.was_asked_by.append(threading.current_thread())
        assert self.question.wait(60)
        return super().keep_key(name, key)


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
