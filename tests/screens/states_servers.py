"""States of servers and Auto: chooser, the question before text leaves, badge, dialog."""

from core.messages import ServerModel, ServerModels
from desktop.models.models_page import ModelsPage
from desktop.models.models_tabs import INSTALLED
from desktop.models.servers.servers_page import ServersPage
from desktop.window.main_window import MainWindow
from tests.desktop.scripted_backend import ScriptedBackend
from tests.desktop.seen import dialog
from tests.fakes.models import qwen_gguf
from tests.screens.filled import filled

ADDRESSES = ("http://192.168.1.5:8000/v1", "http://192.168.1.6:8000/v1")


def _with_server(backend: ScriptedBackend, window: MainWindow) -> None:
    filled(backend, window)
    backend.put_own_model("qwen3-4b-q8_0", qwen_gguf())
    backend.app.servers.add_server("workshop", ADDRESSES, "Qwen3-235B-A22B", context=131_072)
    window.controllers.models.refresh_models()


def servers_among_models(backend: ScriptedBackend, window: MainWindow) -> None:
    """The dialog of models with a server and Auto."""
    _with_server(backend, window)
    window.controllers.models_controller.open_page(INSTALLED)
    shown = dialog()
    assert isinstance(shown, ModelsPage)
    shown.installed_tab.select_model("workshop")


def server_consent(backend: ScriptedBackend, window: MainWindow) -> None:
    """The question before text leaves."""
    _with_server(backend, window)
    window.controllers.models.choose_model("workshop")


def server_badge(backend: ScriptedBackend, window: MainWindow) -> None:
    """A chat that a server answers."""
    _with_server(backend, window)
    backend.app.servers.allow_server("workshop")
    window.controllers.models.choose_model("workshop")


def server_dialog(backend: ScriptedBackend, window: MainWindow) -> None:
    """A server that was asked what it has."""
    _with_server(backend, window)
    window.registry.action_by_id("models.servers").trigger()
    shown = next(each for each in window.findChildren(ServersPage) if each.isVisible())
    shown.form.name.setText("attic")
    shown.form.addresses.setPlainText("http://192.168.1.9:8080")
    shown.test_button.click()
    models = (ServerModel(name="Llama-3.3-70B-Instruct", context=131_072),)
    backend.courier.answer(ServerModels, models=models, seconds=0.1)
    backend.pump()


SERVERS = (servers_among_models, server_consent, server_badge, server_dialog)
