"""The dialog of models, and models dropped on the window."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from core.app.events.app_events import ModelsChanged, Notice, Problem
from core.base.errors import ErrorCode, ModelError
from desktop.models.models_dialog import ModelsDialog
from tests.desktop.conftest import Desk
from tests.desktop.fake_values import model
from tests.desktop.seen import click, drop, words_of

BIG = model(
    "llama-70b", family="Llama 3.3", parameters=70_553_706_496, quantization="Q5_K_M", fits="no"
)
BROKEN = model(
    "half",
    problem_code="gguf_truncated",
    problem_facts={"file": "half.gguf", "missing": "2.1 GB"},
    fits="",
)


@pytest.fixture
def models(desk: Desk) -> ModelsDialog:
    """The dialog, with three files on the shelf."""
    desk.front.on_shelf += [BIG, BROKEN]
    QTest.keyClick(desk.window, Qt.Key.Key_M, Qt.KeyboardModifier.ControlModifier)
    desk.settle()
    found = QApplication.activeModalWidget()
    assert isinstance(found, ModelsDialog)
    return found


def cells(dialog: ModelsDialog) -> list[list[str]]:
    shelf = dialog.table_model
    return [
        [str(shelf.index(row, column).data()) for column in range(shelf.columnCount())]
        for row in range(shelf.rowCount())
    ]


def test_the_table_says_what_each_file_is_and_whether_it_fits(models: ModelsDialog) -> None:
    assert cells(models)[0] == ["smollm2-135m-q4_1", "Q4_1", "93.8 MB", "Fits"]
    assert cells(models)[1][-1] == "Too large"
    assert cells(models)[2][-1] == "Can't be used"


def test_a_damaged_file_says_why_and_can_not_be_used(models: ModelsDialog) -> None:
    models.select_model("half")
    assert "half.gguf ends too early: 2.1 GB of it are missing." in words_of(models)
    assert not models.use_button.isEnabled()


def test_a_file_that_was_put_aside_says_why_and_is_tried_again(
    desk: Desk, models: ModelsDialog
) -> None:
    facts = {"file": "bad.gguf", "times": "3", "detail": "signal SIGSEGV", "ref": "bad"}
    desk.front.on_shelf.append(model("bad", problem_code="model_put_aside", problem_facts=facts))
    desk.front.emit(ModelsChanged())
    assert cells(models)[-1][-1] == "Put aside"
    models.select_model("bad")
    assert "the engine stopped 3 times in a row with it (signal SIGSEGV)" in words_of(models)
    click(models, "Try again")
    assert desk.front.last("retry_model") == ("bad",)
    assert desk.front.last("choose_model") == ("bad",)
    assert "It is being loaded." in words_of(models)


def test_a_model_of_an_unknown_kind_is_tried_when_the_person_wants_it(
    desk: Desk, models: ModelsDialog, tmp_path: Path
) -> None:
    path = tmp_path / "new.gguf"
    path.write_bytes(b"GGUF....")
    desk.front.refusal = ModelError(
        ErrorCode.ARCHITECTURE_UNKNOWN, file="new.gguf", architecture="qwen99"
    )
    drop(models, str(path))
    desk.settle()
    assert "“qwen99” model, which this version does not know yet" in words_of(models)
    desk.front.refusal = None
    click(models, "Try anyway")
    desk.settle()
    assert desk.front.last("add_model") == (str(path), "anyway")
    assert cells(models)[-1][0] == "new"
    assert "does not know yet" not in words_of(models)


def test_a_file_of_an_unknown_kind_that_lies_there_is_tried_anyway(
    desk: Desk, models: ModelsDialog
) -> None:
    facts = {"file": "new.gguf", "architecture": "qwen99"}
    odd = model("new", problem_code="architecture_unknown", problem_facts=facts)
    desk.front.on_shelf.append(odd)
    desk.front.emit(ModelsChanged())
    models.select_model("new")
    click(models, "Try anyway")
    assert desk.front.last("add_model") == (odd.path, "anyway")
    assert desk.front.last("choose_model") == ("new",)


def test_a_choice_counts_at_once_and_the_header_follows(desk: Desk, models: ModelsDialog) -> None:
    models.select_model("llama-70b")
    assert "more than this computer has free" in words_of(models)
    click(models, "Use")
    assert desk.front.last("choose_model") == ("llama-70b",)
    assert "Loading llama-70b…" in words_of(desk.window.view.header)
    assert "It is being loaded." in words_of(models)
    desk.front.model_ready()
    assert "llama-70b" in words_of(desk.window.view.header)
    assert "Loading" not in words_of(desk.window.view.header)
    assert models.use_button.text() == "In use"


def test_enter_uses_the_selected_row(desk: Desk, models: ModelsDialog) -> None:
    models.select_model("llama-70b")
    QTest.keyClick(models.table, Qt.Key.Key_Return)
    assert desk.front.last("choose_model") == ("llama-70b",)


def test_a_file_is_forgotten(desk: Desk, models: ModelsDialog) -> None:
    models.select_model("half")
    click(models, "Forget")
    assert desk.front.last("remove_model") == ("half",)
    assert "its file stays" in words_of(models)
    assert len(cells(models)) == 2


def test_a_dropped_file_is_added_where_it_lies(
    desk: Desk, models: ModelsDialog, tmp_path: Path
) -> None:
    path = tmp_path / "tiny.gguf"
    path.write_bytes(b"GGUF....")
    assert drop(models, str(path))
    assert desk.front.last("add_model") == (str(path),)
    assert models.current_entry is not None
    assert models.current_entry.ref == "tiny"
    assert str(path) in words_of(models)


def test_a_file_that_is_no_model_is_refused_in_the_dialog(
    desk: Desk, models: ModelsDialog, tmp_path: Path
) -> None:
    path = tmp_path / "song.gguf"
    path.write_bytes(b"RIFF....")
    drop(models, str(path))
    desk.settle()
    assert "song.gguf is not a GGUF model." in words_of(models)
    assert len(cells(models)) == 3


def test_a_model_dropped_on_the_window_is_offered(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "tiny.GGUF"
    path.write_bytes(b"GGUF....")
    drop(desk.window, str(path))
    desk.settle()
    assert "“tiny” was added." in words_of(desk.window.view)
    click(desk.window.view, "Use it")
    assert desk.front.last("choose_model") == ("tiny",)


def test_a_refused_choice_is_told(desk: Desk, models: ModelsDialog) -> None:
    desk.front.refusal = ModelError(ErrorCode.MODEL_GONE, path="/models/llama-70b.gguf")
    models.select_model("llama-70b")
    click(models, "Use")
    desk.settle()
    assert "There is no model file" in words_of(models)
    assert "smollm2-135m-q4_1" in words_of(desk.window.view.header)


def test_a_failed_load_ends_the_loading(desk: Desk) -> None:
    desk.front.on_shelf.append(BIG)
    desk.window.controllers.models.choose_model("llama-70b")
    problem = Problem(code="model_load_failed", message="It could not be loaded.", hint="Other.")
    desk.front.emit(Notice(key="model", severity="error", problem=problem))
    desk.settle()
    assert "Loading" not in words_of(desk.window.view.header)
    assert "It could not be loaded." in words_of(desk.window.view)


def test_without_a_model_the_window_says_what_to_do(desk: Desk) -> None:
    desk.front.on_shelf.clear()
    desk.window.controllers.models.refresh_models()
    assert "A model is needed first" in words_of(desk.window.view)
    assert "Choose a model" in words_of(desk.window.view.header)
    click(desk.window.view.greeting, "Models…")
    desk.settle()
    found = QApplication.activeModalWidget()
    assert found is not None
    assert "No model is known yet." in words_of(found)
