"""What takes long in the dialog of models: ladders, fetches, making and measuring levels."""

from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

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
from core.models.quantizations.quantization_ladder import LadderRow
from desktop.kit.locale_formatting import format_size
from desktop.models.downloads.download_dialog import DownloadDialog
from desktop.models.models_dialog import ModelsDialog
from desktop.models.quantization.quantize_dialog import QuantizeDialog
from tests.desktop.desk import Desk
from tests.desktop.seen import click, control, dialog, words_of
from tests.fakes.models import SMALL_MODEL, qwen_gguf
from tests.fakes.quantization_child import LAYERS

QWEN = "qwen3-4b-q8_0"
FILE = "Qwen_Qwen3-4B-Q4_K_M.gguf"
REPOSITORY = "bartowski/Qwen_Qwen3-4B-GGUF"
SIZE = 2_497_281_120


@pytest.fixture
def models(desk: Desk) -> ModelsDialog:
    """The dialog, with two files on the shelf; the first is a level of one of the catalog's."""
    desk.front.put_own_model(QWEN, qwen_gguf())
    ladders = desk.front.children.ladders
    ladders.gpu_layers = {"Q8_0": 20, "Q6_K": 28, "Q5_K_M": LAYERS}
    ladders.plan_changes = {"Q3_K_S": {"needs_matrix": True}}
    desk.window.open_models()
    desk.settle()
    found = dialog()
    assert isinstance(found, ModelsDialog)
    return found


@pytest.fixture
def levels(desk: Desk, models: ModelsDialog) -> ModelsDialog:
    """The dialog, with a ladder."""
    models.installed_tab.select_model(QWEN)
    pane = models.installed_tab.pane
    pane.tabs.setCurrentWidget(pane.quantizations)
    pane.quantizations.request_ladder()
    assert desk.front.children.ladders.last_sent(PlanQuantizations).files == (path(desk),)
    desk.front.pump()
    return models


def path(desk: Desk) -> str:
    """Return the file of the model that has a ladder."""
    return desk.app.registry.find_model(QWEN).path


def listed(desk: Desk) -> None:
    """Let the host answer what its repository holds."""
    file = HubFile(name=FILE, size=SIZE, digest="sha256:" + "ab" * 32)
    desk.front.courier.answer(
        RepositoryListed,
        repository=REPOSITORY,
        commit="c0ffee",
        files=(file,),
        licence="Apache-2.0",
    )
    desk.front.pump()


def begin_fetch(desk: Desk, models: ModelsDialog) -> None:
    models.installed_tab.pane.quantizations.table.select_key("Q4_K_M ")
    click(models, "Fetch…")
    question = dialog()
    click(question, "Ask huggingface.co")
    listed(desk)
    click(question, "Fetch 2.3 GB")
    desk.settle()


def test_a_ladder_says_where_each_level_runs_and_recommends_one(levels: ModelsDialog) -> None:
    table = levels.installed_tab.pane.quantizations.table
    assert table.current_key == "Q5_K_M "
    assert "Q5_K_M is the smallest level that loses next to nothing." in words_of(levels)
    assert "Graphics card: 37 of 37 layers" in words_of(levels)
    table.select_key("Q6_K ")
    assert "Graphics card: 28 of 37 layers · Processor: 9 of 37 layers" in words_of(levels)
    assert "It would run partly on the graphics card" in words_of(levels)
    assert "* Published, not measured here" in words_of(levels)


def test_a_ladder_is_asked_for_only_while_it_is_seen(desk: Desk, models: ModelsDialog) -> None:
    models.installed_tab.select_model(QWEN)
    models.installed_tab.select_model(SMALL_MODEL)
    desk.bot.wait(300)
    assert not desk.front.children.ladders.sent


def test_a_ladder_that_fails_says_so_in_its_place(desk: Desk, levels: ModelsDialog) -> None:
    ladders = desk.front.children.ladders
    ladders.held.add(PlanQuantizations)
    levels.installed_tab.pane.quantizations.request_ladder()
    ladders.fail(ErrorCode.MODEL_GONE, path="/gone.gguf")
    desk.front.pump()
    assert "There is no model file /gone.gguf." in words_of(levels)


