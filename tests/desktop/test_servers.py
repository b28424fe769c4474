"""Servers and Auto in the window: chosen after a question, badged, added in their dialog."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel

from core.app.events import Problem, RequestFailed
from core.app.events_fetch import KeyStored, ServerTested
from core.app.routing import AUTO
from core.messages import ServerModel
from desktop.asking import Asking
from desktop.models.dialog import ModelDialog
from desktop.models.server_dialog import ServerDialog
from desktop.window import MainWindow
from tests.desktop.conftest import Desk
from tests.desktop.fake_app import FakeApp

ADDRESS = "http://10.1.2.3:8000/v1"


def question() -> Asking:
    """Return the question that is on the screen."""
    return next(
        widget
        for widget in QApplication.topLevelWidgets()
        if isinstance(widget, Asking) and widget.isVisible()
    )


def send(window: MainWindow, text: str) -> None:
    window.view.composer.set_draft(text)
    window.view.composer.sent.emit(text)


@pytest.fixture
def app(front: FakeApp) -> FakeApp:
    return front


@pytest.fixture
def window(desk: Desk) -> MainWindow:
    return desk.window


@pytest.fixture
def with_server(window: MainWindow, app: FakeApp) -> MainWindow:
    app.servers.add("box", [ADDRESS], "big-model")
    window.rooms.models.refresh()
    return window


def test_a_server_is_used_only_after_a_yes(with_server: MainWindow, app: FakeApp) -> None:
    window, models = with_server, with_server.rooms.models
    assert [entry.ref for entry in models.models][-1] == "box"
    badge = window.rooms.servers.badge
    models.choose("box")
    asked = question()
    assert "10.1.2.3:8000" in " ".join(label.text() for label in asked.findChildren(QLabel))
    asked.reject()
    assert ("allow_server", "box") not in app.calls
    assert badge.isHidden()
    send(window, "Hello")
    assert app.asked_model == ""


def test_a_new_chat_with_a_server_says_so_and_goes_on_with_it(
    with_server: MainWindow, app: FakeApp
) -> None:
    window, models = with_server, with_server.rooms.models
    models.choose("box")
    question().accept()
    assert ("allow_server", "box") in app.calls
    badge = window.rooms.servers.badge
    assert badge.isVisible()
    assert "10.1.2.3:8000" in badge.text()
    assert models.chosen is not None
    assert models.chosen.ref == "box"
    send(window, "Hello")
    assert app.asked_model == "box"
    window.rooms.chats.open_new()
    assert badge.isHidden()
    send(window, "Hello again")
    assert app.asked_model == ""


def test_an_open_chat_changes_to_a_server_and_back(with_server: MainWindow, app: FakeApp) -> None:
    window, models = with_server, with_server.rooms.models
    app.servers.allow("box")
    send(window, "Hello")
    chat_id = window.rooms.chat.chat_id
    assert chat_id
    models.choose("box")
    assert app.servers.used[chat_id] == "box"
    assert window.rooms.servers.badge.isVisible()
    models.choose("smollm2-135m-q4_1")
    assert app.servers.used[chat_id] == ""
    assert window.rooms.servers.badge.isHidden()
    assert app.last("choose_model") == ("smollm2-135m-q4_1",)


def test_auto_is_offered_where_there_is_a_choice(window: MainWindow, app: FakeApp) -> None:
    models = window.rooms.models
    assert AUTO not in {entry.ref for entry in models.models}
    app.routing.has_choice = True
    models.refresh()
    assert models.choose(AUTO)
    assert app.routing.is_auto
    assert models.chosen is not None
    assert models.chosen.ref == AUTO


def test_the_table_says_where_they_answer(with_server: MainWindow, app: FakeApp) -> None:
    app.routing.has_choice = True
    with_server.open_models()
    dialog = next(each for each in with_server.findChildren(ModelDialog) if each.isVisible())
    last = dialog.shelf.columnCount() - 1
    words = [
        dialog.shelf.data(dialog.shelf.index(row, last), Qt.ItemDataRole.DisplayRole)
        for row in range(dialog.shelf.rowCount())
    ]
    assert words == ["Fits", "Your server", "Chooses"]
    dialog.select("box")
    dialog.reject()


@pytest.fixture
def dialog(window: MainWindow) -> ServerDialog:
    window.registry.get("models.servers").trigger()
    return next(each for each in window.findChildren(ServerDialog) if each.isVisible())


def test_a_server_is_asked_and_added(dialog: ServerDialog, app: FakeApp) -> None:
    assert not dialog.ask_button.isEnabled()
    dialog.form.addresses.setPlainText(f"{ADDRESS}\n")
    dialog.form.name.setText("My Box")
    assert dialog.ask_button.isEnabled()
    assert not dialog.add_button.isEnabled()
    dialog.ask_button.click()
    assert app.last("test_server") == (ADDRESS, "")
    request_id = f"request-{len(app.calls)}"
    models = (ServerModel(name="big-model", context=32_768), ServerModel(name="small"))
    app.emit(ServerTested(request_id=request_id, address=ADDRESS, models=models, seconds=0.1))
    assert "2 models" in dialog.said.text()
    assert dialog.form.model.currentText() == "big-model"
    dialog.add_button.click()
    question().accept()
    (server,) = app.servers.all()
    assert (server.name, server.model, server.context) == ("my-box", "big-model", 32_768)
    assert server.agreed == (ADDRESS,)
    assert "my-box" in dialog.said.text()
    dialog.list.setCurrentRow(0)
    dialog.forget_button.click()
    assert app.servers.all() == ()
    dialog.reject()


def test_a_key_is_kept_before_anything_is_asked(dialog: ServerDialog, app: FakeApp) -> None:
    dialog.form.addresses.setPlainText(ADDRESS)
    dialog.form.name.setText("box")
    dialog.form.key.setText("secret")
    dialog.ask_button.click()
    assert app.last("keep_key") == ("server box", "secret")
    assert app.count("test_server") == 0
    app.emit(KeyStored(request_id=f"request-{len(app.calls)}"))
    assert app.last("test_server") == (ADDRESS, "server box")
    problem = Problem(code="host_unreachable", message="It can't be reached.", hint="Look.")
    app.emit(RequestFailed(request_id=f"request-{len(app.calls)}", problem=problem))
    assert dialog.said.text() == "It can't be reached. Look."
    dialog.reject()


def test_odd_addresses_can_t_be_asked(dialog: ServerDialog) -> None:
    dialog.form.addresses.setPlainText("file:///etc/passwd")
    dialog.form.name.setText("box")
    dialog.form.model.setEditText("x")
    assert not dialog.ask_button.isEnabled()
    assert not dialog.add_button.isEnabled()
    dialog.reject()
