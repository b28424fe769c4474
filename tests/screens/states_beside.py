"""States of what is beside the chat: counted tokens, tools, other programs, ask box, manual."""

from PySide6.QtWidgets import QApplication, QLineEdit

from core.app.usage.usage_store import UsageRow, local_today
from desktop.ask_box.ask_box_controller import AskBoxController
from desktop.kit.notices import NoticeCenter
from desktop.programs.programs_page import ProgramsPage
from desktop.tools.tools_page import ToolsPage
from desktop.window.main_window import MainWindow
from tests.desktop.scripted_backend import ScriptedBackend
from tests.desktop.seen import dialog
from tests.screens.filled import QUESTION, WORDS, filled


def usage_empty(backend: ScriptedBackend, window: MainWindow) -> None:
    """Nothing was counted yet."""
    filled(backend, window)
    window.registry.action_by_id("file.usage").trigger()


def usage(backend: ScriptedBackend, window: MainWindow) -> None:
    """Tokens of some days, and a server with prices and a budget."""
    for number, origin in enumerate(("window", "cli", "api:editor") * 4):
        row = UsageRow(
            day=local_today().replace(day=1 + number).isoformat(),
            model="smollm2-360m-instruct-q4_k_m" if number % 2 else "server:box",
            origin=origin,
            server="" if number % 2 else "box",
            answers=3 + number,
            tokens_read=1200 * (number + 1),
            tokens_written=310 * (number + 1),
            seconds=22.0,
        )
        backend.app._usage_store.add_usage(row)
    backend.app.servers.add_server("box", ["http://10.1.2.3:8000"], "big-model")
    backend.app.servers.set_price("box", read=2.5, written=10.0, budget=5.0)
    usage_empty(backend, window)


def tools(backend: ScriptedBackend, window: MainWindow) -> None:
    """The tools that models may call."""
    filled(backend, window)
    window.registry.action_by_id("models.tools").trigger()


def tools_form(backend: ScriptedBackend, window: MainWindow) -> None:
    """A server of tools is about to be added."""
    tools(backend, window)
    QApplication.processEvents()
    page = dialog()
    assert isinstance(page, ToolsPage)
    page.open_button.click()


def programs(backend: ScriptedBackend, window: MainWindow) -> None:
    """Nothing listens for other programs."""
    filled(backend, window)
    window.registry.action_by_id("file.programs").trigger()


def programs_listening(backend: ScriptedBackend, window: MainWindow) -> None:
    """Other programs are answered."""
    programs(backend, window)
    page = dialog()
    assert isinstance(page, ProgramsPage)
    page.switch.click()
    for _round in range(3):
        backend.pump()
        QApplication.processEvents()


def ask_box(backend: ScriptedBackend, window: MainWindow) -> None:
    """The small window over any program, with its answer."""
    filled(backend, window)
    notices = window.findChild(NoticeCenter) or NoticeCenter(window)
    controller = AskBoxController(backend.app, window.theme, notices)
    controller.toggle_box()
    box = controller.box
    assert box is not None
    box.setParent(window, box.windowFlags())  # it goes with the window
    box.show()
    box.sent.emit(QUESTION, False)
    backend.pump()
    backend.answer_text(WORDS)
    backend.answer_finished()


def manual(backend: ScriptedBackend, window: MainWindow) -> None:
    """The first chapter of the manual."""
    filled(backend, window)
    window.registry.action_by_id("help.manual").trigger()


def manual_found(backend: ScriptedBackend, window: MainWindow) -> None:
    """Sections of the manual that hold some letters."""
    manual(backend, window)
    dialog().findChildren(QLineEdit)[0].setText("json")


BESIDE = (
    usage_empty,
    usage,
    tools,
    tools_form,
    programs,
    programs_listening,
    ask_box,
    manual,
    manual_found,
)