def test_nothing_is_fetched_before_host_and_bytes_were_agreed_to(
    desk: Desk, levels: ModelsDialog
) -> None:
    levels.installed_tab.pane.quantizations.table.select_key("Q4_K_M ")
    click(levels, "Fetch…")
    question = dialog()
    assert isinstance(question, DownloadDialog)
    assert "huggingface.co will be asked" in words_of(question)
    assert not desk.front.courier.sent
    click(question, "Ask huggingface.co")
    assert desk.front.last_sent(ListRepository).repository == REPOSITORY
    listed(desk)
    words = words_of(question)
    assert "Qwen_Qwen3-4B-Q4_K_M: 2.3 GB from huggingface.co." in words
    assert "Licence: Apache-2.0." in words
    assert not desk.front.courier.all_sent(DownloadFiles)
    click(question, "Fetch 2.3 GB")
    desk.settle()
    assert [file.name for file in desk.front.last_sent(DownloadFiles).files] == [FILE]
    assert "Qwen_Qwen3-4B-Q4_K_M from huggingface.co" in words_of(levels)


def test_a_wish_the_host_does_not_know_is_told_in_the_question(
    desk: Desk, models: ModelsDialog
) -> None:
    models.show_tab("catalog")
    click(models, "Fetch something else…")
    question = dialog()
    line = control(question, "What to fetch")
    assert isinstance(line, QLineEdit)
    QTest.keyClicks(line, "nobody/nothing:Q4_0")
    click(question, "Ask huggingface.co")
    desk.front.courier.fail(ErrorCode.HUB_NOT_FOUND, host="huggingface.co", what="nobody/nothing")
    desk.front.pump()
    assert "huggingface.co has no nobody/nothing. Check the name" in words_of(question)
    assert not desk.notices.all_notices()
    QTest.keyClicks(line, "_K")
    click(question, "Ask huggingface.co")
    assert len(desk.front.courier.all_sent(ListRepository)) == 2


def test_a_fetch_is_paused_gone_on_with_and_dropped(desk: Desk, levels: ModelsDialog) -> None:
    begin_fetch(desk, levels)
    courier, name = desk.front.courier, FILE.removesuffix(".gguf")
    courier.report_transfer(1_000_000_000, bytes_per_second=10_000_000.0)
    desk.front.pump()
    assert "953.7 MB of 2.3 GB · 9.5 MB a second · about 2 minutes left" in words_of(levels)
    click(levels, f"Pause fetching {name}")
    desk.front.pump()
    assert "Paused · 953.7 MB of 2.3 GB" in words_of(levels)
    assert not courier.waiting
    click(levels, f"Go on fetching {name}")
    assert len(courier.all_sent(DownloadFiles)) == 2
    assert courier.waiting
    click(levels, f"Stop fetching {name}")
    assert courier.waiting, "it is asked about first"
    click(dialog(), "Stop and remove")
    desk.settle()
    assert not courier.waiting
    assert f"{name} from" not in words_of(levels)


def test_a_fetch_that_failed_says_why_in_its_row(desk: Desk, levels: ModelsDialog) -> None:
    begin_fetch(desk, levels)
    facts = {"host": "huggingface.co", "detail": "no network"}
    desk.front.courier.fail(ErrorCode.HOST_UNREACHABLE, **facts)
    desk.front.pump()
    failure = NetworkError(ErrorCode.HOST_UNREACHABLE, **facts)
    assert f"{failure.message} {failure.hint}" in words_of(levels)
    click(levels, f"Go on fetching {FILE.removesuffix('.gguf')}")
    assert failure.message not in words_of(levels)


