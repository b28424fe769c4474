"""Notifications of long tasks: only while no window is active, without private names."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from msgspec import structs
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from core.app.chats.comparison_service import Contestant
from core.base.errors import ErrorCode
from core.base.settings.window_settings import NOTIFY, TRAY
from core.messages import CheckUpdate, UpdateChecked
from desktop.kit.theme import Theme
from desktop.process.long_task_notifier import LONG_ANSWER, LONG_WORK, LongTaskNotifier
from desktop.process.tray_icon import TrayIcon
from tests.desktop.open_window import OpenWindow
from tests.desktop.scripted_backend import ScriptedBackend
from tests.desktop.seen import click, dialog, open_dialog, words_of
from tests.desktop.values import download_plan, folder
from tests.fakes.models import tiny_gguf

NEWS = "https://news.example/inglenook"


class Told(TrayIcon):
    """A tray icon that records notifications."""

    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(theme, parent)
        self.notifications: list[str] = []
        self.about: list[str] = []
        self.doing: list[str] = []
        self.stays_visible: bool | None = None

    @property
    def is_reachable(self) -> bool:
        return True

    def show_notification(self, title: str, text: str, chat_id: str = "") -> bool:
        self.notifications.append(f"{title}: {text}")
        self.about.append(chat_id)
        return True

    def set_activity(self, words: str) -> None:
        self.doing.append(words)

    def show(self, *, stays: bool) -> None:
        self.stays_visible = stays


@dataclass
class Clock:
    """A clock that is set by hand."""

    seconds: float = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def tray(
    backend: ScriptedBackend, theme: Theme, clock: Clock, qapp: QApplication
) -> Iterator[Told]:
    made = Told(theme, qapp)
    notifier = LongTaskNotifier(backend.app, made, qapp, clock)
    backend.app.subscribe(notifier.on_app_event)
    notifier.update_tray_icon()
    yield made
    notifier.deleteLater()
    made.deleteLater()


def answer(backend: ScriptedBackend, clock: Clock, seconds: float) -> None:
    backend.app.questions.ask_question("What is private?")
    backend.pump()
    clock.seconds += seconds
    backend.answer_text("Secrets.")
    backend.answer_finished()


def read(backend: ScriptedBackend, clock: Clock, seconds: float) -> None:
    backend.read_folder(folder())
    backend.folder_progress(1, 2)
    clock.seconds += seconds
    backend.folder_synced()


def test_a_long_answer_is_told_without_its_words(
    backend: ScriptedBackend, tray: Told, clock: Clock
) -> None:
    answer(backend, clock, LONG_ANSWER)
    assert tray.notifications == ["An answer is ready: It took 10 seconds."]


def test_a_long_reading_is_told_without_its_name(
    backend: ScriptedBackend, tray: Told, clock: Clock
) -> None:
    read(backend, clock, LONG_WORK)
    assert len(tray.notifications) == 1
    assert folder().name not in tray.notifications[0]


def test_a_notice_knows_its_chat(backend: ScriptedBackend, tray: Told, clock: Clock) -> None:
    answer(backend, clock, LONG_ANSWER)
    read(backend, clock, LONG_WORK)
    assert tray.about == [backend.app.chats.list_chats()[0].chat_id, ""]


def test_a_notice_of_a_comparison_leads_to_no_chat(
    backend: ScriptedBackend, tray: Told, clock: Clock
) -> None:
    backend.app.comparison.start_comparison("What is private?", (Contestant(),))
    backend.pump()
    clock.seconds += LONG_ANSWER
    backend.answer_finished()
    assert (len(tray.notifications), tray.about) == (1, [""])


def test_a_long_fetch_is_told(backend: ScriptedBackend, tray: Told, clock: Clock) -> None:
    plan = download_plan(backend.paths)
    for failed in (False, True):
        backend.app.downloads.start_download(structs.replace(plan, download_id=f"{failed}"))
        backend.courier.report_transfer(plan.total_bytes // 2)
        backend.pump()
        clock.seconds += LONG_WORK
        if failed:
            backend.courier.fail(ErrorCode.HOST_UNREACHABLE, host="hub.example")
        else:
            backend.courier.finish_download(tiny_gguf().encode())
        backend.pump()
    assert [notifications.partition(":")[0] for notifications in tray.notifications] == [
        "A model was fetched",
        "A fetch ended early",
    ]
    assert not any(plan.repository in notifications for notifications in tray.notifications)


def test_the_icon_says_what_is_going_on(backend: ScriptedBackend, tray: Told, clock: Clock) -> None:
    backend.app.questions.ask_question("What is private?")
    backend.pump()
    backend.read_folder(folder())
    backend.folder_progress(1, 2)
    assert tray.doing[-1] == "Writing an answer\nReading folders: 50 %"
    backend.answer_text("Secrets.")
    backend.answer_finished()
    assert tray.doing[-1] == "Reading folders: 50 %"
    backend.folder_seen(folder(state="paused"))
    assert tray.doing[-1] == ""


def test_what_is_quick_is_not_told(backend: ScriptedBackend, tray: Told, clock: Clock) -> None:
    answer(backend, clock, LONG_ANSWER - 1)
    read(backend, clock, LONG_WORK - 1)
    assert not tray.notifications


def test_nobody_who_is_looking_is_told(ui: OpenWindow, tray: Told, clock: Clock) -> None:
    assert QApplication.activeWindow() is ui.window
    answer(ui.backend, clock, LONG_ANSWER)
    assert not tray.notifications


def test_the_setting_keeps_it_quiet(backend: ScriptedBackend, tray: Told, clock: Clock) -> None:
    backend.settings.set_value(NOTIFY, value=False)
    answer(backend, clock, LONG_ANSWER)
    assert not tray.notifications


def test_an_answer_that_failed_is_told_too(
    backend: ScriptedBackend, tray: Told, clock: Clock
) -> None:
    backend.app.questions.ask_question("What is private?")
    backend.pump()
    clock.seconds += LONG_ANSWER
    backend.answer_failed()
    assert tray.notifications == ["An answer ended early: The chat says why."]


def test_the_icon_stays_if_it_is_wanted(
    backend: ScriptedBackend, theme: Theme, qapp: QApplication
) -> None:
    backend.settings.set_value(TRAY, value=True)
    made = Told(theme, qapp)
    notifier = LongTaskNotifier(backend.app, made, qapp)
    notifier.update_tray_icon()
    assert made.stays_visible is True
    notifier.deleteLater()
    made.deleteLater()


def test_without_a_tray_nothing_is_shown(
    theme: Theme, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    tray = TrayIcon(theme, qapp)
    tray.show(stays=True)
    assert tray.show_notification("An answer is ready", "") is False
    tray.close()
    tray.deleteLater()


def test_a_newer_version_is_asked_for_after_its_address_was_shown(ui: OpenWindow) -> None:
    ui.backend.know_update_address(NEWS)
    ui.window.registry.action_by_id("help.updates").trigger()
    ui.settle()
    assert NEWS in words_of(dialog())
    assert not ui.backend.courier.all_sent(CheckUpdate)
    click(dialog(), "Ask now")
    ui.settle()
    assert ui.backend.last_sent(CheckUpdate).address == NEWS
    page = "https://news.example/9.1"
    ui.backend.courier.answer(UpdateChecked, newer="9.1", page=page, notes="Faster.")
    ui.backend.pump()
    ui.settle()
    assert "Inglenook 9.1 is there." in words_of(ui.window)
    click(ui.window, "Read about it…")
    ui.settle()
    assert page in words_of(dialog())


def test_a_build_that_knows_no_address_says_so(ui: OpenWindow) -> None:
    ui.window.registry.action_by_id("help.updates").trigger()
    ui.settle()
    assert open_dialog() is None
    assert ui.notices.all_notices()[-1].severity == "error"


def test_about_copies_its_facts(ui: OpenWindow) -> None:
    ui.window.registry.action_by_id("help.about").trigger()
    ui.settle()
    click(dialog(), "Copy the facts")
    assert str(ui.backend.paths.root) in QApplication.clipboard().text()
