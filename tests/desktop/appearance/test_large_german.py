"""Large text in German, whose words are long: no page scrolls sideways, and no button is cut."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QWidget,
)

from core.base import i18n
from core.base.settings.window_settings import TEXT_SIZE
from desktop.kit import ui_language
from desktop.kit.layers.least_size_area import LeastSizeArea
from desktop.kit.layers.page import Page
from desktop.kit.notices import NoticeCenter
from desktop.kit.theme import Theme
from desktop.kit.thread_bridge import ThreadBridge
from desktop.window.main_window import MainWindow
from tests.desktop.scripted_backend import ScriptedBackend
from tests.desktop.seen import dialog
from tests.screens.states_asked import rated
from tests.screens.states_beside import programs_listening, tools_form, usage
from tests.screens.states_chats import export, prompts
from tests.screens.states_everywhere import (
    privacy_log,
    settings,
    welcome,
    welcome_folder,
    welcome_model,
)
from tests.screens.states_model_work import models_training
from tests.screens.states_servers import server_consent, server_dialog
from tests.screens.states_transcript import details

State = Callable[[ScriptedBackend, MainWindow], None]
PAGES = [
    prompts, usage, programs_listening, tools_form, welcome, welcome_model, welcome_folder,
    models_training, privacy_log, settings, server_dialog,
]  # fmt: skip


@pytest.fixture
def german(qapp: QApplication, backend: ScriptedBackend) -> Iterator[MainWindow]:
    """A German window whose text is twice as large."""
    before, font = QLocale(), qapp.font()
    i18n.use_language("de")
    ui_language.apply_language(qapp)
    backend.settings.set_value(TEXT_SIZE, 200)
    theme, notices, bridge = Theme(qapp, backend.settings), NoticeCenter(qapp), ThreadBridge()
    made = MainWindow.with_content(backend.app, theme, notices, bridge)
    made.resize(1100, 800)
    made.show()
    made.load_initial_content()
    made.start_child_processes()
    yield made
    made.close()
    backend.settings.set_value(TEXT_SIZE, 100)
    theme.apply_settings()
    for thing in (made, theme, notices, bridge):
        thing.deleteLater()
    i18n.use_language("en")
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    qapp.setFont(font)
    QLocale.setDefault(before)


def settle() -> None:
    for _each in range(8):
        QApplication.processEvents()


def area_of(page: QWidget) -> LeastSizeArea:
    viewport = page.parentWidget()
    assert viewport is not None
    area = viewport.parentWidget()
    assert isinstance(area, LeastSizeArea)
    return area


@pytest.mark.parametrize("state", PAGES)
def test_large_german_text_is_wider_than_no_page(
    german: MainWindow, backend: ScriptedBackend, state: State
) -> None:
    state(backend, german)
    settle()
    shown = dialog()
    areas = [each for each in shown.findChildren(QScrollArea) if each.isVisible()]
    if isinstance(shown, Page):
        areas.append(area_of(shown))
    wider = [inner.width() - each.viewport().width() for each in areas if (inner := each.widget())]
    assert wider
    assert max(wider) <= 0


@pytest.mark.parametrize("state", [*PAGES, server_consent, export, rated])
def test_large_german_text_cuts_no_button(
    german: MainWindow, backend: ScriptedBackend, state: State
) -> None:
    state(backend, german)
    settle()
    buttons = [each for each in dialog().findChildren(QPushButton) if each.isVisible()]
    assert [each.text() for each in buttons if each.width() < each.sizeHint().width()] == []
    cut = [each for each in buttons if each.visibleRegion().boundingRect().width() < each.width()]
    in_sight = [each.text() for each in cut if not each.visibleRegion().isEmpty()]
    assert in_sight == []


def test_the_consent_question_shows_all_lines_of_what_is_agreed_to(
    german: MainWindow, backend: ScriptedBackend
) -> None:
    server_consent(backend, german)
    settle()
    labels = [each for each in dialog().findChildren(QLabel) if each.isVisible()]
    assert len(labels) > 1
    assert [
        each.text() for each in labels if each.height() < each.heightForWidth(each.width())
    ] == []


def test_the_details_of_an_answer_are_as_large_as_other_text(
    german: MainWindow, backend: ScriptedBackend
) -> None:
    details(backend, german)
    settle()
    (text,) = [each for each in dialog().findChildren(QPlainTextEdit) if each.isVisible()]
    assert text.fontMetrics().height() > 0.8 * german.fontMetrics().height()
