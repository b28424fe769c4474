"""Privacy dialog: connections, the log, sizes, and erasing after two questions."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from core.app.encryption.key_erasure import Traces
from core.app.privacy import stored_data
from core.app.privacy.privacy_report import NetworkConnection, PrivacyReport
from core.app.privacy.stored_data import StoredDataKind
from core.base.paths import Paths
from core.courier.connection.contact_log import ContactLog
from desktop.privacy.erase_dialog import EraseDialog
from desktop.privacy.privacy_controller import EraseRequest
from desktop.privacy.privacy_page import PrivacyPage, connection_list_command
from desktop.process import application_content
from tests.desktop.open_window import OpenWindow
from tests.desktop.seen import click, dialog, words_of


@pytest.fixture
def panel(ui: OpenWindow) -> PrivacyPage:
    log = ContactLog(ui.backend.paths.contacts)
    contact = log.open_contact("models.example", 443, "fetch", "small.gguf")
    contact.add_traffic(sent=77, received=1234)
    contact.finish_contact("done")
    (ui.backend.paths.logs / "engine.log").write_text(
        "2026-11-26 18:09:12,117 4711 WARNING core.ipc.network_lock: network lock refused "
        "socket.connect to ('192.0.2.1', 80)\n"
    )
    ui.window.registry.action_by_id("file.privacy").trigger()
    ui.settle()
    shown = dialog()
    assert isinstance(shown, PrivacyPage)
    return shown


def cells(panel: PrivacyPage) -> str:
    table = panel.network.table
    items = [table.item(row, place) for row in range(table.rowCount()) for place in range(5)]
    return " | ".join(item.text() for item in items if item)


def test_no_connection_is_open_and_the_log_is_shown(panel: PrivacyPage) -> None:
    shown_text = words_of(panel)
    assert "No connection is open." in shown_text
    assert "1 try was refused." in shown_text
    assert "models.example" in cells(panel)
    assert "small.gguf" in cells(panel)
    assert "models.example | 77 bytes | 1.2 kB |" in cells(panel)
    assert "('192.0.2.1', 80)" in cells(panel)


def test_an_open_connection_is_counted(panel: PrivacyPage) -> None:
    open_one = NetworkConnection(pid=1, address="192.0.2.1:443", listening=False)
    panel.network.show_report(
        PrivacyReport(connections=(open_one,), contacts=(), refusals=(), requests=(), seals={})
    )
    assert "1 connection is open." in words_of(panel)
    panel.network.show_report(
        PrivacyReport(connections=None, contacts=(), refusals=(), requests=(), seals={})
    )
    assert "doesn't say" in words_of(panel)


def test_sizes_are_counted_and_the_place_is_named(ui: OpenWindow, panel: PrivacyPage) -> None:
    (ui.backend.paths.models / "a.gguf").write_bytes(bytes(2048))
    panel.stored_data.start_counting()
    ui.bot.waitUntil(lambda: panel.stored_data.totals[StoredDataKind.MODELS] == 2048)
    ui.settle()
    assert str(ui.backend.paths.root) in words_of(panel)
    assert "2.0 kB" in words_of(panel)


def test_the_command_that_proves_it_is_copied(panel: PrivacyPage) -> None:
    click(panel, "Copy the command")
    assert QApplication.clipboard().text() == connection_list_command()


def test_erasing_is_asked_twice_and_can_be_left(ui: OpenWindow, panel: PrivacyPage) -> None:
    click(panel, "Erase everything…")
    question = dialog()
    assert isinstance(question, EraseDialog)
    click(question, "Go on…")
    assert "second and last" in words_of(question)
    with ui.bot.assertNotEmitted(ui.window.privacy.erase_wanted):
        QTest.keyClick(question, Qt.Key.Key_Escape)
        ui.settle()
    assert ui.window.isVisible()


def test_after_two_answers_the_window_goes_and_all_is_erased(
    ui: OpenWindow, panel: PrivacyPage, tmp_path: Path
) -> None:
    (ui.backend.paths.models / "a.gguf").write_bytes(bytes(2048))
    own = tmp_path / "documents"
    own.mkdir()
    (own / "letter.txt").write_text("mine")
    requests: list[EraseRequest] = []
    ui.window.privacy.erase_wanted.connect(requests.append)
    panel.stored_data.start_counting()
    ui.bot.waitUntil(lambda: panel.stored_data.totals[StoredDataKind.MODELS] > 0)
    click(panel, "Erase everything…")
    question = dialog()
    assert isinstance(question, EraseDialog)
    question.models.setChecked(True)
    click(question, "Go on…")
    click(question, "Erase everything")
    ui.settle()
    assert not ui.window.isVisible()
    assert ui.backend.is_closed
    (wanted,) = requests
    assert wanted.models
    assert stored_data.erase_stored_data(ui.backend.paths, models=wanted.models) == ()
    assert not ui.backend.paths.root.exists()
    assert (own / "letter.txt").read_text() == "mine"


def test_what_could_not_be_erased_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = Paths(tmp_path / "root")
    shown_text: list[str] = []
    monkeypatch.setattr(stored_data, "erase_stored_data", lambda *_args, **_kw: (paths.chats,))
    monkeypatch.setattr(
        application_content,
        "show_fatal_message",
        lambda message, hint: shown_text.extend((message, hint)),
    )
    assert application_content._erase(paths, Traces(), models=True) == 1
    assert str(paths.chats) in shown_text[0]
