"""The page that trains adapters: what is chosen, progress, stop, and what came of it."""

import json
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog

from core.messages import Adapter, LossPoint
from desktop.models.training.loss_curve import LossCurve, axis_ticks
from desktop.models.training.training_page import TrainingPage
from tests.desktop.open_window import OpenWindow
from tests.desktop.seen import click, control, dialog, words_of
from tests.fakes.models import SMALL_MODEL, adapter_gguf


@pytest.fixture
def page(ui: OpenWindow, tmp_path: Path) -> TrainingPage:
    """The page with twelve examples of a file."""
    lines = [{"prompt": f"What is {n}?", "response": f"It is {n}."} for n in range(12)]
    path = tmp_path / "mine.jsonl"
    path.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    ui.window.registry.action_by_id("models.train").trigger()
    ui.settle()
    found = dialog()
    assert isinstance(found, TrainingPage)
    assert not found.train_button.isEnabled()
    assert found.no_examples.isVisible()
    assert not found.examples.isVisible()
    assert "answers that you edited" in words_of(found)
    found.add_example_file(str(path))
    assert found.examples.isVisible()
    assert not found.no_examples.isVisible()
    return found


def adapter_of(ui: OpenWindow) -> bytes:
    base = Path(ui.app.registry.find_model(SMALL_MODEL).path)
    return adapter_gguf(base, "Mine").encode()


def wait_for_trainer(ui: OpenWindow) -> None:
    """Wait until the examples were read."""
    ui.bot.waitUntil(lambda: bool(ui.backend.children.trainer.waiting))


def test_examples_are_chosen_and_an_adapter_is_trained(ui: OpenWindow, page: TrainingPage) -> None:
    ui.backend.children.examples.script = ("As trained.",)
    page.examples.item(0).setCheckState(Qt.CheckState.Unchecked)
    assert page.count.text() == "Chosen: 11 of 12. At least 8 are needed."
    page.name_field.setText("Mine")
    click(page, "Train")
    wait_for_trainer(ui)
    trainer = ui.backend.children.trainer
    assert len(trainer.job.examples) + len(trainer.job.held_out) == 11
    trainer.report_step(3, 24, 1.5, 2.25)
    ui.settle()
    assert "step 3 of 24" in words_of(page)
    assert [point.held_out for point in page.panel.curve.points] == [2.25]
    trainer.finish(adapter_of(ui))
    ui.bot.waitUntil(lambda: not ui.app.training.is_busy)
    assert "mine is trained" in words_of(page)
    assert "before: As trained." in words_of(page)
    (listed,) = ui.app.registry.list_adapters()
    assert listed.ref == "mine"
    click(page, "Begin new chats with it")
    own = ui.app.model_settings.store
    path = ui.app.registry.find_model(SMALL_MODEL).path
    assert own.settings_for_model(path).adapters == (Adapter(path=listed.path),)


def test_a_stopped_training_can_go_on_or_be_discarded(ui: OpenWindow, page: TrainingPage) -> None:
    click(page, "Train")
    wait_for_trainer(ui)
    click(page, "Stop")
    ui.settle()
    assert "Stopped." in words_of(page)
    assert not page.train_button.isEnabled()
    click(page, "Go on")
    wait_for_trainer(ui)
    assert ui.app.training.is_busy
    click(page, "Stop")
    ui.settle()
    click(page, "Discard…")
    click(dialog(), "Discard")
    ui.settle()
    assert page.train_button.isEnabled()
    assert not list(ui.backend.paths.training_folder.iterdir())


def test_an_estimate_is_shown_and_a_wrong_file_named(
    ui: OpenWindow, page: TrainingPage, tmp_path: Path
) -> None:
    click(page, "Estimate")
    wait_for_trainer(ui)
    ui.backend.children.trainer.finish()
    ui.settle()
    assert "About 2 minutes on this computer" in words_of(page)
    assert "Other programs" not in words_of(page)
    click(page, "Estimate")
    wait_for_trainer(ui)
    ui.backend.children.trainer.finish(step_seconds=12.0, free_step_seconds=3.0)
    ui.settle()
    assert "About 12 minutes on this computer" in words_of(page)
    assert "without them it takes 3 minutes or a little more" in words_of(page)
    wrong = tmp_path / "wrong.jsonl"
    wrong.write_text("{}", encoding="utf-8")
    page.add_example_file(str(wrong))
    assert "entry 1" in words_of(page)


