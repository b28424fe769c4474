"""What the page of models says stays true: of a removed model, of a job when it is opened again."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel

from core.base.errors import ErrorCode, ModelError
from core.messages import PlanQuantizations
from desktop.models.models_page import ModelsPage
from desktop.models.models_tabs import INSTALLED
from tests.desktop.open_window import OpenWindow
from tests.desktop.seen import click, dialog, words_of
from tests.desktop.values import download_plan
from tests.fakes.models import qwen_gguf, tiny_gguf

QWEN = "qwen3-4b-q8_0"


def opened(ui: OpenWindow) -> ModelsPage:
    ui.window.controllers.models_controller.open_page(INSTALLED)
    ui.settle()
    page = dialog()
    assert isinstance(page, ModelsPage)
    return page


def fetch(ui: OpenWindow) -> ModelsPage:
    """Open the page, with a model that was just fetched."""
    page = opened(ui)
    ui.app.downloads.start_download(download_plan(ui.backend.paths))
    ui.backend.courier.finish_download(qwen_gguf("Q4_K_M").encode())
    ui.backend.pump()
    ui.settle()
    return page


def test_a_fetched_model_that_was_removed_is_offered_no_longer(
    ui: OpenWindow, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = fetch(ui)
    (state,) = ui.app.downloads.list_downloads()
    assert "Fetched and checked" in words_of(page.downloads)
    monkeypatch.setattr("core.app.models.model_file_service.send2trash", lambda file: file.unlink())
    page.installed_tab.select_model(state.ref)
    click(page, "Remove…")
    click(dialog(), "Move to the trash")
    ui.settle()
    assert not ui.app.downloads.list_downloads()
    assert not page.downloads.rows


def test_a_copy_that_was_removed_is_told_no_longer(
    ui: OpenWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.app.models.model_file_service.send2trash", lambda file: file.unlink())
    file = tmp_path / "mine.gguf"
    file.write_bytes(tiny_gguf().encode())
    ui.app.models.add_model(str(file))
    page = opened(ui)
    page.installed_tab.select_model(ui.app.registry.find_model(str(file)).ref)
    click(page, "Copy here")
    ui.wait_for_files()
    copy = next(each for each in ui.app.registry.list_models() if each.ref.startswith("mine-"))
    assert f"It was copied, as {copy.ref}." in words_of(page)
    page.installed_tab.select_model(copy.ref)
    click(page, "Remove…")
    click(dialog(), "Move to the trash")
    ui.settle()
    assert f"It was copied, as {copy.ref}." not in words_of(page)


def test_a_fetched_model_is_used_under_the_name_it_has_now(ui: OpenWindow) -> None:
    ui.backend.put_own_model("qwen3-4b-q4_k_m", qwen_gguf("Q4_K_M"))
    ui.app.model_files.scan_models()
    ui.wait_for_files()
    page = fetch(ui)
    (state,) = ui.app.downloads.list_downloads()
    other = next(each for each in ui.app.registry.list_models() if each.path != state.plan.target)
    ui.app.models.unregister_model(other.ref)
    ui.app.models.unregister_model(state.ref)
    again = ui.app.models.add_model(state.plan.target)
    ui.backend.pump()
    ui.settle()
    if page.downloads.rows:
        click(page.downloads, "Use")
        ui.settle()
        chosen = ui.app.models.chosen_model()
        assert chosen is not None
        assert chosen.ref == again.ref


def test_a_level_that_is_made_is_named_when_the_page_is_opened_again(ui: OpenWindow) -> None:
    ui.backend.put_own_model(QWEN, qwen_gguf())
    page = opened(ui)
    file = ui.app.registry.find_model(QWEN).path.rpartition("/")[2]
    ui.app.quantizations.create_quantization(QWEN, "Q2_K")
    ui.backend.children.ladders.held.discard(PlanQuantizations)
    page.reject()
    ui.settle()
    assert f"Q2_K of {file}" in titles(opened(ui))


def test_a_file_that_is_measured_is_named_when_the_page_is_opened_again(ui: OpenWindow) -> None:
    ui.backend.put_own_model(QWEN, qwen_gguf())
    page = opened(ui)
    file = ui.app.registry.find_model(QWEN).path.rpartition("/")[2]
    ui.app.quantizations.measure_quality(QWEN)
    page.reject()
    ui.settle()
    assert file in titles(opened(ui))


def titles(page: ModelsPage) -> list[str]:
    return [label.text() for label in page.task_strip.findChildren(QLabel)]


def test_a_model_that_left_the_list_is_put_back_by_undo(ui: OpenWindow, tmp_path: Path) -> None:
    page = opened(ui)
    file = tmp_path / "Mine.gguf"
    file.write_bytes(tiny_gguf("Mine").encode())
    page.installed_tab.add_models([str(file)])
    click(page, "Forget")
    ui.settle()
    (notice,) = ui.notices.all_notices()
    assert notice.problem.message == "Mine.gguf is off the list of models; the file stays."
    assert str(file) not in {each.path for each in ui.app.registry.list_models()}
    ui.notices.undo_latest()
    assert str(file) in {each.path for each in ui.app.registry.list_models()}


def test_the_window_names_no_command_for_what_it_shows_itself(ui: OpenWindow) -> None:
    ui.notices.post_error("model", ModelError(ErrorCode.MODEL_UNKNOWN, ref="gone"))
    ui.notices.post_error("train", ModelError(ErrorCode.TRAINING_UNFINISHED))
    ui.settle()
    shown = words_of(ui.window.view)
    assert "Models shows those that are here" in shown
    assert "on the page of trainings" in shown
    assert "inglenook model" not in shown
