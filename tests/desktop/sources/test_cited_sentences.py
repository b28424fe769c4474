"""The sentence that answers: in popups, beside the chat, on pages and in tables."""

import pytest
from msgspec import structs
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QColor, QTextTable
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QSplitter

from core.base.settings.window_settings import SCHEME, VIEWER_WIDTH
from core.chat.conversations.conversation import (
    Citation,
    Conversation,
    JudgedSentence,
    SentenceVerdict,
    Turn,
)
from core.messages import Document, DocumentPage, LoadDocument, RenderPage, TextBox
from desktop.chat.markdown.citation_marks import (
    CITATION_MARK,
    CitationMark,
    insert_citation_marks,
)
from desktop.kit.reading_column import MARGIN
from desktop.sources.cards.source_card import SourceCard
from tests.desktop.open_window import OpenWindow
from tests.desktop.seen import words_of
from tests.desktop.values import LINE, answer, folder, question, source
from tests.desktop.viewing import draw

LEASE = "Pets are welcome. The rent is 740 euros. Notice takes three months. Bring a chair."
TABLE = (
    "Bed | Plant | Water\nNorth | Beans | Friday\nSouth | Tomatoes | daily\nWest | Leeks | never"
)
TEXT = "It costs 740. Notice takes long. Pets are forbidden. Tomatoes want water."
RENT, NOTICE, PETS, ROW = (
    "The rent is 740 euros.",
    "Notice takes three months.",
    "Pets are welcome.",
    "South | Tomatoes | daily",
)


def _span(text: str, part: str) -> tuple[int, int]:
    start = text.index(part)
    return start, start + len(part)


def _citation(n: int, end_of: str, text: str, sentence: str) -> Citation:
    start, end = _span(TEXT, end_of)
    first, last = _span(text, sentence)
    return Citation(n=n, start=start, end=end, source_start=first, source_end=last)


def _mark(end_of: str, n: int = 1, *, is_contrary: bool = False) -> CitationMark:
    return CitationMark(n, _span(TEXT, end_of)[1], is_contrary=is_contrary)


def _answer() -> Turn:
    """Return an answer that cites two sentences of a PDF and a row of a table."""
    start, end = _span(TEXT, "Pets are forbidden.")
    first, last = _span(LEASE, PETS)
    sources = (
        source(1, LEASE, file="lease.pdf", page=1),
        source(2, TABLE, file="garden.csv", page=None),
    )
    return structs.replace(
        answer("a", TEXT, sources=sources),
        parent_id="q",
        citations=(
            _citation(1, "It costs 740.", LEASE, RENT),
            _citation(1, "Notice takes long.", LEASE, NOTICE),
            _citation(2, "Tomatoes want water.", TABLE, ROW),
        ),
        sentences=(
            JudgedSentence(
                start=start,
                end=end,
                verdict=SentenceVerdict.CONTRADICTED,
                n=1,
                source_start=first,
                source_end=last,
            ),
        ),
    )


def _open_chat(ui: OpenWindow) -> None:
    """Open a chat with the answer."""
    chat = Conversation(
        chat_id="c",
        title="Home",
        created=1.0,
        updated=1.0,
        turns={"q": question("q", "What?"), "a": _answer()},
        leaf_id="a",
        folder_ids=("folder-1",),
    )
    ui.backend.folder_seen(folder())
    ui.app.chats.import_conversations((chat,))
    ui.window.controllers.chat.open_chat("c")
    ui.settle()


def _hover(ui: OpenWindow, mark: CitationMark) -> str:
    """Come to a mark; return what its popup says."""
    popup = ui.window.controllers.sources.citation_popup
    popup.dismiss()
    ui.window.view.transcript.mark_hovered.emit("a", mark, QRect(200, 200, 20, 12))
    ui.bot.waitUntil(popup.isVisible)
    return words_of(popup)


def _click(ui: OpenWindow, mark: CitationMark) -> None:
    ui.window.view.transcript.citation_clicked.emit("a", mark)
    ui.settle()


def _read_table(ui: OpenWindow, text: str = TABLE, file: str = "garden.csv") -> None:
    request_id = ui.backend.library.waiting_for(LoadDocument)[-1].request_id
    page = DocumentPage(number=None, heading="", text=text, line=1)
    ui.backend.library_answers(Document, request_id=request_id, file=file, path="", pages=(page,))
    ui.settle()


def test_a_popup_shows_the_sentence_of_its_own_mark(ui: OpenWindow) -> None:
    _open_chat(ui)
    rent = _hover(ui, _mark("It costs 740."))
    assert f"<b>{RENT}</b>" in rent
    assert f"<b>{NOTICE}</b>" not in rent
    assert f"<b>{NOTICE}</b>" in _hover(ui, _mark("Notice takes long."))
    assert "something else" not in words_of(ui.window.controllers.sources.citation_popup)


def test_cards_take_the_colours_of_another_scheme(ui: OpenWindow) -> None:
    _open_chat(ui)
    (first, *_others) = ui.window.sources.findChildren(SourceCard)
    before = ui.theme.colours.muted
    ui.backend.settings.set_value(SCHEME, "dark")
    ui.theme.apply_settings()
    assert ui.theme.colours.muted != before
    assert ui.theme.colours.muted in first.passage.text()
    assert before not in first.passage.text()


def test_the_mark_of_a_contradiction_says_so_with_the_words_of_the_source(ui: OpenWindow) -> None:
    _open_chat(ui)
    shown = _hover(ui, _mark("Pets are forbidden.", is_contrary=True))
    assert "≠ The source says something else:" in shown
    assert f"<b>{PETS}</b>" in shown


