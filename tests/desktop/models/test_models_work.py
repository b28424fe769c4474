"""Long tasks in the models dialog: ladders, downloads, quantizing and measuring."""

from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from core.base.errors import ErrorCode, ModelError, NetworkError
from core.messages import (
    DownloadFiles,
    HubFile,
    ListRepository,
    LoadModel,
    MeasureQuality,
    PlanQuantizations,
    Quantize,
    RepositoryListed,
)
from core.models.quantizations.quantization_ladder import LadderRow, RunLocation
from desktop.kit.locale_formatting import format_size
from desktop.models.downloads.download_dialog import DownloadDialog
from desktop.models.models_page import ModelsPage
from desktop.models.models_tabs import INSTALLED
from desktop.models.quantization.quantization_formatting import DEVICE_COLUMN, MEMORY_COLUMN
from desktop.models.quantization.quantize_dialog import QuantizeDialog
from tests.desktop.open_window import OpenWindow
from tests.desktop.seen import click, control, dialog, words_of
from tests.fakes.models import SMALL_MODEL, qwen_gguf
from tests.fakes.quantization_child import LAYERS

QWEN = "qwen3-4b-q8_0"
FILE = "Qwen_Qwen3-4B-Q4_K_M.gguf"
REPOSITORY = "bartowski/Qwen_Qwen3-4B-GGUF"
SIZE = 2_497_281_120


@pytest.fixture
def models(ui: OpenWindow) -> ModelsPage:
    """The dialog with two registered files; the first is a quantization of one of the catalog's."""
    ui.backend.put_own_model(QWEN, qwen_gguf())
    ladders = ui.backend.children.ladders
    ladders.gpu_layers = {"Q8_0": 20, "Q6_K": 28, "Q5_K_M": LAYERS}
    ladders.plan_changes = {"Q3_K_S": {"needs_matrix": True}}
    ui.window.controllers.models_controller.open_page(INSTALLED)
    ui.settle()
    found = dialog()
    assert isinstance(found, ModelsPage)
    return found


@pytest.fixture
def levels(ui: OpenWindow, models: ModelsPage) -> ModelsPage:
    """The dialog, with a ladder."""
    models.installed_tab.select_model(QWEN)
    pane = models.installed_tab.pane
    pane.tabs.setCurrentWidget(pane.quantizations)
    pane.quantizations.request_ladder()
    assert ui.backend.children.ladders.last_sent(PlanQuantizations).files == (path(ui),)
    ui.backend.pump()
    return models


def path(ui: OpenWindow) -> str:
    """Return the file of the model that has a ladder."""
    return ui.app.registry.find_model(QWEN).path


def listed(ui: OpenWindow) -> None:
    """Let the host answer what its repository holds."""
    file = HubFile(name=FILE, size=SIZE, digest="sha256:" + "ab" * 32)
    ui.backend.courier.answer(
        RepositoryListed,
        repository=REPOSITORY,
        commit="c0ffee",
        files=(file,),
        licence="Apache-2.0",
    )
    ui.backend.pump()


def begin_fetch(ui: OpenWindow, models: ModelsPage) -> None:
    models.installed_tab.pane.quantizations.table.select_key("Q4_K_M ")
    click(models, "Fetch…")
    question = dialog()
    click(question, "Ask huggingface.co")
    listed(ui)
    click(question, "Fetch 2.5 GB")
    ui.settle()


def test_a_ladder_says_where_each_level_runs_and_recommends_one(levels: ModelsPage) -> None:
    table = levels.installed_tab.pane.quantizations.table
    assert table.current_key == "Q5_K_M "
    assert "Q5_K_M is the smallest level that loses next to nothing." in words_of(levels)
    assert "Graphics card: 37 of 37 layers" in words_of(levels)
    table.select_key("Q6_K ")
    assert "Graphics card: 28 of 37 layers · Processor: 9 of 37 layers" in words_of(levels)
    assert "It would run partly on the graphics card" in words_of(levels)
    assert "* Published, not measured here" in words_of(levels)


def test_a_narrow_ladder_leaves_out_what_is_told_below_instead_of_scrolling(
    levels: ModelsPage,
) -> None:
    table = levels.installed_tab.pane.quantizations.table
    table.setMinimumWidth(1000)
    QApplication.processEvents()
    assert not any(table.isColumnHidden(column) for column in range(table.columnCount()))
    table.setFixedWidth(sum(table.sizeHintForColumn(n) for n in range(table.columnCount())))
    QApplication.processEvents()
    hidden = [column for column in range(table.columnCount()) if table.isColumnHidden(column)]
    assert hidden == [DEVICE_COLUMN]
    assert not table.horizontalScrollBar().isVisible()
    table.setFixedWidth(300)
    QApplication.processEvents()
    assert table.isColumnHidden(MEMORY_COLUMN)
    row = levels.installed_tab.pane.quantizations.current_row
    assert row is not None
    memory = format_size(row.memory)
    assert f"It takes {memory} of memory." in words_of(levels), "its column is not there"
    table.setFixedWidth(1000)
    QApplication.processEvents()
    assert not table.isColumnHidden(DEVICE_COLUMN)


