"""States of what is within reach everywhere: palette, shortcut sheet, settings."""

from PySide6.QtWidgets import QApplication, QLineEdit

from core.courier.connection.contact_log import ContactLog
from desktop.first_run.welcome_tour import WelcomeTour
from desktop.privacy.erase_dialog import EraseDialog
from desktop.privacy.privacy_page import PrivacyPage
from desktop.window.main_window import MainWindow
from tests.desktop.scripted_backend import ScriptedBackend
from tests.desktop.seen import dialog
from tests.screens.filled import filled


def palette(backend: ScriptedBackend, window: MainWindow) -> None:
    """The command palette, with something typed."""
    filled(backend, window)
    window.registry.action_by_id("help.palette").trigger()
    dialog().findChildren(QLineEdit)[0].setText("te")


def shortcuts(backend: ScriptedBackend, window: MainWindow) -> None:
    """The shortcut sheet."""
    filled(backend, window)
    window.registry.action_by_id("help.shortcuts").trigger()


def settings(backend: ScriptedBackend, window: MainWindow) -> None:
    """The page of settings."""
    filled(backend, window)
    window.registry.action_by_id("file.settings").trigger()


def settings_found(backend: ScriptedBackend, window: MainWindow) -> None:
    """The settings that fit a word, one of them changed."""
    settings(backend, window)
    dialog().findChildren(QLineEdit)[0].setText("memory")


def privacy(backend: ScriptedBackend, window: MainWindow) -> None:
    """The privacy panel: nothing was ever contacted."""
    filled(backend, window)
    window.registry.action_by_id("file.privacy").trigger()


def privacy_log(backend: ScriptedBackend, window: MainWindow) -> None:
    """The privacy panel after two contacts and a refusal."""
    filled(backend, window)
    log = ContactLog(backend.paths.contacts)
    contact = log.open_contact("models.example", 443, "fetch", "smollm2-360m-instruct.Q4_K_M.gguf")
    contact.add_traffic(requests=3, received=271_000_000)
    contact.finish_contact("done")
    log.open_contact("192.168.1.20", 8080, "answer", "qwen3-32b").finish_contact("failed")
    (backend.paths.logs / "engine.log").write_text(
        "2026-11-26 18:09:12,117 4711 WARNING core.ipc.network_lock: network lock refused "
        "socket.getaddrinfo to 'telemetry.example'\n"
    )
    window.registry.action_by_id("file.privacy").trigger()


def erasing(backend: ScriptedBackend, window: MainWindow) -> None:
    """The first question before everything is erased."""
    privacy(backend, window)
    (backend.paths.models / "fetched.gguf").write_bytes(bytes(100_000))
    panel = dialog()
    assert isinstance(panel, PrivacyPage)
    panel.stored_data.start_counting()
    QApplication.processEvents()
    QApplication.processEvents()
    panel.stored_data.erase_button.click()


def erasing_really(backend: ScriptedBackend, window: MainWindow) -> None:
    """The second question."""
    erasing(backend, window)
    QApplication.processEvents()
    question = dialog()
    assert isinstance(question, EraseDialog)
    question.confirm_button.click()


def welcome(backend: ScriptedBackend, window: MainWindow) -> None:
    """The first page of the welcome: what stays private."""
    window.welcome.show()


def welcome_model(backend: ScriptedBackend, window: MainWindow) -> None:
    """Its second page: a model."""
    welcome(backend, window)
    shown = dialog()
    assert isinstance(shown, WelcomeTour)
    shown.next_button.click()


def welcome_folder(backend: ScriptedBackend, window: MainWindow) -> None:
    """Its third page: a folder."""
    welcome_model(backend, window)
    shown = dialog()
    assert isinstance(shown, WelcomeTour)
    shown.next_button.click()


EVERYWHERE = (
    palette,
    shortcuts,
    settings,
    settings_found,
    privacy,
    privacy_log,
    erasing,
    erasing_really,
    welcome,
    welcome_model,
    welcome_folder,
)
