"""Servers and Auto in the window: chosen after a question, badged, added in their dialog."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel

from core.app.chats.routing_service import AUTO
from core.base.errors import ErrorCode
from core.messages import Failed, KeySaved, ServerModel, ServerModels
from desktop.kit.confirm_dialog import ConfirmDialog
from desktop.models.models_dialog import ModelsDialog
from desktop.models.servers.server_dialog import ServerDialog
from desktop.window.main_window import MainWindow
from tests.desktop.conftest import Desk
from tests.desktop.fake_app import FakeApp

ADDRESS = "http://10.1.2.3:8000/v1"


def question() -> ConfirmDialog:
    """Return the question that is on the screen."""
    return next(
        widget
        for widget in QApplication.topLevelWidgets()
        if isinstance(widget, ConfirmDialog) and widget.isVisible()
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
    app.servers.add_server("box", [ADDRESS], "big-model")
    window.controllers.models.refresh_models()
    return window


def test_a_server_is_used_only_after_a_yes(with_server: MainWindow, app: FakeApp) -> None:
    window, models = with_server, with_server.controllers.models
    assert [entry.ref for entry in models.models][-1] == "box"
    badge = window.controllers.servers.badge
    models.choose_model("box")
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
    window, models = with_server, with_server.controllers.models
    models.choose_model("box")
    question().accept()
    assert ("allow_server", "box") in app.calls
    badge = window.controllers.servers.badge
    assert badge.isVisible()
    assert "10.1.2.3:8000" in badge.text()
    assert models.chosen is not None
    assert models.chosen.ref == "box"
    send(window, "Hello")
    assert app.asked_model == "box"
    window.controllers.chats.open_new_chat()
    assert badge.isHidden()
    send(window, "Hello again")
    assert app.asked_model == ""


def test_an_open_chat_changes_to_a_server_and_back(with_server: MainWindow, app: FakeApp) -> None:
    window, models = with_server, with_server.controllers.models
    app.servers.allow_server("box")
    send(window, "Hello")
    chat_id = window.controllers.chat.chat_id
    assert chat_id
    models.choose_model("box")
    assert app.servers.used[chat_id] == "box"
    assert window.controllers.servers.badge.isVisible()
    models.choose_model("smollm2-135m-q4_1")
    assert app.servers.used[chat_id] == ""
    assert window.controllers.servers.badge.isHidden()
    assert app.last("choose_model") == ("smollm2-135m-q4_1",)


def test_auto_is_offered_where_there_is_a_choice(window: MainWindow, app: FakeApp) -> None:
    models = window.controllers.models
    assert AUTO not in {entry.ref for entry in models.models}
    app.routing.has_choice = True
    models.refresh_models()
    assert models.choose_model(AUTO)
    assert app.routing.is_auto
    assert models.chosen is not None
    assert models.chosen.ref == AUTO


def test_the_table_says_where_they_answer(with_server: MainWindow, app: FakeApp) -> None:
    app.routing.has_choice = True
    with_server.open_models()
    dialog = next(each for each in with_server.findChildren(ModelsDialog) if each.isVisible())
    last = dialog.table_model.columnCount() - 1
    words = [
        dialog.table_model.data(dialog.table_model.index(row, last), Qt.ItemDataRole.DisplayRole)
        for row in range(dialog.table_model.rowCount())
    ]
    assert words == ["Fits", "Your server", "Chooses"]
    dialog.select_model("box")
    dialog.reject()


@pytest.fixture
def dialog(window: MainWindow) -> ServerDialog:
    window.registry.action_by_id("models.servers").trigger()
    return next(each for each in window.findChildren(ServerDialog) if each.isVisible())


def test_a_server_is_asked_and_added(dialog: ServerDialog, app: FakeApp) -> None:
    assert not dialog.test_button.isEnabled()
    dialog.form.addresses.setPlainText(f"{ADDRESS}\n")
    dialog.form.name.setText("My Box")
    assert dialog.test_button.isEnabled()
    assert not dialog.add_button.isEnabled()
    dialog.test_button.click()
    assert app.last("test_server") == (ADDRESS, "")
    models = (ServerModel(name="big-model", context=32_768), ServerModel(name="small"))
    app.replies[-1].finish(ServerModels(request_id="", models=models, seconds=0.1))
    assert "2 models" in dialog.message.text()
    assert dialog.form.model.currentText() == "big-model"
    dialog.add_button.click()
    question().accept()
    (server,) = app.servers.list_servers()
    assert (server.name, server.model, server.context) == ("my-box", "big-model", 32_768)
    assert server.agreed == (ADDRESS,)
    assert "my-box" in dialog.message.text()
    dialog.server_list.setCurrentRow(0)
    dialog.forget_button.click()
    assert app.servers.list_servers() == ()
    dialog.reject()


def test_a_key_is_kept_before_anything_is_asked(dialog: ServerDialog, app: FakeApp) -> None:
    dialog.form.addresses.setPlainText(ADDRESS)
    dialog.form.name.setText("box")
    dialog.form.key.setText("secret")
    dialog.test_button.click()
    assert app.last("keep_key") == ("server box", "secret")
    assert app.count("test_server") == 0
    app.replies[-1].finish(KeySaved(request_id=""))
    assert app.last("test_server") == (ADDRESS, "server box")
    facts = {"host": "10.1.2.3:8000", "detail": "nothing listens there"}
    app.replies[-1].fail(Failed(request_id="", code=ErrorCode.HOST_UNREACHABLE, facts=facts))
    assert "10.1.2.3:8000" in dialog.message.text()
    assert "nothing listens there" in dialog.message.text()
    dialog.reject()


def test_a_closed_dialog_hears_nothing_more(dialog: ServerDialog, app: FakeApp) -> None:
    dialog.form.addresses.setPlainText(ADDRESS)
    dialog.form.name.setText("box")
    dialog.test_button.click()
    dialog.reject()
    app.replies[-1].finish(ServerModels(request_id="", models=(), seconds=0.1))
    assert "answers" not in dialog.message.text()


def test_a_key_that_is_not_deleted_is_told(desk: Desk, dialog: ServerDialog, app: FakeApp) -> None:
    app.servers.add_server("box", [ADDRESS], "big-model", has_key=True)
    dialog.refresh_servers()
    dialog.server_list.setCurrentRow(0)
    dialog.forget_button.click()
    assert app.last("keep_key") == ("server box", "")
    app.replies[-1].fail(Failed(request_id="", code=ErrorCode.KEY_STORE_MISSING))
    assert desk.notices.all_notices()[-1].problem.code == ErrorCode.KEY_STORE_MISSING
    dialog.reject()


def test_odd_addresses_can_t_be_asked(dialog: ServerDialog) -> None:
    dialog.form.addresses.setPlainText("file:///etc/passwd")
    dialog.form.name.setText("box")
    dialog.form.model.setEditText("x")
    assert not dialog.test_button.isEnabled()
    assert not dialog.add_button.isEnabled()
    dialog.reject()
