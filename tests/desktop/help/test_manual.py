"""Manual: its chapters in each language, the page with them, and the palette that finds them."""

import re
from collections import defaultdict
from pathlib import Path
from typing import TypeVar

import pytest
from babel.messages.pofile import read_po
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QListView, QTextBrowser, QTreeWidget, QWidget

from core.base import i18n
from core.base.paths import resources_folder
from core.base.settings.window_settings import TEXT_SIZE
from desktop.help.command_palette import CommandPalette
from desktop.help.manual.manual_chapters import (
    folded_words,
    manual_chapters,
    search_sections,
    word_spans,
)
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
    text = re.sub(r"^```.*?^```", "", path.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    return [len(marks) for marks in re.findall(r"^(#+) ", text, re.MULTILINE)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_has_the_sections_of_the_english_chapter(language: str) -> None:
    for path in (HELP / language).glob("*.md"):
        assert headings(path) == headings(HELP / "en" / path.name), path.name


def code_blocks(path: Path) -> list[str]:
    """Return the code of a chapter without its lines of remarks, which are translated."""
    found = re.findall(r"^```.*?^```", path.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    return [re.sub(r"^ *# .*\n", "", block, flags=re.MULTILINE) for block in found]


def code_words(path: Path) -> set[str]:
    text = re.sub(r"^```.*?^```", "", path.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    return {" ".join(word.split()) for word in re.findall(r"`([^`]+)`", text)}


CHAPTERS = sorted(path.name for path in (HELP / "en").glob("*.md"))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_translation_names_the_same_commands_files_and_addresses(
    language: str, chapter: str
) -> None:
    translated, english = HELP / language / chapter, HELP / "en" / chapter
    assert code_blocks(translated) == code_blocks(english)
    assert code_words(translated) == code_words(english)


@pytest.mark.parametrize("language", sorted(set(LANGUAGES) - {"en"}))
def test_the_remarks_beside_code_are_translated(language: str) -> None:
    name = "08-command-line.md"
    remarks = [
        re.findall(r"(?:^ *# .*\n)+", text[text.index("```") :], re.MULTILINE)
        for each in ("en", language)
        if (text := (HELP / each / name).read_text("utf-8"))
    ]
    assert len(remarks[0]) == len(remarks[1]) > 40
    assert not [one for one, other in zip(*remarks, strict=True) if one == other]


@pytest.mark.parametrize("language", LANGUAGES)
def test_code_fits_the_page(language: str) -> None:
    for chapter in CHAPTERS:
        text = (HELP / language / chapter).read_text("utf-8")
        for block in re.findall(r"^```.*?^```", text, re.MULTILINE | re.DOTALL):
            assert max(map(len, block.splitlines())) <= 96, (chapter, block)


def test_each_language_of_the_window_has_every_chapter() -> None:
    assert set(LANGUAGES) == set(i18n.available_languages())
    assert len(CHAPTERS) >= 10
    for language in LANGUAGES:
        assert sorted(path.name for path in (HELP / language).glob("*.md")) == CHAPTERS, language


@pytest.mark.parametrize(
    ("language", "typed", "heading"),
    [
        ("de", "verschlusselung", "Verschlüsselung"),
        ("de", "VERSCHLÜSSELUNG", "Verschlüsselung"),
        ("fr", "telecharger recente", "Ce qui peut joindre une autre machine"),
        ("ar", "تدريب محول", "تدريب محوّل"),
        ("ar", "تَدْرِيب مُحَوِّل", "تدريب محوّل"),
        ("ar", "اسأل مستنداتك", "اسأل مستنداتك"),
    ],
)
def test_accents_and_vowel_signs_may_be_left_out(language: str, typed: str, heading: str) -> None:
    with i18n.translating_into(language):
        chapters = manual_chapters()
    assert heading in [section.heading for section in search_sections(chapters, typed)]


def test_no_arabic_word_leans() -> None:
    """Common slanted fonts have no Arabic letters: boxes stand in their place."""
    leaning = re.compile(r"(?<!\*)\*(?![*\s])[^*\n`]*[\u0600-\u06ff][^*\n`]*\*(?!\*)")
    found = [leaning.findall(path.read_text("utf-8")) for path in (HELP / "ar").glob("*.md")]
    assert len(found) >= 10
    assert not any(found)


def test_a_heading_is_named_without_its_marks_of_code() -> None:
    found = [section.heading for chapter in manual_chapters() for section in chapter.sections]
    assert "What ask --json prints" in found
    assert not [heading for heading in found if "`" in heading]


def test_a_word_is_marked_as_it_is_written() -> None:
    text = "Die Größe, und مُحوِّل."
    spans = word_spans(text, folded_words("GROSSE محول"))
    assert [text[start:end] for start, end in spans] == ["Größe", "مُحوِّل"]


def test_sections_are_found_by_all_words_headings_first() -> None:
    chapters = manual_chapters()
    found = search_sections(chapters, "level model")
    assert found[0].heading == "Models and levels"
    assert any(section.heading == "What a level is" for section in found)
    assert search_sections(chapters, "") == ()
    assert search_sections(chapters, "xylophone") == ()


@pytest.mark.parametrize("text_size", [100, 200])
def test_no_title_of_the_contents_is_cut(ui: OpenWindow, text_size: int) -> None:
    ui.backend.settings.set_value(TEXT_SIZE, text_size)
    ui.theme.apply_settings()
    trigger(ui, "help.manual")
    ui.settle()
    contents = part(ui.window, QTreeWidget)
    contents.ensurePolished()
    QTest.qWait(50)
    several, item = 0, contents.topLevelItem(0)
    while item is not None:
        place = contents.visualItemRect(item)
        one_line = contents.fontMetrics().height()
        words = contents.fontMetrics().horizontalAdvance(item.text(0))
        lines = place.height() // one_line
        several += lines > 1
        padding = 2 * contents.fontMetrics().averageCharWidth()
        assert words <= lines * (place.width() - padding), item.text(0)
        item = contents.itemBelow(item)
    assert several, "the longest go on in a second line"
    assert not contents.horizontalScrollBar().isVisible()


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


@pytest.mark.parametrize("language", sorted(set(LANGUAGES) - {"en"}))
def test_a_name_of_the_window_is_the_one_that_the_window_shows(language: str) -> None:
    with i18n.translating_into(language):
        shown = defaultdict[str, set[str]](set)
        for word in window_words():
            shown[plain(word)].add(plain(i18n._(word)))
    wrong = []
    for chapter in CHAPTERS:
        english, translated = (bold(HELP / each / chapter) for each in ("en", language))
        assert len(english) == len(translated), chapter
        wrong += [
            (chapter, word, other)
            for word, other in zip(english, translated, strict=True)
            if word in shown and other not in shown[word]
        ]
    assert not wrong


def plain(word: str) -> str:
    """Return a word without its access letter and the dots of one that opens a dialog."""
    return word.replace("&", "").rstrip("…")


def window_words() -> set[str]:
    """Return the sentences of the template."""
    with (resources_folder() / "locale" / "inglenook.pot").open("rb") as file:
        return {message.id for message in read_po(file) if isinstance(message.id, str)} - {""}


def bold(path: Path) -> list[str]:
    """Return the words in bold, cut at commas, which lead from one to the next."""
    found = re.findall(r"\*\*([^*]+)\*\*", path.read_text("utf-8"))
    return [part for each in found for part in re.split(r"[,،] | > ", " ".join(each.split()))]


def test_a_dash_of_code_stands_in_front_of_it_from_right_to_left(ui: OpenWindow) -> None:
    page = ManualPage(ui.theme, ui.window)
    text = part(page, QTextBrowser)
    page.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    chapter = next(each for each in manual_chapters() if each.name == "08-command-line")
    page.show_section(chapter.sections[0])
    assert "\u200e--json\u200e" in text.toPlainText()
