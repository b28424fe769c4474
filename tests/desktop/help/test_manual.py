"""Manual: its chapters in each language, the page with them, and the palette that finds them."""

import re
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QListView, QTextBrowser, QTreeWidget, QWidget

from core.base import i18n
from core.base.paths import resources_folder
from desktop.help.command_palette import CommandPalette
from desktop.help.manual.manual_chapters import manual_chapters, search_sections
from desktop.help.manual.manual_page import ManualPage
from tests.desktop.open_window import OpenWindow

Part = TypeVar("Part", bound=QWidget)
HELP = resources_folder() / "help"
LANGUAGES = sorted(folder.name for folder in HELP.iterdir())


def trigger(ui: OpenWindow, action_id: str) -> None:
    ui.window.registry.action_by_id(action_id).trigger()


def part(parent: QWidget, kind: type[Part]) -> Part:
    found = parent.findChild(kind)
    assert isinstance(found, kind)
    return found


def headings(path: Path) -> list[int]:
    return [len(marks) for marks in re.findall(r"^(#+) ", path.read_text("utf-8"), re.MULTILINE)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_has_the_sections_of_the_english_chapter(language: str) -> None:
    for path in (HELP / language).glob("*.md"):
        assert headings(path) == headings(HELP / "en" / path.name), path.name


def code_words(path: Path) -> set[str]:
    text = path.read_text("utf-8")
    blocks = re.findall(r"^```.*?^```", text, re.MULTILINE | re.DOTALL)
    for block in blocks:
        text = text.replace(block, "")
    return {*blocks, *re.findall(r"`([^`]+)`", text)}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("chapter", ["09-data-folder.md", "10-network.md"])
def test_a_translation_names_the_same_files_commands_and_addresses(
    language: str, chapter: str
) -> None:
    assert code_words(HELP / language / chapter) == code_words(HELP / "en" / chapter)


def test_each_language_of_the_window_has_the_chapters_for_everyone() -> None:
    assert set(LANGUAGES) == set(i18n.available_languages())
    wanted = {path.name for path in (HELP / "de").glob("*.md")}
    assert len(wanted) >= 9
    for language in LANGUAGES:
        assert wanted <= {path.name for path in (HELP / language).glob("*.md")}, language


def test_sections_are_found_by_all_words_headings_first() -> None:
    chapters = manual_chapters()
    found = search_sections(chapters, "level model")
    assert found[0].heading == "Models and levels"
    assert any(section.heading == "What a level is" for section in found)
    assert search_sections(chapters, "") == ()
    assert search_sections(chapters, "xylophone") == ()


def test_the_page_shows_what_is_chosen(ui: OpenWindow) -> None:
    trigger(ui, "help.manual")
    page = ui.window.findChild(ManualPage)
    assert page is not None
    line, tree, text = part(page, QLineEdit), part(page, QTreeWidget), part(page, QTextBrowser)
    assert "First steps" in text.toPlainText()
    QTest.keyClicks(line, "erase everything")
    first = tree.topLevelItem(0)
    assert first is not None
    assert first.text(0) == "Erase everything · Privacy"
    assert "There is no account" in text.toPlainText()
    assert text.textCursor().block().text() == "Erase everything"
    marked = {each.cursor.selectedText().lower() for each in text.extraSelections()}
    assert marked == {"erase", "everything"}
    line.clear()
    assert not text.extraSelections()


def test_most_of_a_narrow_page_is_text(ui: OpenWindow) -> None:
    ui.window.resize(700, 780)
    trigger(ui, "help.manual")
    ui.settle()
    page = ui.window.findChild(ManualPage)
    assert page is not None
    assert part(page, QTextBrowser).width() > page.width() // 2


def test_the_palette_opens_a_section(ui: OpenWindow) -> None:
    trigger(ui, "help.palette")
    palette = ui.window.findChild(CommandPalette)
    assert palette is not None
    shown = part(palette, QListView)
    assert not any(
        "Manual:" in str(shown.model().index(row, 0).data())
        for row in range(shown.model().rowCount())
    )
    line = part(palette, QLineEdit)
    QTest.keyClicks(line, "quantization level says how")
    QTest.keyClick(line, Qt.Key.Key_Return)
    page = ui.window.findChild(ManualPage)
    assert page is not None
    assert part(page, QTextBrowser).textCursor().block().text() == "What a level is"