def test_a_training_goes_on_without_its_page(ui: OpenWindow, page: TrainingPage) -> None:
    click(page, "Train")
    wait_for_trainer(ui)
    page.reject()
    ui.settle()
    assert ui.window.controllers.models_controller.is_busy
    ui.window.registry.action_by_id("models.train").trigger()
    ui.settle()
    again = dialog()
    assert isinstance(again, TrainingPage)
    control(again, "Stop")
    ui.backend.children.examples.script = ("As trained.",)
    ui.backend.children.trainer.finish(adapter_of(ui))
    ui.bot.waitUntil(lambda: not ui.app.training.is_busy)
    assert "is trained" in words_of(again)


def test_an_estimate_is_shown_on_a_page_that_was_opened_again(
    ui: OpenWindow, page: TrainingPage
) -> None:
    click(page, "Estimate")
    wait_for_trainer(ui)
    page.reject()
    ui.settle()
    ui.window.registry.action_by_id("models.train").trigger()
    ui.settle()
    again = dialog()
    assert isinstance(again, TrainingPage)
    ui.backend.children.trainer.finish()
    ui.settle()
    assert "About 2 minutes on this computer" in words_of(again)
    assert not again.stop_button.isVisible()


def test_where_there_are_no_examples_buttons_lead_to_them(ui: OpenWindow) -> None:
    ui.window.registry.action_by_id("models.train").trigger()
    ui.settle()
    shown = dialog()
    assert isinstance(shown, TrainingPage)
    QTest.mouseClick(shown.no_examples.file_button, Qt.MouseButton.LeftButton)
    chooser = dialog()
    assert isinstance(chooser, QFileDialog)
    QTest.keyClick(chooser, Qt.Key.Key_Escape)
    ui.settle()
    QTest.mouseClick(shown.no_examples.chats_button, Qt.MouseButton.LeftButton)
    ui.settle()
    assert ui.window.view.isVisible()


def test_one_question_alone_says_that_others_are_needed(
    ui: OpenWindow, page: TrainingPage, tmp_path: Path
) -> None:
    path = tmp_path / "same.jsonl"
    lines = [{"prompt": "Who?", "response": f"Number {n}."} for n in range(9)]
    path.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    page.examples.show_chat_examples(())
    page.add_example_file(str(path))
    click(page, "Train")
    ui.bot.waitUntil(lambda: not ui.app.training.is_busy)
    ui.settle()
    assert "All examples answer the same question" in words_of(page)


def test_the_axes_have_round_numbers() -> None:
    assert axis_ticks(2.71) == (0.0, 1.0, 2.0, 3.0)
    assert axis_ticks(8.0) == (0.0, 2.0, 4.0, 6.0, 8.0)
    assert axis_ticks(0.0) == axis_ticks(float("nan")) == (0.0, 1.0)
    for loss in (0.003, 0.19, 1.0, 3.999, 12.5, 1e6):
        ticks = axis_ticks(loss)
        assert ticks[-2] < loss <= ticks[-1]
        assert len(ticks) <= 5


def test_a_curve_says_its_scale(ui: OpenWindow) -> None:
    curve = LossCurve(ui.window.theme)
    curve.resize(400, 200)
    empty = curve.grab().toImage()
    curve.add_point(LossPoint(1, 2.5, None), 24)
    drawn = curve.grab().toImage()
    left = [(x, y) for x in range(20) for y in range(drawn.height())]
    assert any(drawn.pixel(x, y) != empty.pixel(x, y) for x, y in left)
    curve.deleteLater()
