"""Languages: German texts, Arabic from right to left, the setting at the start."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from PySide6.QtCore import QLocale, Qt, QTime
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from core.base import i18n
from core.base.settings.app_settings import Settings
from core.base.settings.window_settings import LANGUAGE
from desktop import __main__ as program
from desktop.kit import ui_language
from desktop.kit.locale_formatting import format_count, format_moment
from desktop.kit.notices import NoticeCenter
from desktop.kit.theme import Theme
from desktop.kit.thread_bridge import ThreadBridge
from desktop.window.main_window import MainWindow
from tests.desktop.scripted_backend import ScriptedBackend
from tests.desktop.seen import control


@pytest.fixture
def english_afterwards(qapp: QApplication) -> Iterator[None]:
    """Whatever is spoken in a test, English is afterwards, from the left."""
    before = QLocale()
    yield
    i18n.use_language("en")
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    QLocale.setDefault(before)


@pytest.fixture
def window(
    request: pytest.FixtureRequest,
    english_afterwards: None,
    qapp: QApplication,
    backend: ScriptedBackend,
) -> Iterator[MainWindow]:
    """A window in the language that is the parameter."""
    i18n.use_language(request.param)
    ui_language.apply_language(qapp)
    theme, notices, bridge = Theme(qapp, backend.settings), NoticeCenter(qapp), ThreadBridge()
    made = MainWindow.with_content(backend.app, theme, notices, bridge)
    made.show()
    made.load_initial_content()
    made.start_child_processes()
    yield made
    made.close()
    for thing in (made, theme, notices, bridge):
        thing.deleteLater()


@pytest.mark.parametrize("window", ["de"], indirect=True)
def test_the_window_speaks_german(window: MainWindow) -> None:
    control(window, "Ihre Frage")
    titles = [action.text() for action in window.menuBar().actions()]
    assert titles == ["&Datei", "&Bearbeiten", "&Ansicht", "&Chat", "&Modelle", "&Hilfe"]
    assert QLocale().decimalPoint() == ","


def test_a_system_that_says_nothing_gets_dates_that_can_be_read(
    english_afterwards: None, qapp: QApplication
) -> None:
    QLocale.setDefault(QLocale.c())
    ui_language.apply_language(qapp)
    noon = datetime(2023, 11, 14, 12, tzinfo=UTC)
    assert format_moment(noon.timestamp(), date(2026, 1, 1)) == "14/11/2023"
    assert format_count(1234567) == "1,234,567"
    assert QLocale().toString(QTime(14, 32), QLocale.FormatType.ShortFormat) == "14:32"


@pytest.mark.parametrize("window", ["fr"], indirect=True)
def test_the_window_speaks_french(window: MainWindow) -> None:
    control(window, "Votre question")
    titles = [action.text() for action in window.menuBar().actions()]
    assert titles == ["&Fichier", "Éd&ition", "&Affichage", "&Discussion", "&Modèles", "Aid&e"]


@pytest.mark.parametrize("window", ["ar"], indirect=True)
def test_arabic_is_laid_out_from_the_right(window: MainWindow) -> None:
    assert window.layoutDirection() is Qt.LayoutDirection.RightToLeft
    assert window.sidebar.geometry().left() > window.view.geometry().left()
    button = control(window, "محادثة جديدة")
    assert isinstance(button, QPushButton)
    assert button.isVisible()
    assert any("كل شيء" in label.text() for label in window.findChildren(QLabel))


@pytest.mark.parametrize("window", ["de", "ar"], indirect=True)
def test_an_icon_keeps_its_distance_from_the_words(window: MainWindow, qapp: QApplication) -> None:
    button = window.sidebar.new_button
    size = button.iconSize()
    picture = button.icon().pixmap(size, 1.0).toImage()
    wide, high = size.width(), size.height()
    free = {
        x for x in range(wide) if not any(picture.pixelColor(x, y).alpha() for y in range(high))
    }
    gap = range(wide - high) if qapp.isRightToLeft() else range(high, wide)
    assert len(gap) > 0
    assert set(gap) <= free


@pytest.mark.parametrize("code", ["de", "ar", "fr"])
def test_a_translation_fills_the_gaps_of_its_sentences(code: str) -> None:
    path = i18n.LOCALE_DIR / code / "LC_MESSAGES" / "inglenook.po"
    with path.open("rb") as file:
        catalog = read_po(file, abort_invalid=True)
    translated = [message for message in catalog if message.id and all(message.string or ("",))]
    assert len(translated) > 150
    assert not [message.id for message in translated for _error in message.check(catalog)]


def test_every_language_has_a_name_of_its_own() -> None:
    names = [ui_language.native_language_name(code) for code in i18n.available_languages()]
    assert names == ["English", "العربية", "Deutsch", "Français"]


def test_the_setting_is_spoken_unless_the_environment_says_otherwise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Settings(tmp_path / "settings.json").set_value(LANGUAGE, "de")
    monkeypatch.delenv(i18n.LANGUAGE_VARIABLE, raising=False)
    assert program._language(str(tmp_path)) == "de"
    assert program._language(str(tmp_path / "new")) is None
    monkeypatch.setenv(i18n.LANGUAGE_VARIABLE, "ar")
    assert program._language(str(tmp_path)) is None
