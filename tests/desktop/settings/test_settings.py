"""Settings dialog: every declared setting is shown, saved at once, found, and reset."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QLineEdit, QScrollArea, QSpinBox

from core.base.errors import ErrorCode, StorageError
from core.base.settings import app_settings as declared
from core.base.settings.setting import Scalar, Setting, SettingEffect, SettingSection
from core.base.settings.window_settings import SCHEME, TEXT_SIZE, TRAY
from desktop.kit.confirm_dialog import ConfirmDialog
from desktop.kit.theme_colours import DARK
from desktop.settings.setting_row import SettingRow
from desktop.settings.settings_page import SettingsPage
from tests.desktop.open_window import OpenWindow
from tests.desktop.seen import control, dialog, words_of

SHOWN = [
    setting for setting in declared.ALL_SETTINGS if setting.section is not SettingSection.HIDDEN
]


@pytest.fixture
def page(ui: OpenWindow) -> SettingsPage:
    QTest.keyClick(ui.window, Qt.Key.Key_Comma, Qt.KeyboardModifier.ControlModifier)
    ui.settle()
    shown = dialog()
    assert isinstance(shown, SettingsPage)
    ui.bot.waitUntil(lambda: len(shown.findChildren(SettingRow)) == len(SHOWN))
    ui.settle()
    return shown


def row(page: SettingsPage, setting: Setting[Scalar]) -> SettingRow:
    return next(each for each in page.rows if each.setting is setting)


def test_every_declared_setting_is_there_with_its_help(page: SettingsPage) -> None:
    assert {each.setting.key for each in page.rows} == {setting.key for setting in SHOWN}
    shown_text = words_of(page)
    assert all(setting.help in shown_text for setting in SHOWN)


def test_every_setting_belongs_somewhere() -> None:
    assert not [setting.key for setting in SHOWN if setting.section is SettingSection.OTHER]


def test_a_choice_is_kept_and_felt_at_once(ui: OpenWindow, page: SettingsPage) -> None:
    box = row(page, SCHEME).editor.control
    assert isinstance(box, QComboBox)
    box.setCurrentIndex(box.findData("dark"))
    assert ui.backend.settings.get_value(SCHEME) == "dark"
    assert ui.theme.colours is DARK
    row(page, SCHEME).reset_button.click()
    assert ui.backend.settings.get_value(SCHEME) == "system"
    assert not row(page, SCHEME).reset_button.isVisible()
    assert box.currentData() == "system"


def test_what_a_command_sets_takes_effect_in_the_open_window(
    ui: OpenWindow, page: SettingsPage
) -> None:
    changed: list[Setting[Scalar]] = []
    ui.window.preferences.changed.connect(changed.append)
    ui.app.change_setting(SCHEME, "dark")
    assert ui.theme.colours is DARK
    box = row(page, SCHEME).editor.control
    assert isinstance(box, QComboBox)
    assert box.currentData() == "dark"
    ui.app.change_setting(TRAY, not TRAY.default)
    assert changed == [SCHEME, TRAY]


def test_in_a_narrow_window_a_value_stands_below_its_words(
    ui: OpenWindow, page: SettingsPage
) -> None:
    shown = row(page, SCHEME)
    words = shown.findChildren(QLabel)[1]
    assert words.geometry().right() < shown.editor.x()
    ui.window.resize(700, 780)
    ui.settle()
    assert words.geometry().bottom() < shown.editor.y()
    assert words.width() > 24 * words.fontMetrics().averageCharWidth()


def test_a_number_is_kept_when_it_is_whole(ui: OpenWindow, page: SettingsPage) -> None:
    box = row(page, declared.CONTEXT).editor.control
    assert isinstance(box, QSpinBox)
    assert box.text() == "What fits"
    box.setFocus()
    box.selectAll()
    QTest.keyClicks(box, "4096")
    assert ui.backend.settings.get_value(declared.CONTEXT) == 0
    QTest.keyClick(box, Qt.Key.Key_Return)
    assert ui.backend.settings.get_value(declared.CONTEXT) == 4096


def test_a_switch_is_turned_with_the_space_bar(ui: OpenWindow, page: SettingsPage) -> None:
    box = row(page, TRAY).editor.control
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Space)
    assert ui.backend.settings.get_value(TRAY) is True
    row(page, TRAY).reset_button.click()


def test_a_text_is_kept_when_one_leaves_it(ui: OpenWindow, page: SettingsPage) -> None:
    line = row(page, declared.INDEX_SERVER).editor.control
    assert isinstance(line, QLineEdit)
    line.setFocus()
    QTest.keyClicks(line, " http://localhost:8000 ")
    assert ui.backend.settings.get_value(declared.INDEX_SERVER) == ""
    page.line.setFocus()
    assert ui.backend.settings.get_value(declared.INDEX_SERVER) == ""
    question = page.findChild(ConfirmDialog)
    assert isinstance(question, ConfirmDialog)
    assert "127.0.0.1:8000" in words_of(question)
    question.confirm_button.click()
    assert ui.backend.settings.get_value(declared.INDEX_SERVER) == "http://localhost:8000"


def test_an_index_server_is_not_kept_without_a_yes(ui: OpenWindow, page: SettingsPage) -> None:
    line = row(page, declared.INDEX_SERVER).editor.control
    assert isinstance(line, QLineEdit)
    line.setFocus()
    QTest.keyClicks(line, "http://localhost:8000")
    QTest.keyClick(line, Qt.Key.Key_Return)
    question = page.findChild(ConfirmDialog)
    assert isinstance(question, ConfirmDialog)
    question.cancel_button.click()
    assert (line.text(), ui.backend.settings.get_value(declared.INDEX_SERVER)) == ("", "")


def test_it_is_said_when_a_change_is_felt(page: SettingsPage) -> None:
    assert SettingEffect.NEXT_START.value not in words_of(page)
    line = row(page, declared.RERANKER).editor.control
    line.setFocus()
    QTest.keyClicks(line, "/models/reranker")
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert SettingEffect.NEXT_START.value in words_of(page)


def test_settings_are_found_by_label_help_and_key(page: SettingsPage) -> None:
    for words, wanted in (("appear", SCHEME), ("twice large", TEXT_SIZE), ("text_size", TEXT_SIZE)):
        page.line.setText(words)
        shown = [each.setting for each in page.rows if not each.isHidden()]
        assert wanted in shown
        assert len(shown) < len(SHOWN) / 2
    page.line.setText("nothing of the kind")
    assert "No setting fits these words." in words_of(page)
    page.line.clear()
    assert not [each for each in page.rows if each.isHidden()]


def test_a_disk_that_refuses_is_told_and_nothing_pretends(
    ui: OpenWindow, page: SettingsPage
) -> None:
    def refuse(*_arguments: object) -> None:
        raise StorageError(ErrorCode.ROOT_UNWRITABLE, path="/root", detail="full")

    ui.backend.settings.set_value = refuse  # type: ignore[assignment, method-assign]
    box = row(page, TRAY).editor.control
    QTest.keyClick(box, Qt.Key.Key_Space)
    ui.settle()
    assert control(page, TRAY.label).property("checked") is False
    assert "full" in words_of(ui.window.pages)


def test_the_wheel_scrolls_the_page_and_changes_no_value(
    ui: OpenWindow, page: SettingsPage
) -> None:
    box = row(page, TEXT_SIZE).editor.control
    middle = QPointF(box.rect().center())
    turn = QWheelEvent(
        middle, box.mapToGlobal(middle), QPoint(), QPoint(0, -120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(box, turn)
    assert ui.backend.settings.get_value(TEXT_SIZE) == 100


def test_a_model_is_chosen_where_models_are_chosen(ui: OpenWindow, page: SettingsPage) -> None:
    box = row(page, declared.MODEL).editor.control
    assert isinstance(box, QComboBox)
    box.setCurrentIndex(0)
    box.setCurrentIndex(1)
    (model,) = ui.app.registry.list_models()
    assert ui.backend.settings.get_value(declared.MODEL) == model.path


def test_the_keyboard_alone_gets_through_the_page(page: SettingsPage) -> None:
    page.line.setFocus()
    seen = set()
    for _ in range(4 * len(page.rows)):
        focused = QApplication.focusWidget()
        assert focused is not None
        seen.add(focused.accessibleName())
        QTest.keyClick(focused, Qt.Key.Key_Tab)
    assert {setting.label for setting in SHOWN} <= seen


def test_a_narrow_window_cuts_no_editor(ui: OpenWindow, page: SettingsPage) -> None:
    page.setStyleSheet("* { font-size: 10px; }")  # letters as narrow as those of some scripts
    area = page.findChild(QScrollArea)
    assert area is not None
    inside = area.widget()
    assert inside is not None
    for width in range(760, 1060, 20):
        ui.window.resize(width, 600)
        ui.settle()
        assert inside.width() <= area.viewport().width(), width
