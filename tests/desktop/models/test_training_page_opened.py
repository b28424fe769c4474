"""What the page of trainings shows when it is opened, and when the model is changed."""

import json
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from core.base.settings.app_settings import MODEL
from desktop.kit.confirm_dialog import ConfirmDialog
from desktop.models.training.loss_curve import axis_ticks, tick_labels
from desktop.models.training.training_page import TrainingPage
from tests.desktop.open_window import OpenWindow
from tests.desktop.seen import click, dialog, words_of
from tests.fakes.models import SMALL_MODEL, tiny_gguf


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file of twelve examples."""
    lines = [{"prompt": f"What is {n}?", "response": f"It is {n}."} for n in range(12)]
    path = tmp_path / "mine.jsonl"
    path.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    return path


def opened(ui: OpenWindow) -> TrainingPage:
    ui.window.registry.action_by_id("models.train").trigger()
    ui.settle()
    page = dialog()
    assert isinstance(page, TrainingPage)
    return page


def add_second_model(ui: OpenWindow, tmp_path: Path) -> str:
    """Add a model that is listed before the other one."""
    path = tmp_path / "A first one.gguf"
    path.write_bytes(tiny_gguf("A first one").encode())
    return ui.app.models.add_model(str(path)).ref


def stop_a_training(ui: OpenWindow, page: TrainingPage, file: Path) -> None:
    page.add_example_file(str(file))
    page.name_field.setText("Mine")
    click(page, "Train")
    ui.bot.waitUntil(lambda: bool(ui.backend.children.trainer.waiting))
    click(page, "Stop")
    ui.settle()


def test_the_model_that_answers_is_the_one_to_be_trained(ui: OpenWindow, tmp_path: Path) -> None:
    other = add_second_model(ui, tmp_path)
    ui.backend.settings.set_value(MODEL, ui.app.registry.find_model(SMALL_MODEL).path)
    page = opened(ui)
    assert page.models.itemData(0) == other
    assert page.models.currentData() == SMALL_MODEL


def test_another_model_keeps_the_examples_of_files(
    ui: OpenWindow, tmp_path: Path, file: Path
) -> None:
    add_second_model(ui, tmp_path)
    page = opened(ui)
    page.add_example_file(str(file))
    page.examples.item(3).setCheckState(Qt.CheckState.Unchecked)
    page.models.setCurrentIndex(1 - page.models.currentIndex())
    assert page.count.text() == "Chosen: 11 of 12. At least 8 are needed."
    assert page.examples.item(3).checkState() is Qt.CheckState.Unchecked


def test_a_stopped_training_is_named_and_asked_for_before_it_is_deleted(
    ui: OpenWindow, file: Path
) -> None:
    page = opened(ui)
    stop_a_training(ui, page, file)
    page.reject()
    ui.settle()
    page = opened(ui)
    assert page.name_field.text() == "Mine"
    assert "Mine is not trained to its end" in words_of(page)
    assert f"It is an adapter of {SMALL_MODEL}." in words_of(page)
    assert "No examples yet" not in words_of(page)
    click(page, "Discard…")
    question = dialog()
    assert isinstance(question, ConfirmDialog)
    click(question, "Cancel")
    ui.settle()
    assert ui.app.training.store.unfinished_job() is not None
    click(page, "Discard…")
    click(dialog(), "Discard")
    ui.settle()
    assert ui.app.training.store.unfinished_job() is None
    assert "is not trained to its end" not in words_of(page)


def test_a_running_training_shows_what_is_trained(ui: OpenWindow, file: Path) -> None:
    page = opened(ui)
    stop_a_training(ui, page, file)
    page.reject()
    ui.settle()
    page = opened(ui)
    click(page, "Go on")
    ui.bot.waitUntil(lambda: bool(ui.backend.children.trainer.waiting))
    assert "No examples yet" not in words_of(page)
    assert not page.models.isEnabled()
    click(page, "Stop")
    ui.settle()
    assert page.models.isEnabled()


def test_no_two_marks_of_an_axis_have_the_same_number() -> None:
    for loss in (0.0004, 0.012, 0.19, 2.7, 80.0):
        labels = tick_labels(axis_ticks(loss))
        assert len(set(labels)) == len(labels)
