"""What takes long in the dialog of models: ladders, fetches, making and measuring levels."""

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from core.app.events.app_events import Problem
from core.app.events.model_events import (
    QuantizationJobFinished,
    QuantizationMeasurement,
    QuantizationsMeasured,
)
from core.app.quantization.quantization_jobs import QuantizationJobProgress
from core.base.errors import ErrorCode, ModelError
from core.messages import Failed
from core.models.info.model_entry import ModelOrigin
from core.models.quantizations.quantization_ladder import QualityLoss
from desktop.models.downloads.download_dialog import DownloadDialog
from desktop.models.models_dialog import ModelsDialog
from desktop.models.quantization.quantize_dialog import QuantizeDialog
from tests.desktop.conftest import Desk
from tests.desktop.fake_shelf import PLAN
from tests.desktop.fake_values import model
from tests.desktop.seen import click, control, dialog, words_of
from tests.screens.states_shelf import ladder

OURS = model("mine-q8_0", origin=ModelOrigin.OWN)
SMALL = "smollm2-135m-q4_1"


@pytest.fixture
def models(desk: Desk) -> ModelsDialog:
    """The dialog, with two files on the shelf; the second is the program's own."""
    desk.front.on_shelf.append(OURS)
    desk.window.open_models()
    desk.settle()
    found = dialog()
    assert isinstance(found, ModelsDialog)
    return found


@pytest.fixture
def levels(desk: Desk, models: ModelsDialog) -> ModelsDialog:
    """The dialog, with a ladder."""
    pane = models.installed_tab.pane
    pane.tabs.setCurrentWidget(pane.quantizations)
    pane.quantizations.request_ladder()
    assert desk.front.last("show_ladder") == (SMALL,)
    desk.front.replies[-1].finish(ladder())
    return models


def begin_fetch(desk: Desk, models: ModelsDialog) -> None:
    models.installed_tab.pane.quantizations.table.select_key("Q4_K_M ")
    click(models, "Fetch…")
    question = dialog()
    click(question, "Ask hub.example")
    desk.front.downloads.planned()
    click(question, "Fetch 2.3 GB")
    desk.settle()


def test_a_ladder_says_where_each_level_runs_and_recommends_one(levels: ModelsDialog) -> None:
    table = levels.installed_tab.pane.quantizations.table
    assert table.current_key == "Q4_K_M "
    assert "smallest level that loses next to nothing" in words_of(levels)
    assert "Graphics card: 37 of 37 layers" in words_of(levels)
    table.select_key("Q6_K ")
    assert "Graphics card: 28 of 37 layers · Processor: 9 of 37 layers" in words_of(levels)
    assert "It would run partly on the graphics card" in words_of(levels)
    assert "* Published, not measured here" in words_of(levels)


def test_a_ladder_is_asked_for_only_while_it_is_seen(desk: Desk, models: ModelsDialog) -> None:
    models.select_model("mine-q8_0")
    models.select_model(SMALL)
    desk.bot.wait(300)
    assert desk.front.count("show_ladder") == 0


def test_a_ladder_that_fails_says_so_in_its_place(desk: Desk, levels: ModelsDialog) -> None:
    levels.installed_tab.pane.quantizations.request_ladder()
    desk.front.replies[-1].fail(Failed(request_id="1", code=ErrorCode.QUANTIZE_DIED))
    assert ModelError(ErrorCode.QUANTIZE_DIED).hint in words_of(levels)


def test_nothing_is_fetched_before_host_and_bytes_were_agreed_to(
    desk: Desk, levels: ModelsDialog
) -> None:
    levels.installed_tab.pane.quantizations.table.select_key("Q4_K_M ")
    click(levels, "Fetch…")
    question = dialog()
    assert isinstance(question, DownloadDialog)
    assert "hub.example will be asked" in words_of(question)
    assert desk.front.count("plan_fetch") == 0
    click(question, "Ask hub.example")
    assert desk.front.last("plan_fetch") == ("qwen3-4b:Q4_K_M",)
    desk.front.downloads.planned()
    words = words_of(question)
    assert "Qwen3-4B-Q4_K_M: 2.3 GB from hub.example." in words
    assert "Licence: Apache-2.0." in words
    assert desk.front.count("begin_fetch") == 0
    click(question, "Fetch 2.3 GB")
    desk.settle()
    assert desk.front.count("begin_fetch") == 1
    assert "Qwen3-4B-Q4_K_M from hub.example" in words_of(levels)


def test_a_wish_the_host_does_not_know_is_told_in_the_question(
    desk: Desk, models: ModelsDialog
) -> None:
    models.show_tab("catalog")
    click(models, "Fetch something else…")
    question = dialog()
    line = control(question, "What to fetch")
    assert isinstance(line, QLineEdit)
    QTest.keyClicks(line, "nobody/nothing:Q4_0")
    click(question, "Ask hub.example")
    facts = {"host": "hub.example", "what": "nobody/nothing"}
    desk.front.replies[-1].fail(Failed(request_id="", code=ErrorCode.HUB_NOT_FOUND, facts=facts))
    assert "hub.example has no nobody/nothing. Check the name" in words_of(question)
    assert not desk.notices.all_notices()
    QTest.keyClicks(line, "_K")
    click(question, "Ask hub.example")
    assert desk.front.last("plan_fetch") == ("nobody/nothing:Q4_0_K",)


