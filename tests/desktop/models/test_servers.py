"""Servers and Auto in the window: consent question, badge, dialog."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel

from core.app.app import App
from core.base.errors import ErrorCode
from core.base.settings.app_settings import AUTO, MODEL
from core.messages import (
    AskServer,
    ListServerModels,
    ServerModel,
    ServerModels,
)
from desktop.kit.confirm_dialog import ConfirmDialog
from desktop.models.models_page import ModelsPage
from desktop.models.models_tabs import INSTALLED
from desktop.models.servers.servers_page import ServersPage
from desktop.window.main_window import MainWindow
from tests.desktop.open_window import OpenWindow, settle
from tests.desktop.scripted_backend import ScriptedBackend
from tests.fakes.models import SMALL_MODEL, qwen_gguf

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
    settle()


@pytest.fixture
def app(backend: ScriptedBackend) -> App:
    return backend.app


@pytest.fixture
def window(ui: OpenWindow) -> MainWindow:
    return ui.window


@pytest.fixture
def with_server(window: MainWindow, app: App) -> MainWindow:
    app.servers.add_server("box", [ADDRESS], "big-model")
    return window


def asked_servers(backend: ScriptedBackend) -> list[str]:
    """Return the addresses that were asked a question, the first one first."""
    return [request.servers[0].address for request in backend.courier.all_sent(AskServer)]


def test_a_server_is_used_only_after_a_yes(
    with_server: MainWindow, backend: ScriptedBackend
) -> None:
    window, models = with_server, with_server.controllers.models
    assert "box" in [entry.ref for entry in models.models]
    badge = window.controllers.servers.badge
    models.choose_model("box")
    asked = question()
    assert "10.1.2.3:8000" in " ".join(label.text() for label in asked.findChildren(QLabel))
    asked.reject()
    assert badge.isHidden()
    send(window, "Hello")
    assert asked_servers(backend) == []
    assert backend.last_question == "Hello"


def test_a_new_chat_with_a_server_says_so_and_goes_on_with_it(
    with_server: MainWindow, backend: ScriptedBackend
) -> None:
    window, models = with_server, with_server.controllers.models
    models.choose_model("box")
    question().accept()
    badge = window.controllers.servers.badge
    assert badge.isVisible()
    assert "10.1.2.3:8000" in badge.text()
    assert models.chosen is not None
    assert models.chosen.ref == "box"
    send(window, "Hello")
    assert asked_servers(backend) == [ADDRESS]
    assert not backend.questions
    backend.courier.write("Good ", "morning.")
    backend.courier.finish_answer()
    backend.pump()
    window.controllers.chats.open_new_chat()
    assert badge.isHidden()
    send(window, "Hello again")
    assert asked_servers(backend) == [ADDRESS]
    assert backend.last_question == "Hello again"


def test_an_open_chat_changes_to_a_server_and_back(
    with_server: MainWindow, backend: ScriptedBackend
) -> None:
    window, models = with_server, with_server.controllers.models
    backend.app.servers.allow_server("box")
    send(window, "Hello")
    backend.answer_finished()
    models.choose_model("box")
    assert window.controllers.servers.badge.isVisible()
    send(window, "And now?")
    assert asked_servers(backend) == [ADDRESS]
    backend.courier.finish_answer()
    backend.pump()
    models.choose_model(SMALL_MODEL)
    assert window.controllers.servers.badge.isHidden()
    send(window, "And again?")
    assert asked_servers(backend) == [ADDRESS]
    assert backend.last_question == "And again?"


def test_auto_is_offered_where_there_is_a_choice(
    window: MainWindow, backend: ScriptedBackend
) -> None:
    models = window.controllers.models
    assert AUTO not in {entry.ref for entry in models.models}
    backend.put_own_model("large-q8_0", qwen_gguf())
    models.refresh_models()
    assert models.choose_model(AUTO)
    assert backend.settings.get_value(MODEL) == AUTO
    assert models.chosen is not None
    assert models.chosen.ref == AUTO


def test_the_table_says_where_they_answer(
    with_server: MainWindow, backend: ScriptedBackend
) -> None:
    backend.put_own_model("large-q8_0", qwen_gguf())
    with_server.controllers.models_controller.open_page(INSTALLED)
    dialog = next(each for each in with_server.findChildren(ModelsPage) if each.isVisible())
    table_model = dialog.installed_tab.table_model
    last = table_model.columnCount() - 1
    words = [
        dialog.installed_tab.table_model.data(
            dialog.installed_tab.table_model.index(row, last), Qt.ItemDataRole.DisplayRole
        )
        for row in range(table_model.rowCount())
    ]
    assert words == ["Fits", "Fits", "Your server", "by question"]
    dialog.installed_tab.select_model("box")
    dialog.reject()


@pytest.fixture
def dialog(window: MainWindow) -> ServersPage:
    window.registry.action_by_id("models.servers").trigger()
    return next(each for each in window.findChildren(ServersPage) if each.isVisible())


def test_a_server_is_asked_and_added(dialog: ServersPage, backend: ScriptedBackend) -> None:
    assert not dialog.test_button.isEnabled()
    dialog.form.addresses.setPlainText(f"{ADDRESS}\n")
    dialog.form.name.setText("My Box")
    assert dialog.test_button.isEnabled()
    assert not dialog.add_button.isEnabled()
    dialog.test_button.click()
    asked = backend.last_sent(ListServerModels)
    assert (asked.server.address, asked.key_name, asked.key.text) == (ADDRESS, "", "")
    models = (ServerModel(name="big-model", context=32_768), ServerModel(name="small"))
    backend.courier.answer(ServerModels, models=models, seconds=0.1)
    backend.pump()
    assert "2 models" in dialog.message.label.text()
    assert dialog.form.model.currentText() == "big-model"
    dialog.add_button.setFocus()
    dialog.add_button.click()
    question().accept()
    assert dialog.focusWidget() is dialog.form.name, "not in the sidebar, from a disabled button"
    (server,) = backend.app.servers.list_servers()
    assert (server.name, server.model, server.context) == ("my-box", "big-model", 32_768)
    assert not server.unapproved_addresses
    assert "my-box" in dialog.message.label.text()
    dialog.server_list.setCurrentRow(0)
    dialog.forget_button.click()
    assert backend.app.servers.list_servers() == ()
    dialog.reject()


def test_a_key_is_kept_before_anything_is_asked(
    dialog: ServersPage, backend: ScriptedBackend
) -> None:
    keys = backend.children.keys
    keys.is_locked = True
    dialog.form.addresses.setPlainText(ADDRESS)
    dialog.form.name.setText("box")
    dialog.form.key.setText("secret")
    dialog.test_button.click()
    assert not keys.keys
    assert not backend.courier.all_sent(ListServerModels)
    keys.unlock()
    assert keys.keys == {"server box": "secret"}
    asked = backend.last_sent(ListServerModels)
    assert (asked.server.address, asked.key.text) == (ADDRESS, "secret")
    facts = {"host": "10.1.2.3:8000", "detail": "nothing listens there"}
    backend.courier.fail(ErrorCode.HOST_UNREACHABLE, **facts)
    backend.pump()
    assert "10.1.2.3:8000" in dialog.message.label.text()
    assert "nothing listens there" in dialog.message.label.text()
    dialog.reject()


def test_a_closed_dialog_hears_nothing_more(dialog: ServersPage, backend: ScriptedBackend) -> None:
    dialog.form.addresses.setPlainText(ADDRESS)
    dialog.form.name.setText("box")
    dialog.test_button.click()
    request_id = backend.last_sent(ListServerModels).request_id
    dialog.reject()
    backend.courier.deliver(ServerModels(request_id=request_id, models=(), seconds=0.1))
    backend.pump()
    assert "answers" not in dialog.message.label.text()


def test_a_key_that_is_not_deleted_is_told(
    ui: OpenWindow, dialog: ServersPage, backend: ScriptedBackend
) -> None:
    backend.app.servers.add_server("box", [ADDRESS], "big-model", has_key=True)
    backend.children.keys.is_locked = True
    dialog.refresh_servers()
    dialog.server_list.setCurrentRow(0)
    dialog.forget_button.click()
    backend.children.keys.refuse()
    assert ui.notices.all_notices()[-1].problem.code == ErrorCode.KEY_STORE_MISSING
    dialog.reject()


def test_odd_addresses_can_t_be_asked(dialog: ServersPage) -> None:
    dialog.form.addresses.setPlainText("file:///etc/passwd")
    dialog.form.name.setText("box")
    dialog.form.model.setEditText("x")
    assert not dialog.test_button.isEnabled()
    assert not dialog.add_button.isEnabled()
    dialog.reject()
