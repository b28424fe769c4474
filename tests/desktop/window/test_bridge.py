"""Thread bridge: any thread wakes, the window's thread pumps."""

import gc
import threading
from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.kit import thread_bridge as module
from desktop.kit.thread_bridge import ThreadBridge
from desktop.process.garbage_collector import GarbageCollector
from tests.desktop.open_window import OpenWindow


@pytest.fixture
def bridge(qtbot: QtBot) -> Iterator[ThreadBridge]:
    made = ThreadBridge()
    yield made
    made.close()
    made.deleteLater()


def test_wakes_of_any_thread_are_pumped_in_the_window_s_thread(
    bridge: ThreadBridge, qtbot: QtBot
) -> None:
    pumped: list[threading.Thread] = []
    bridge.start_pumping(lambda: pumped.append(threading.current_thread()))
    threads = [threading.Thread(target=bridge.wake) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    qtbot.waitUntil(lambda: len(pumped) >= 1)
    assert set(pumped) == {threading.main_thread()}


def test_many_wakes_are_one_pump(bridge: ThreadBridge, qtbot: QtBot) -> None:
    pumps: list[None] = []
    bridge.start_pumping(lambda: pumps.append(None))
    qtbot.waitUntil(lambda: len(pumps) == 1)
    for _ in range(1000):
        bridge.wake()
    qtbot.waitUntil(lambda: len(pumps) == 2)
    qtbot.wait(20)
    assert len(pumps) == 2


def test_a_wake_during_a_pump_is_not_lost(bridge: ThreadBridge, qtbot: QtBot) -> None:
    pumps: list[None] = []

    def pump() -> None:
        pumps.append(None)
        if len(pumps) < 5:
            bridge.wake()

    bridge.start_pumping(pump)
    qtbot.waitUntil(lambda: len(pumps) == 5)


def test_before_and_after_nothing_happens(bridge: ThreadBridge, qtbot: QtBot) -> None:
    pumps: list[None] = []
    bridge.wake()
    bridge.start_pumping(lambda: pumps.append(None))
    bridge.close()
    bridge.wake()
    qtbot.wait(20)
    assert not pumps


def test_while_something_runs_it_is_pumped_anyway(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BUSY_INTERVAL_MS", 5)
    bridge = ThreadBridge()
    pumps: list[None] = []
    bridge.start_pumping(lambda: pumps.append(None))
    bridge.set_busy(busy=True, who=qtbot)
    qtbot.waitUntil(lambda: len(pumps) > 3)
    bridge.set_busy(busy=False, who=qtbot)
    so_far = len(pumps)
    qtbot.wait(30)
    assert len(pumps) <= so_far + 1
    bridge.close()
    bridge.deleteLater()


def test_the_window_watches_while_an_answer_runs_and_rests_after(ui: OpenWindow) -> None:
    timer = ui.window.content._bridge._timer
    assert not timer.isActive()
    ui.ask("hello")
    assert timer.isActive()
    ui.backend.answer_text("hi")
    ui.backend.answer_finished()
    assert not timer.isActive()


def test_garbage_is_collected_in_the_window_s_thread_only(qapp: QApplication) -> None:
    collector = GarbageCollector(qapp)
    collector.start()
    try:
        assert not gc.isenabled()
        collector._on_timeout()
    finally:
        collector.close()
    assert gc.isenabled()
    collector.deleteLater()
