"""Small sentences that were wrong or missing: sources, statistics, a server, F5 without folders."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from core.messages import SearchDone, SearchFolders
from desktop.kit.buttons_and_labels import ElidedLabel
from tests.desktop.open_window import OpenWindow
from tests.desktop.seen import words_of
from tests.desktop.values import folder, hit

LINE = "4.0 tokens/s · first after 0.90 s · context 1 %"


def test_a_line_of_figures_leaves_out_whole_parts(qtbot: QtBot) -> None:
    label = ElidedLabel(LINE, separator=" · ")
    qtbot.addWidget(label)
    width = label.fontMetrics().horizontalAdvance
    label.resize(width(LINE) + 1, 20)
    assert label.shown_text == LINE
    label.resize(width(LINE) - 1, 20)
    assert label.shown_text == "4.0 tokens/s · first after 0.90 s"
    label.resize(width("4.0 tokens/s") + 1, 20)
    assert label.shown_text == "4.0 tokens/s"
    label.resize(width("4.0"), 20)
    assert label.shown_text.endswith("…"), "not even one part fits"


def test_sources_are_those_of_the_answer_before_until_the_next_one_has_its_own(
    ui: OpenWindow,
) -> None:
    ui.backend.folder_seen(folder())
    ui.tick("folder-1")
    ui.backend.found(hit(1))
    ui.ask("How much is the rent?")
    ui.backend.answer_text("It is 900 euros [1].")
    assert ui.window.sources.title.text() == "Sources"
    ui.backend.answer_finished()
    ui.settle()
    ui.backend.library.held.add(SearchFolders)
    ui.ask("How much is the deposit?")
    assert ui.window.sources.isVisible()
    assert ui.window.sources.title.text() == "Sources of the answer before"
    ui.backend.library_answers(SearchDone, hits=(hit(1), hit(2)), seconds=0.1)
    ui.backend.answer_text("It is 1,800 euros [2].")
    assert ui.window.sources.title.text() == "Sources"


def test_a_server_that_answers_is_called_one(ui: OpenWindow) -> None:
    composer = ui.window.view.composer
    composer.show_model("box", on_server=True)
    assert "Your server answers by itself" in words_of(composer)
    composer.show_model("small")
    assert "The model answers by itself" in words_of(composer)


def test_a_chosen_server_reaches_the_composer(ui: OpenWindow) -> None:
    ui.app.servers.add_server("box", ["http://10.1.2.3:8000/v1"], "big-model")
    ui.app.servers.allow_server("box")
    ui.window.controllers.models.refresh_models()
    assert ui.window.controllers.models.choose_model("box")
    ui.settle()
    assert "Your server answers by itself" in words_of(ui.window.view.composer)


def test_comparing_folders_without_any_says_so(ui: OpenWindow) -> None:
    QTest.keyClick(ui.window, Qt.Key.Key_F5)
    ui.settle()
    (notice,) = ui.notices.all_notices()
    assert notice.problem.message == "There is no folder to compare with the disk."
    assert ui.notices.action_label(notice.key) == "Add a folder…"