def test_a_page_marks_the_sentence_strongly_and_its_passage_faintly(ui: OpenWindow) -> None:
    _open_chat(ui)
    _click(ui, _mark("Notice takes long."))
    request = ui.backend.last_sent(RenderPage)
    assert (request.text, request.sentences) == (LEASE, (NOTICE,))
    whole = TextBox(left=0.1, top=0.5, right=0.9, bottom=0.56)
    draw(ui, 1, boxes=(whole,), sentence_boxes=(LINE,), pages=1)
    pages = ui.window.sources.viewer.pages_view
    assert len(pages.store.marks[1]) == len(pages.store.sentences[1]) == 1
    picture = pages.viewport().grab().toImage()
    rect = pages.page_layout.page_rect(1)
    top = pages.verticalScrollBar().value()
    colours = [
        picture.pixelColor(
            rect.left() + round(0.3 * rect.width()), rect.top() + round(y * rect.height()) - top
        )
        for y in (0.4, 0.55, 0.51)
    ]
    assert colours[0] == QColor("white")
    assert colours[0].blue() > colours[1].blue() > colours[2].blue()


def test_an_open_document_follows_the_mark_that_is_looked_at(ui: OpenWindow) -> None:
    _open_chat(ui)
    _hover(ui, _mark("Tomatoes want water.", 2))
    assert ui.window.sources.viewer.isHidden()
    _click(ui, _mark("It costs 740."))
    draw(ui, 1, pages=1)
    _hover(ui, _mark("Tomatoes want water.", 2))
    viewer = ui.window.sources.viewer
    assert viewer.source is not None
    assert viewer.source.file == "garden.csv"
    asked = len(ui.backend.library.all_sent(LoadDocument))
    _read_table(ui)
    _hover(ui, _mark("Tomatoes want water.", 2))
    assert len(ui.backend.library.all_sent(LoadDocument)) == asked, "it was there already"


def test_a_document_takes_half_of_the_window_and_the_width_that_was_chosen_last(
    ui: OpenWindow,
) -> None:
    ui.window.resize(1500, 800)
    _open_chat(ui)
    panel, splitter = ui.window.sources, ui.window.splitter
    cards = panel.width()
    left = ui.window.sidebar.width()
    _click(ui, _mark("It costs 740."))
    assert abs(panel.width() - splitter.width() / 2) < 4
    assert ui.window.sidebar.width() == left
    ui.window.resize(1600, 800)
    ui.settle()
    assert abs(panel.width() - splitter.width() / 2) < 4
    _drag(splitter, -80)
    assert abs(panel.width() - splitter.width() / 2 - 80) < 6
    chosen = panel.width()
    panel.close_viewer()
    ui.settle()
    assert abs(panel.width() - cards) < 4
    _click(ui, _mark("It costs 740."))
    assert abs(panel.width() - chosen) < 4
    share, _cards = str(ui.app.settings.get_value(VIEWER_WIDTH)).split()
    assert abs(int(share) - 1000 * chosen / splitter.width()) < 3


def _drag(splitter: QSplitter, way: int) -> None:
    handle = splitter.handle(2)
    start = handle.rect().center()
    QTest.mousePress(handle, Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(handle, start + QPoint(way, 0))
    QTest.mouseRelease(handle, Qt.MouseButton.LeftButton, pos=start)
    QApplication.processEvents()


def test_beside_a_document_cards_take_the_margins_of_the_chat(ui: OpenWindow) -> None:
    ui.window.resize(1200, 800)
    _open_chat(ui)
    _click(ui, _mark("It costs 740."))
    ui.settle()
    transcript = ui.window.view.transcript
    (first, *_others) = transcript.built_cards
    assert transcript.viewport().width() - first.width() < 2 * MARGIN


@pytest.mark.parametrize("repeated", [False, True])
def test_a_table_keeps_its_grid_and_its_row_is_marked(ui: OpenWindow, *, repeated: bool) -> None:
    _open_chat(ui)
    _click(ui, _mark("Tomatoes want water.", 2))
    head, *rows = TABLE.split("\n")
    many = [f"Bed {n} | Plant {n} | weekly" for n in range(2000)] if repeated else []
    _read_table(ui, "\n".join([head, *many, *rows]))
    view = ui.window.sources.viewer.text_view
    table = view.document().rootFrame().childFrames()[0]
    assert isinstance(table, QTextTable)
    assert table.columns() == 3
    assert table.rows() == (800 + 1 if repeated else 4)
    assert [_cell(table, 0, column) for column in range(3)] == ["Bed", "Plant", "Water"]
    row = next(n for n in range(table.rows()) if _cell(table, n, 0) == "South")
    strong = table.cellAt(row, 1).format().background().color()
    faint = table.cellAt(row - 1, 1).format().background().color()
    assert strong == QColor(ui.theme.colours.mark)
    assert faint == QColor(ui.theme.colours.info_soft)
    assert not many or table.cellAt(3, 1).format().background().style() is Qt.BrushStyle.NoBrush
    assert view.textCursor().block().text() == "South"
    assert view.mark_matches("tomatoes") == 1


def _cell(table: QTextTable, row: int, column: int) -> str:
    return table.cellAt(row, column).firstCursorPosition().block().text()


def test_two_amounts_of_dollars_are_no_formula_for_a_mark() -> None:
    text = "Small ones cost $10.85. Large ones cost at least $40 a month."
    first = text.index(" Large")
    marked = insert_citation_marks(text, [Citation(n=1, start=0, end=first)], ())
    assert CITATION_MARK.sub("|", marked) == text[:first] + "|" + text[first:]
    formula = "It is $a. b$ then."
    inside = formula.index(" b")
    marked = insert_citation_marks(formula, [Citation(n=1, start=0, end=inside)], ())
    assert CITATION_MARK.sub("|", marked) == "It is $a. b$| then."
