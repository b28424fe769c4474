"""How well a folder is found: tested from its dialog, stopped, and its passages opened."""

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from core.messages import Cancel, EvaluateFolder, EvaluationProgress
from desktop.library.folder_page import FolderPage
from tests.desktop.open_window import OpenWindow
from tests.desktop.seen import click, dialog, words_of
from tests.desktop.values import folder
from tests.fakes.library_child import folder_evaluated


def opened(ui: OpenWindow) -> FolderPage:
    ui.backend.folder_seen(folder())
    ui.window.sidebar.folders.details_wanted.emit("folder-1", "evaluation")
    ui.settle()
    found = dialog()
    assert isinstance(found, FolderPage)
    return found


def requested(ui: OpenWindow) -> EvaluateFolder:
    request: EvaluateFolder = ui.backend.last_sent(EvaluateFolder)
    return request


def deliver(ui: OpenWindow, *events: Any) -> None:
    ui.backend.library.deliver(*events)
    ui.backend.pump()
    ui.settle()


def test_a_folder_is_tested_and_a_passage_opened(ui: OpenWindow) -> None:
    shown = opened(ui)
    tab = shown.evaluation
    assert tab.test_button.hasFocus()
    QTest.keyClick(tab.test_button, Qt.Key.Key_Space)
    request = requested(ui)
    assert request.folder_id == "folder-1"
    assert tab.bar.isVisible()
    assert not tab.test_button.isVisible()
    deliver(ui, EvaluationProgress(request_id=request.request_id, step="asking", done=20, total=60))
    assert (tab.bar.value(), tab.bar.maximum()) == (20, 60)
    deliver(ui, folder_evaluated(request))
    words = words_of(shown)
    assert "all questions (3): 33 % found first, 67 % among the first 10" in words
    assert "1 answer is not found; the table says why." in words
    assert "2 files are only scanned pages, without text." in words
    first = [tab.table.item(0, column) for column in range(3)]
    assert [cell.text() for cell in first if cell] == [
        "the landlady what each spring?",
        "home/lease.pdf, page 2",
        "ranked at place 17",
    ]
    assert not tab.open_button.isEnabled()
    tab.table.selectRow(0)
    click(shown, "Look at the passage")
    ui.settle()
    assert ui.window.sources.isVisible()
    assert "small repairs up to 110 euros" in words_of(ui.window.sources)


def test_a_test_is_stopped(ui: OpenWindow) -> None:
    shown = opened(ui)
    click(shown, "Test now")
    request = requested(ui)
    click(shown, "Stop")
    assert ui.backend.last_sent(Cancel).request_id == request.request_id
    ui.backend.pump()
    ui.settle()
    assert shown.evaluation.test_button.isVisible()
    assert not shown.evaluation.bar.isVisible()
    click(shown, "Test now")
    assert requested(ui).request_id != request.request_id


def test_a_test_ends_with_its_dialog(ui: OpenWindow) -> None:
    shown = opened(ui)
    click(shown, "Test now")
    request = requested(ui)
    QTest.keyClick(shown, Qt.Key.Key_Escape)
    ui.settle()
    assert ui.backend.last_sent(Cancel).request_id == request.request_id
    deliver(ui, folder_evaluated(request))


def test_a_folder_without_running_text(ui: OpenWindow) -> None:
    shown = opened(ui)
    click(shown, "Test now")
    deliver(
        ui,
        folder_evaluated(requested(ui), questions=(), asked_files=0, waiting=0, skipped={}),
    )
    assert "No question could be made" in words_of(shown)
    assert not shown.evaluation.table.isVisible()
