"""Encryption in the window: the card, the code that must be kept, and the closing that converts."""

import pytest
from msgspec import structs
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from core.app.encryption import key_wrapping
from core.app.encryption.encryption_service import EncryptionService
from core.app.encryption.key_file import EncryptionState, read_key_file
from core.app.encryption.key_wrapping import UnlockMethod
from core.base.database import is_plain_database
from core.base.errors import StorageError
from core.base.paths import Paths
from desktop.kit.theme import Theme
from desktop.privacy.encryption_dialogs import EncryptDialog, RecoveryCodeDialog, UnlockDialog
from desktop.privacy.privacy_page import PrivacyPage
from tests.app.encryption.fake_key_store import FakeKeyStore
from tests.desktop.open_window import OpenWindow
from tests.desktop.seen import click, dialog, words_of

PASSPHRASE = "four or five words"


@pytest.fixture
def page(ui: OpenWindow) -> PrivacyPage:
    ui.window.privacy._app.encryption._keys = FakeKeyStore(works=False)
    ui.window.registry.action_by_id("file.privacy").trigger()
    ui.settle()
    shown = dialog()
    assert isinstance(shown, PrivacyPage)
    return shown


def test_everything_is_encrypted_once_the_code_is_kept(ui: OpenWindow, page: PrivacyPage) -> None:
    paths = ui.backend.paths
    assert "not encrypted" in words_of(page.encryption)
    click(page, "Encrypt everything…")
    question = dialog()
    assert isinstance(question, EncryptDialog)
    click(question, "Copy the code")
    code = QGuiApplication.clipboard().text()
    assert not question.confirm_button.isEnabled()
    question.kept_box.setChecked(True)
    click(question, "Close and encrypt")
    assert "no key store" in question.problem.text()
    question.fields.first.setText(PASSPHRASE)
    assert not question.confirm_button.isEnabled()
    question.fields.second.setText(PASSPHRASE)
    click(question, "Close and encrypt")
    ui.settle()
    assert not ui.window.isVisible()
    assert ui.backend.is_closed
    kept = read_key_file(paths)
    assert kept is not None
    assert kept.state is EncryptionState.ON
    assert not is_plain_database(paths.chats)
    for secret in (code, PASSPHRASE):
        service = EncryptionService(paths, FakeKeyStore(works=False))
        service.unlock(secret)
        service.open_key()
        assert service.status.methods == (UnlockMethod.RECOVERY_CODE, UnlockMethod.PASSPHRASE)
        service.close()


def test_a_new_code_that_is_not_kept_changes_nothing(
    ui: OpenWindow, page: PrivacyPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths, old = ui.backend.paths, key_wrapping.new_recovery_code()
    service = EncryptionService(paths, FakeKeyStore(works=False))
    service.switch_on(PASSPHRASE, old)
    service._pending, pending = None, service._pending
    assert pending is not None
    service._save(structs.replace(pending, state=EncryptionState.ON))
    monkeypatch.setattr(page.encryption, "_encryption", service)
    page.encryption.refresh_card()
    opened = {}
    for ends in (Qt.Key.Key_Escape, Qt.Key.Key_Return):
        click(page, "New recovery code…")
        question = dialog()
        assert isinstance(question, RecoveryCodeDialog)
        code = question.code.code_line.text()
        question.confirm_button.setFocus()
        QTest.keyClick(question, ends)
        ui.settle()
        opened[ends] = {each for each in (old, code) if opens(paths, each)}
        assert ("not changed" in words_of(page.encryption)) is (ends is Qt.Key.Key_Escape)
    assert opened == {Qt.Key.Key_Escape: {old}, Qt.Key.Key_Return: {code}}
    paths.key_file.unlink()
    paths.second_key_file.unlink()


def opens(paths: Paths, secret: str) -> bool:
    """Return whether a secret unlocks the data."""
    try:
        EncryptionService(paths, FakeKeyStore(works=False)).unlock(secret)
    except StorageError:
        return False
    return True


def test_a_wrong_secret_is_told_and_can_be_typed_again(ui: OpenWindow) -> None:
    service = EncryptionService(ui.backend.paths, FakeKeyStore(works=False))
    service.switch_on(PASSPHRASE, key_wrapping.new_recovery_code())
    service._pending, pending = None, service._pending
    assert pending is not None
    from core.app.encryption.key_file import write_key_file  # noqa: PLC0415

    write_key_file(ui.backend.paths, pending)
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    asked = UnlockDialog(Theme(application, ui.backend.app.settings), ui.window)
    asked.carry_out = lambda: service.unlock(asked.secret_line.text())
    asked.open()
    asked.secret_line.setText("something else")
    click(asked, "Unlock")
    assert "neither the passphrase" in asked.problem.text()
    asked.secret_line.setText(PASSPHRASE)
    click(asked, "Unlock")
    assert asked.result() == UnlockDialog.DialogCode.Accepted
    asked.deleteLater()
    ui.backend.paths.key_file.unlink()
    ui.backend.paths.second_key_file.unlink()