def test_a_fetch_that_ends_without_the_dialog_is_told_once(
    desk: Desk, levels: ModelsDialog
) -> None:
    begin_fetch(desk, levels)
    levels.close()
    desk.settle()
    desk.front.courier.finish_download(qwen_gguf("Q4_K_M").encode())
    desk.front.pump()
    desk.settle()
    assert words_of(desk.window.view).count("was fetched and checked") == 1
    click(desk.window.view, "Use it")
    assert desk.front.last_sent(LoadModel).path == str(desk.front.paths.models / FILE)


def make_q2(levels: ModelsDialog) -> QuantizeDialog:
    """Ask for a low level, and return the question before it is made."""
    levels.installed_tab.pane.quantizations.table.select_key("Q2_K ")
    click(levels, "Make here…")
    question = dialog()
    assert isinstance(question, QuantizeDialog)
    return question


def test_a_level_is_made_after_a_question_and_can_be_stopped(
    desk: Desk, levels: ModelsDialog
) -> None:
    child = desk.front.children.quantization
    question = make_q2(levels)
    assert not child.sent
    click(question, "Make it")
    desk.settle()
    request = child.last_sent(Quantize)
    assert (request.path, request.level, request.matrix) == (path(desk), "Q2_K", "")
    for done in (0, 1):
        child.report_progress(done, 4, "blk.0")
    desk.front.pump()
    assert "Making · blk.0 · " in words_of(levels)
    click(levels, "Stop")
    desk.settle()
    assert not child.waiting
    assert "Stopped; nothing half-made stays." in words_of(levels)
    assert not desk.notices.all_notices()


def test_what_is_made_of_a_low_level_is_warned_of(desk: Desk, models: ModelsDialog) -> None:
    low = str(desk.front.put_own_model("low-q4_0", qwen_gguf("Q4_0")))
    row = LadderRow(
        level="Q2_K", bits=3.2, bytes=1, exactly=False, memory=1, planned=False, where="cpu"
    )
    models.tasks.open_quantize_dialog(low, row)
    assert "low-q4_0.gguf is already at Q4_0" in words_of(dialog())


def test_a_level_that_was_made_says_what_it_lost(desk: Desk, levels: ModelsDialog) -> None:
    click(make_q2(levels), "Make it")
    desk.front.pump()
    child = desk.front.children.quantization
    child.finish_quantizing(qwen_gguf("Q2_K").encode())
    desk.front.pump()
    made = child.last_sent(MeasureQuality).files
    assert [Path(file).stem for file in made] == [QWEN, "qwen3-4b-Q2_K"]
    child.finish_measuring({"perplexity": 10.0}, {"perplexity": 11.2})
    desk.front.pump()
    size = format_size(Path(made[1]).stat().st_size)
    assert f"Q2_K is made: {size}, as qwen3-4b-q2_k. Against Q8_0 it loses 12 %" in words_of(levels)


def test_a_level_that_needs_a_matrix_waits_for_one(levels: ModelsDialog) -> None:
    levels.installed_tab.pane.quantizations.table.select_key("Q3_K_S ")
    click(levels, "Make here…")
    question = dialog()
    assert isinstance(question, QuantizeDialog)
    assert not question.quantize_button.isEnabled()
    question.matrix_field.setText("/imatrix.gguf")
    assert question.quantize_button.isEnabled()


def test_measuring_is_refused_in_the_dialog_and_told_when_done(
    desk: Desk, levels: ModelsDialog
) -> None:
    child = desk.front.children.quantization
    levels.installed_tab.pane.quantizations.table.select_key(f"Q8_0 {path(desk)}")
    desk.app.quantizations.measure_quality(SMALL_MODEL)
    click(levels, "Measure")
    desk.settle()
    assert ModelError(ErrorCode.QUANTIZE_BUSY).message in words_of(levels)
    child.finish_measuring()
    desk.front.pump()
    click(levels, "Measure")
    assert child.last_sent(MeasureQuality).files == (path(desk),)
    child.finish_measuring()
    desk.front.pump()
    assert "It wrote 31 tokens a second." in words_of(levels)
