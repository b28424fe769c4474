"""Models dialog, and models dropped on the window."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from core import gguf
from core.base.errors import ErrorCode, ModelError
from core.chat.judging.judging_cases import bundled_cases
from core.messages import LoadModel
from core.models.info.judging_ability import JudgedScores
from desktop.models.models_page import ModelsPage
from desktop.models.models_tabs import INSTALLED
from tests.desktop.open_window import OpenWindow
from tests.desktop.seen import click, drop, open_dialog, words_of
from tests.fakes.models import SMALL_MODEL, tiny_gguf
from tests.gguf.writing import Gguf, facts


@pytest.fixture
def models(ui: OpenWindow) -> ModelsPage:
    """The dialog with three registered files."""
    ui.backend.put_huge_model("llama-70b")
    half = ui.backend.put_model("half")
    half.write_bytes(half.read_bytes()[:-1000])
    QTest.keyClick(ui.window, Qt.Key.Key_M, Qt.KeyboardModifier.ControlModifier)
    ui.settle()
    found = open_dialog()
    assert isinstance(found, ModelsPage)
    found.show_tab(INSTALLED)
    return found


def cells(dialog: ModelsPage) -> dict[str, list[str]]:
    """Return what the table says of each model, by its name."""
    table_model = dialog.installed_tab.table_model
    rows = [
        [str(table_model.index(row, column).data()) for column in range(table_model.columnCount())]
        for row in range(table_model.rowCount())
    ]
    return {row[0]: row[1:] for row in rows}


def loaded_last(ui: OpenWindow) -> str:
    """Return the name of the file that the engine was last requested to load."""
    return Path(ui.backend.last_sent(LoadModel).path).stem


def test_the_table_says_what_each_file_is_and_whether_it_fits(models: ModelsPage) -> None:
    shown = cells(models)
    assert shown[SMALL_MODEL][0] == "Q4_1"
    assert shown[SMALL_MODEL][1].endswith("kB")
    assert {ref: row[-1] for ref, row in shown.items()} == {
        SMALL_MODEL: "Fits",
        "llama-70b": "Too large",
        "half": "Can't be used",
    }


def test_a_damaged_file_says_why_and_can_not_be_used(models: ModelsPage) -> None:
    models.installed_tab.select_model("half")
    assert "half.gguf ends too early: 1 kB of it are missing." in words_of(models)
    assert not models.installed_tab.use_button.isEnabled()


def test_a_file_that_was_put_aside_says_why_and_is_tried_again(
    ui: OpenWindow, models: ModelsPage
) -> None:
    ui.backend.put_model("bad")
    ui.backend.engine.loads_at_once = False
    for _time in range(3):
        ui.app.models.choose_model("bad")
        ui.backend.engine_dies()
    ui.settle()
    assert cells(models)["bad"][-1] == "Put aside"
    models.installed_tab.select_model("bad")
    assert "the engine stopped 3 times in a row with it (signal SIGSEGV)" in words_of(models)
    loads = len(ui.backend.engine.all_sent(LoadModel))
    click(models, "Try again")
    assert len(ui.backend.engine.all_sent(LoadModel)) == loads + 1
    assert loaded_last(ui) == "bad"
    assert "It is being loaded." in words_of(models)


def test_a_model_of_an_unknown_kind_is_tried_when_the_person_wants_it(
    ui: OpenWindow, models: ModelsPage, tmp_path: Path
) -> None:
    path = Gguf(facts=facts("qwen99")).write(tmp_path / "new.gguf")
    drop(models, str(path))
    ui.settle()
    assert "“qwen99” model, which this version does not know yet" in words_of(ui.window.pages)
    click(ui.window.pages, "Try anyway")
    ui.settle()
    assert "new" in cells(models)
    assert "does not know yet" not in words_of(ui.window.pages)


def test_a_file_of_an_unknown_kind_that_lies_there_is_tried_anyway(
    ui: OpenWindow, models: ModelsPage
) -> None:
    ui.backend.put_own_model("new", Gguf(facts=facts("qwen99")))
    ui.window.controllers.models.refresh_models()
    models.installed_tab.select_model("new")
    click(models, "Try anyway")
    assert loaded_last(ui) == "new"
    assert ui.backend.last_sent(LoadModel).any_architecture


def test_a_choice_counts_at_once_and_the_header_follows(ui: OpenWindow, models: ModelsPage) -> None:
    ui.backend.engine.loads_at_once = False
    models.installed_tab.select_model("llama-70b")
    assert "more than this computer has free" in words_of(models)
    click(models, "Use")
    assert loaded_last(ui) == "llama-70b"
    assert "Loading llama-70b…" in words_of(ui.window.view.header)
    assert "It is being loaded." in words_of(models)
    ui.backend.engine.finish_loading()
    ui.backend.pump()
    assert "llama-70b" in words_of(ui.window.view.header)
    assert "Loading" not in words_of(ui.window.view.header)
    assert models.installed_tab.use_button.text() == "In use"


def test_enter_uses_the_selected_row(ui: OpenWindow, models: ModelsPage) -> None:
    models.installed_tab.select_model("llama-70b")
    QTest.keyClick(models.installed_tab.table, Qt.Key.Key_Return)
    assert loaded_last(ui) == "llama-70b"


def test_a_file_is_forgotten(ui: OpenWindow, models: ModelsPage) -> None:
    models.installed_tab.select_model("half")
    click(models, "Forget")
    assert "the file stays" in words_of(ui.window)
    assert set(cells(models)) == {SMALL_MODEL, "llama-70b"}
    assert ui.backend.model_path("half").exists()


def test_a_dropped_file_is_added_where_it_lies(
    ui: OpenWindow, models: ModelsPage, tmp_path: Path
) -> None:
    path = tiny_gguf().write(tmp_path / "tiny.gguf")
    assert drop(models, str(path))
    assert models.installed_tab.current_entry is not None
    assert models.installed_tab.current_entry.ref == "tiny"
    assert str(path) in words_of(models)
    assert [entry.path for entry in ui.app.registry.list_models()][-1] == str(path)


def test_a_file_that_is_no_model_is_refused_in_the_dialog(
    ui: OpenWindow, models: ModelsPage, tmp_path: Path
) -> None:
    path = tmp_path / "song.gguf"
    path.write_bytes(b"RIFF....")
    drop(models, str(path))
    ui.settle()
    assert "song.gguf is not a GGUF model." in words_of(ui.window.pages)
    assert len(cells(models)) == 3


def test_a_model_dropped_on_the_window_is_offered(ui: OpenWindow, tmp_path: Path) -> None:
    path = tiny_gguf().write(tmp_path / "tiny.GGUF")
    drop(ui.window, str(path))
    ui.settle()
    assert "“tiny” was added." in words_of(ui.window.view)
    click(ui.window.view, "Use it")
    assert loaded_last(ui) == "tiny"


def test_a_refused_choice_is_told(ui: OpenWindow, models: ModelsPage) -> None:
    models.installed_tab.select_model("llama-70b")
    ui.backend.model_path("llama-70b").unlink()
    click(models, "Use")
    ui.settle()
    assert "There is no model file" in words_of(models)
    assert SMALL_MODEL in words_of(ui.window.view.header)


def test_a_failed_load_ends_the_loading(ui: OpenWindow) -> None:
    ui.backend.put_huge_model("llama-70b")
    ui.backend.engine.loads_at_once = False
    ui.window.controllers.models.choose_model("llama-70b")
    assert "Loading" in words_of(ui.window.view.header)
    ui.backend.engine.fail_loading(ErrorCode.MODEL_LOAD_FAILED, file="llama-70b.gguf")
    ui.backend.pump()
    ui.settle()
    assert "Loading" not in words_of(ui.window.view.header)
    failure = ModelError(ErrorCode.MODEL_LOAD_FAILED, file="llama-70b.gguf")
    assert failure.message in words_of(ui.window.view)


def test_without_a_model_the_window_says_what_to_do(ui: OpenWindow) -> None:
    ui.app.models.unregister_model(SMALL_MODEL)
    assert "A model is needed first" in words_of(ui.window.view)
    assert "Choose a model" in words_of(ui.window.view.header)
    assert "tick a folder" not in words_of(ui.window.view.composer), "no model answers by itself"
    click(ui.window.view.greeting, "Get a model…")
    ui.settle()
    found = open_dialog()
    assert found is not None
    assert "No model is here yet." in words_of(found)


def test_a_question_without_a_model_leads_to_one(ui: OpenWindow, tmp_path: Path) -> None:
    ui.app.models.unregister_model(SMALL_MODEL)
    ui.settle()
    QTest.keyClicks(ui.window.view.composer.text_edit, "When?")
    QTest.keyClick(ui.window.view.composer.text_edit, Qt.Key.Key_Return)
    ui.settle()
    (notice,) = ui.notices.all_notices()
    assert notice.problem.code == ErrorCode.NO_MODEL
    ui.notices.run_action(notice.key)
    ui.settle()
    assert isinstance(open_dialog(), ModelsPage)
    QTest.keyClick(ui.window, Qt.Key.Key_Escape)
    QTest.keyClick(ui.window.view.composer.text_edit, Qt.Key.Key_Return)
    ui.settle()
    assert "No model is chosen." in words_of(ui.window.view)
    drop(ui.window, str(tiny_gguf().write(tmp_path / "tiny.gguf")))
    ui.settle()
    said = words_of(ui.window.view)
    assert "No model is chosen." not in said, "one is there"
    assert "It answers from now on." in said
    assert "Use it" not in said, "it is in use"
    assert ui.window.view.composer.draft == "When?"


def test_the_page_says_how_well_a_model_judges(ui: OpenWindow, models: ModelsPage) -> None:
    models.installed_tab.select_model(SMALL_MODEL)
    ui.settle()
    assert "not measured yet" in words_of(models)
    path = Path(ui.app.models.find_usable_model(SMALL_MODEL).path)
    cases = bundled_cases()
    outcomes = [case.outcome for kind in cases[:2] for case in kind]
    scores = tuple(2.0 if outcome else -2.0 for outcome in outcomes)
    ui.app.abilities.measurements.save_judging(
        gguf.fingerprint(path, gguf.read_header(path)),
        JudgedScores(cases=cases.key, scores=scores),
    )
    ui.window.controllers.models.refresh_models()
    ui.settle()
    assert "100 of 100 test cases judged rightly" in words_of(models)