def test_a_fetch_is_paused_gone_on_with_and_dropped(desk: Desk, levels: ModelsDialog) -> None:
    begin_fetch(desk, levels)
    fetches = desk.front.downloads
    fetches.move(done=1_000_000_000, bytes_per_second=10_000_000.0)
    assert "953.7 MB of 2.3 GB · 9.5 MB a second · about 2 minutes left" in words_of(levels)
    click(levels, "Pause fetching Qwen3-4B-Q4_K_M")
    assert "Paused · 953.7 MB of 2.3 GB" in words_of(levels)
    click(levels, "Go on fetching Qwen3-4B-Q4_K_M")
    assert desk.front.count("resume_fetch") == 1
    click(levels, "Stop fetching Qwen3-4B-Q4_K_M")
    assert desk.front.count("drop_fetch") == 0
    click(dialog(), "Stop and remove")
    desk.settle()
    assert desk.front.last("drop_fetch") == (PLAN.download_id,)
    assert "Qwen3-4B-Q4_K_M from" not in words_of(levels)


def test_a_fetch_that_failed_says_why_in_its_row(desk: Desk, levels: ModelsDialog) -> None:
    begin_fetch(desk, levels)
    problem = Problem(code="network_none", message="There is no network.", hint="Plug it in.")
    desk.front.downloads.move(state="failed", problem=problem)
    assert "There is no network. Plug it in." in words_of(levels)
    click(levels, "Go on fetching Qwen3-4B-Q4_K_M")
    assert "There is no network." not in words_of(levels)


def test_a_fetch_that_ends_without_the_dialog_is_told_once(
    desk: Desk, levels: ModelsDialog
) -> None:
    begin_fetch(desk, levels)
    levels.close()
    desk.settle()
    for _turn in range(2):
        desk.front.downloads.move(state="done", ref=SMALL)
    desk.settle()
    assert words_of(desk.window.view).count("was fetched and checked") == 1
    click(desk.window.view, "Use it")
    assert desk.front.last("choose_model") == (SMALL,)


def test_a_level_is_made_after_a_question_and_can_be_stopped(
    desk: Desk, levels: ModelsDialog
) -> None:
    desk.front.quantizations.warned = "It is at a low level already."
    levels.installed_tab.pane.quantizations.table.select_key("Q2_K ")
    click(levels, "Make here…")
    question = dialog()
    assert "It is at a low level already." in words_of(question)
    click(question, "Make it")
    desk.settle()
    source = ladder().source_path
    assert desk.front.last("make_level") == (source, "Q2_K", "", True)
    job = desk.front.replies[-1]
    job.report(
        QuantizationJobProgress(
            stage="making", done=1, total=4, current="blk.0", seconds_left=130.0
        )
    )
    assert "Making · blk.0 · about 2 minutes left" in words_of(levels)
    click(levels, "Stop")
    assert desk.front.cancelled == [job.request_id]
    job.fail(Failed(request_id=job.request_id, code=ErrorCode.CANCELLED))
    assert "Stopped; nothing half-made stays." in words_of(levels)
    assert not desk.notices.all_notices()


def test_a_level_that_was_made_says_what_it_lost(desk: Desk, levels: ModelsDialog) -> None:
    levels.installed_tab.pane.quantizations.table.select_key("Q2_K ")
    click(levels, "Make here…")
    click(dialog(), "Make it")
    measured = QuantizationMeasurement(
        ref="q", path="/q", level="Q2_K", perplexity=12.0, perplexity_error=0.1, tokens=900,
        tokens_per_second=31.0,
        loss=QualityLoss(
            share=0.12, divergence=0.1, measured=True, against="Q8_0", same_choice=0.8
        ),
    )  # fmt: skip
    desk.front.replies[-1].finish(
        QuantizationJobFinished(
            ref="q", path="/q", level="Q2_K", bytes=1_500_000_000, seconds=60, measured=measured
        )
    )
    assert "Q2_K is made: 1.4 GB, as q. Against Q8_0 it loses 12 %" in words_of(levels)


def test_a_level_that_needs_a_matrix_waits_for_one(levels: ModelsDialog) -> None:
    levels.installed_tab.pane.quantizations.table.select_key("IQ2_XS ")
    click(levels, "Make here…")
    question = dialog()
    assert isinstance(question, QuantizeDialog)
    assert not question.quantize_button.isEnabled()
    question.matrix_field.setText("/imatrix.gguf")
    assert question.quantize_button.isEnabled()


def test_measuring_is_refused_in_the_dialog_and_told_when_done(
    desk: Desk, levels: ModelsDialog
) -> None:
    levels.installed_tab.pane.quantizations.table.select_key(f"Q8_0 {ladder().source_path}")
    desk.front.refusal = ModelError(ErrorCode.QUANTIZE_BUSY)
    click(levels, "Measure")
    desk.settle()
    assert ModelError(ErrorCode.QUANTIZE_BUSY).message in words_of(levels)
    click(levels, "Measure")
    one = QuantizationMeasurement(
        ref="q", path="/q", level="Q8_0", perplexity=9.0, perplexity_error=0.1, tokens=900,
        tokens_per_second=31.0, loss=None,
    )  # fmt: skip
    desk.front.replies[-1].finish(QuantizationsMeasured(levels=(one,), seconds=2.0))
    assert "It wrote 31 tokens a second." in words_of(levels)
