"""The page of settings is there at once; what is further down follows."""

from PySide6.QtTest import QTest

from core.base.settings import app_settings as declared
from core.base.settings.setting import SettingSection
from desktop.settings.setting_row import SettingRow
from desktop.settings.settings_page import SettingsPage
from tests.desktop.open_window import OpenWindow
from tests.desktop.seen import dialog

SHOWN = [each for each in declared.ALL_SETTINGS if each.section is not SettingSection.HIDDEN]


def opened(ui: OpenWindow) -> SettingsPage:
    ui.window.registry.action_by_id("file.settings").trigger()
    page = dialog()
    assert isinstance(page, SettingsPage)
    return page


def test_the_first_section_alone_is_waited_for_and_the_others_follow(ui: OpenWindow) -> None:
    page = opened(ui)
    first = page.findChildren(SettingRow)
    assert first
    assert len({row.setting.section for row in first}) == 1
    assert page.sections.count() == len({each.section for each in SHOWN})
    ui.bot.waitUntil(lambda: len(page.findChildren(SettingRow)) == len(SHOWN))
    assert {row.setting.key for row in page.rows} == {each.key for each in SHOWN}


def test_a_search_at_once_finds_what_is_far_down(ui: OpenWindow) -> None:
    page = opened(ui)
    last = SHOWN[-1]
    QTest.keyClicks(page.line, last.key)
    found = [row.setting.key for row in page.findChildren(SettingRow) if not row.isHidden()]
    assert last.key in found
    assert len(found) < len(SHOWN)


def test_a_section_chosen_at_once_is_scrolled_to(ui: OpenWindow) -> None:
    page = opened(ui)
    page.sections.setCurrentRow(page.sections.count() - 1)
    section = page.rows[-1].setting.section
    first = next(row for row in page.rows if row.setting.section is section)
    ui.bot.waitUntil(lambda: not first.visibleRegion().isEmpty())