def test_a_ladder_is_asked_for_only_while_it_is_seen(ui: OpenWindow, models: ModelsPage) -> None:
    models.installed_tab.select_model(QWEN)
    models.installed_tab.select_model(SMALL_MODEL)
    ui.bot.wait(300)
    assert not ui.backend.children.ladders.sent


def test_a_ladder_that_fails_says_so_in_its_place(ui: OpenWindow, levels: ModelsPage) -> None:
    ladders = ui.backend.children.ladders
    ladders.held.add(PlanQuantizations)
    levels.installed_tab.pane.quantizations.request_ladder()
    ladders.fail(ErrorCode.MODEL_GONE, path="/gone.gguf")
    ui.backend.pump()
    assert "There is no model file /gone.gguf." in words_of(levels)


def test_nothing_is_fetched_before_host_and_bytes_were_agreed_to(
    ui: OpenWindow, levels: ModelsPage
) -> None:
    levels.installed_tab.pane.quantizations.table.select_key("Q4_K_M ")
    click(levels, "Fetch…")
    question = dialog()
    assert isinstance(question, DownloadDialog)
    assert "huggingface.co will be asked" in words_of(question)
    assert not ui.backend.courier.sent
    click(question, "Ask huggingface.co")
    assert ui.backend.last_sent(ListRepository).repository == REPOSITORY
    listed(ui)
    words = words_of(question)
    assert "Qwen_Qwen3-4B-Q4_K_M: 2.5 GB from huggingface.co." in words
    assert "Licence: Apache-2.0." in words
    assert not ui.backend.courier.all_sent(DownloadFiles)
    click(question, "Fetch 2.5 GB")
    ui.settle()
    assert [file.name for file in ui.backend.last_sent(DownloadFiles).files] == [FILE]
    assert "Qwen_Qwen3-4B-Q4_K_M from huggingface.co" in words_of(levels)


def test_a_wish_the_host_does_not_know_is_told_in_the_question(
    ui: OpenWindow, models: ModelsPage
) -> None:
    models.show_tab("catalog")
    click(models, "Fetch something else…")
    question = dialog()
    line = control(question, "What to fetch")
    assert isinstance(line, QLineEdit)
    QTest.keyClicks(line, "nobody/nothing:Q4_0")
    click(question, "Ask huggingface.co")
    ui.backend.courier.fail(ErrorCode.HUB_NOT_FOUND, host="huggingface.co", what="nobody/nothing")
    ui.backend.pump()
    assert "huggingface.co has no nobody/nothing. Check the name" in words_of(question)
    assert not ui.notices.all_notices()
    QTest.keyClicks(line, "_K")
    click(question, "Ask huggingface.co")
    assert len(ui.backend.courier.all_sent(ListRepository)) == 2


def test_a_fetch_is_paused_gone_on_with_and_dropped(ui: OpenWindow, levels: ModelsPage) -> None:
    begin_fetch(ui, levels)
    courier, name = ui.backend.courier, FILE.removesuffix(".gguf")
    courier.report_transfer(1_000_000_000, bytes_per_second=10_000_000.0)
    ui.backend.pump()
    assert "1.0 GB of 2.5 GB · 10.0 MB a second · about 2 minutes left" in words_of(levels)
    click(levels, f"Pause fetching {name}")
    ui.backend.pump()
    assert "Paused · 1.0 GB of 2.5 GB" in words_of(levels)
    assert not courier.waiting
    click(levels, f"Go on fetching {name}")
    assert len(courier.all_sent(DownloadFiles)) == 2
    assert courier.waiting
    click(levels, f"Stop fetching {name}")
    assert courier.waiting, "it is asked about first"
    click(dialog(), "Stop and remove")
    ui.settle()
    assert not courier.waiting
    assert f"{name} from" not in words_of(levels)


def test_a_fetch_that_failed_says_why_in_its_row(ui: OpenWindow, levels: ModelsPage) -> None:
    begin_fetch(ui, levels)
    facts = {"host": "huggingface.co", "detail": "no network"}
    ui.backend.courier.fail(ErrorCode.HOST_UNREACHABLE, **facts)
    ui.backend.pump()
    failure = NetworkError(ErrorCode.HOST_UNREACHABLE, **facts)
    assert f"{failure.message} {failure.hint}" in words_of(levels)
    click(levels, f"Go on fetching {FILE.removesuffix('.gguf')}")
    assert failure.message not in words_of(levels)


def test_a_fetch_that_ends_without_the_dialog_is_told_once(
    ui: OpenWindow, levels: ModelsPage
) -> None:
    begin_fetch(ui, levels)
    levels.close()
    ui.settle()
    ui.backend.courier.finish_download(qwen_gguf("Q4_K_M").encode())
    ui.backend.pump()
    ui.settle()
    assert words_of(ui.window.view).count("was fetched and checked") == 1
    click(ui.window.view, "Use it")
    assert ui.backend.last_sent(LoadModel).path == str(ui.backend.paths.models / FILE)


def make_q2(levels: ModelsPage) -> QuantizeDialog:
    """Ask for a low level, and return the question before it is made."""
    levels.installed_tab.pane.quantizations.table.select_key("Q2_K ")
    click(levels, "Make here…")
    question = dialog()
    assert isinstance(question, QuantizeDialog)
    return question


def test_a_level_is_made_after_a_question_and_can_be_stopped(
    ui: OpenWindow, levels: ModelsPage
) -> None:
    child = ui.backend.children.quantization
    question = make_q2(levels)
    assert not child.sent
    click(question, "Make it")
    ui.settle()
    request = child.last_sent(Quantize)
    assert (request.path, request.level, request.matrix) == (path(ui), "Q2_K", "")
    for done in (0, 1):
        child.report_progress(done, 4, "blk.0")
    ui.backend.pump()
    assert "Making · blk.0 · " in words_of(levels)
    click(levels, "Stop")
    ui.settle()
    assert not child.waiting
    assert "Stopped; nothing half-made stays." in words_of(levels)
    assert not ui.notices.all_notices()


def test_what_is_made_of_a_low_level_is_warned_of(ui: OpenWindow, models: ModelsPage) -> None:
    low = str(ui.backend.put_own_model("low-q4_0", qwen_gguf("Q4_0")))
    row = LadderRow(
        level="Q2_K",
        bits=3.2,
        bytes=1,
        exactly=False,
        memory=1,
        planned=False,
        where=RunLocation.CPU,
        plan=None,
    )
    models.tasks.open_quantize_dialog(low, row)
    assert "low-q4_0.gguf is already at Q4_0" in words_of(dialog())


def test_a_level_that_was_made_says_what_it_lost(ui: OpenWindow, levels: ModelsPage) -> None:
    click(make_q2(levels), "Make it")
    ui.backend.pump()
    child = ui.backend.children.quantization
    child.finish_quantizing(qwen_gguf("Q2_K").encode())
    ui.backend.pump()
    made = child.last_sent(MeasureQuality).files
    assert [Path(file).stem for file in made] == [QWEN, "qwen3-4b-Q2_K"]
    child.finish_measuring({"perplexity": 10.0}, {"perplexity": 11.2})
    ui.backend.pump()
    size = format_size(Path(made[1]).stat().st_size)
    assert f"Q2_K is made: {size}, as qwen3-4b-q2_k. Against Q8_0 it loses 12 %" in words_of(levels)


def test_a_level_that_was_made_stays_selected(ui: OpenWindow, levels: ModelsPage) -> None:
    panel = levels.installed_tab.pane.quantizations
    click(make_q2(levels), "Make it")
    ui.backend.pump()
    ui.backend.children.quantization.finish_quantizing(qwen_gguf("Q2_K").encode())
    ui.backend.pump()
    panel.request_ladder()
    ui.backend.pump()
    row = panel.current_row
    assert row is not None
    assert row.level == "Q2_K"
    assert row.path, "its file is here now"


def test_a_level_that_needs_a_matrix_waits_for_one(levels: ModelsPage) -> None:
    levels.installed_tab.pane.quantizations.table.select_key("Q3_K_S ")
    click(levels, "Make here…")
    question = dialog()
    assert isinstance(question, QuantizeDialog)
    assert not question.quantize_button.isEnabled()
    question.matrix_field.setText("/imatrix.gguf")
    assert question.quantize_button.isEnabled()


def test_measuring_is_refused_in_the_dialog_and_told_when_done(
    ui: OpenWindow, levels: ModelsPage
) -> None:
    child = ui.backend.children.quantization
    levels.installed_tab.pane.quantizations.table.select_key(f"Q8_0 {path(ui)}")
    ui.app.quantizations.measure_quality(SMALL_MODEL)
    click(levels, "Measure")
    ui.settle()
    assert ModelError(ErrorCode.QUANTIZE_BUSY).message in words_of(ui.window.pages)
    child.finish_measuring()
    ui.backend.pump()
    click(levels, "Measure")
    assert child.last_sent(MeasureQuality).files == (path(ui),)
    child.finish_measuring()
    ui.backend.pump()
    assert "It wrote 31 tokens a second." in words_of(levels)
