"""Citation marks, the Sources panel, and the document behind a passage."""

from PySide6.QtCore import QPoint, Qt, QUrl
from PySide6.QtTest import QTest

from core.base.errors import ErrorCode, LibraryError
from core.messages import Document, DocumentPage, LoadDocument
from desktop.chat.cards.answer_card import AnswerCard
from desktop.chat.message.message_text import MessageText
from desktop.sources.cards.source_card import SourceCard
from desktop.sources.viewer.passage_finder import find_passage
from tests.desktop.open_window import OpenWindow
from tests.desktop.seen import open_dialog, words_of
from tests.desktop.values import answer, folder, hit, question, source

TEXT = "Every second Friday the long beds are watered. Roses want less."


def answer_with_sources(ui: OpenWindow) -> AnswerCard:
    ui.backend.folder_seen(folder())
    ui.tick("folder-1")
    ui.backend.found(hit(1), hit(2, "Roses want less water."))
    ui.ask("When?")
    ui.backend.answer_text(TEXT)
    ui.backend.answer_finished()
    ui.settle()
    return ui.window.view.transcript.findChildren(AnswerCard)[-1]


def mark_place(text: MessageText, mark: str) -> QPoint:
    """Return the place of a mark on the screen of its message."""
    found = text.document().find(mark)
    assert not found.isNull()
    found.setPosition(found.position() - 1)
    return text.cursorRect(found).center()


def click_mark(card: AnswerCard, mark: str) -> None:
    text = card.findChildren(MessageText)[0]
    QTest.mouseClick(
        text.viewport(),
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
        mark_place(text, mark),
    )


def test_marks_stand_behind_the_sentences_they_support(ui: OpenWindow) -> None:
    shown = answer_with_sources(ui).findChildren(MessageText)[0].toPlainText()
    flat = shown.replace("\u202f", " ")
    assert "are watered. [1] Roses want less. [2]" in " ".join(flat.split())


def test_the_panel_shows_number_file_place_and_passage(ui: OpenWindow) -> None:
    assert not ui.window.sources.isVisible()
    answer_with_sources(ui)
    assert ui.window.sources.isVisible()
    shown = words_of(ui.window.sources)
    for words in ("1", "duties 1.odt", "Page 2 · Watering", "Roses want less water."):
        assert words in shown


def test_a_click_on_a_mark_opens_the_document_at_the_passage(ui: OpenWindow) -> None:
    card = answer_with_sources(ui)
    click_mark(card, "[2]")
    ui.settle()
    asked = ui.backend.last_sent(LoadDocument)
    assert (asked.folder_id, asked.file) == ("folder-1", "garden/duties 2.odt")
    viewer = ui.window.sources.viewer
    assert viewer.isVisible()
    assert viewer.text_view.extraSelections()[0].cursor.selectedText() == "Roses want less water."
    pages = (
        DocumentPage(number=2, heading="", text="Roses  want less water. " * 3),
        DocumentPage(number=3, heading="Pruning 🌹", text="Cut.\nRoses want\nless water. More."),
    )
    ui.backend.library_answers(Document, file="", path="", pages=pages)
    ui.settle()
    selection = viewer.text_view.extraSelections()[0]
    assert selection.cursor.selectedText() == "Roses want\u2029less water."


def test_a_late_document_of_another_source_is_dropped(ui: OpenWindow) -> None:
    answer_with_sources(ui)
    ui.window.sources.choose_source(1)
    first = ui.backend.last_sent(LoadDocument).request_id
    ui.window.sources.choose_source(2)
    page = DocumentPage(number=None, heading="", text="the first one")
    ui.backend.library.deliver(Document(request_id=first, file="", path="", pages=(page,)))
    ui.backend.pump()
    assert "the first one" not in words_of(ui.window.sources)


def test_a_document_that_is_gone_leaves_the_kept_passage(ui: OpenWindow) -> None:
    answer_with_sources(ui)
    ui.window.sources.choose_source(1)
    ui.backend.library_fails(ErrorCode.FOLDER_GONE, path="/home/me/Home")
    ui.settle()
    shown = words_of(ui.window.sources)
    assert LibraryError(ErrorCode.FOLDER_GONE, path="/home/me/Home").message in shown
    assert source(1).text in shown
    assert not ui.notices.all_notices()


def test_a_file_that_was_deleted_since_is_not_called_one_to_be_read(ui: OpenWindow) -> None:
    answer_with_sources(ui)
    ui.window.sources.choose_source(1)
    ui.backend.library_fails(ErrorCode.FILE_UNKNOWN, file="Haus/Permit.md")
    ui.settle()
    shown = words_of(ui.window.sources)
    assert "This file is no longer in the library." in shown
    assert "Sync its folder" not in shown
    assert source(1).text in shown


def test_a_changed_document_says_that_the_passage_is_gone(ui: OpenWindow) -> None:
    answer_with_sources(ui)
    ui.window.sources.choose_source(1)
    page = DocumentPage(number=None, heading="", text="quite another text")
    ui.backend.library_answers(Document, file="", path="", pages=(page,))
    assert "no longer in the document" in words_of(ui.window.sources)


def test_sources_are_opened_from_the_keyboard(ui: OpenWindow) -> None:
    answer_with_sources(ui)
    card = ui.window.sources.findChildren(SourceCard)[0]
    card.setFocus()
    QTest.keyClick(card, Qt.Key.Key_Return)
    assert ui.window.sources.viewer.isVisible()
    QTest.keyClick(card, Qt.Key.Key_Escape)
    assert not ui.window.sources.viewer.isVisible()


def test_an_older_answer_brings_its_own_sources_back(ui: OpenWindow) -> None:
    card = answer_with_sources(ui)
    ui.backend.found(hit(1, "Mow it."))
    ui.ask("And the lawn?")
    ui.backend.answer_text("Mow it.")
    ui.backend.answer_finished()
    ui.settle()
    assert "Mow it." in words_of(ui.window.sources)
    click_mark(card, "[1]")
    ui.settle()
    assert "Mow it." not in words_of(ui.window.sources)
    assert "Roses want less water." in words_of(ui.window.sources)


def test_a_chat_without_sources_hides_the_panel(ui: OpenWindow) -> None:
    answer_with_sources(ui)
    ui.window.controllers.chat.open_new_chat()
    assert not ui.window.sources.isVisible()
    turns = (question("q", "When?"), answer("a", "Friday.", sources=(source(4),)))
    ui.window.controllers.chat.open_chat(ui.backend.put_chat("old", turns))
    assert "duties 4.odt" in words_of(ui.window.sources)


def test_a_link_is_opened_after_a_question_only(ui: OpenWindow) -> None:
    ui.ask("where?")
    ui.backend.answer_text("See [here](https://example.org/a?b=c) and [there](file:///etc/passwd).")
    ui.backend.answer_finished()
    ui.settle()
    text = ui.window.view.transcript.findChildren(AnswerCard)[-1].findChildren(MessageText)[0]
    assert "(https://example.org/a?b=c)" in text.toPlainText()
    assert text.document().find("file:").charFormat().anchorHref() == ""
    text.anchorClicked.emit(QUrl("link:0"))
    asked = open_dialog()
    assert asked is not None
    assert "https://example.org/a?b=c" in words_of(asked)
    asked.close()


def test_a_passage_is_found_whatever_happened_to_white_space() -> None:
    text = "Head\n\nThe  long\nbeds are watered on Fridays, and roses never at noon. Tail"
    found = find_passage(text, "The long beds are watered on Fridays, and roses never at noon.")
    assert found is not None
    assert text[slice(*found)] == text[6:-5]
    cut = find_passage(text, "The long beds are watered on Fridays, and roses whenever.")
    assert cut is not None
    assert text[slice(*cut)].startswith("The  long")
    assert find_passage(text, "nothing of the kind") is None
    assert find_passage(text, " \n ") is None


def test_a_mark_is_reached_and_opened_by_keyboard(ui: OpenWindow) -> None:
    text = answer_with_sources(ui).findChildren(MessageText)[0]
    text.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(text, Qt.Key.Key_Tab)
    if not text.textCursor().hasSelection():
        QTest.keyClick(text, Qt.Key.Key_Tab)
    QTest.keyClick(text, Qt.Key.Key_Return)
    ui.settle()
    assert ui.window.sources.viewer.isVisible()
    assert ui.backend.last_sent(LoadDocument).file in {"garden/duties 1.odt", "garden/duties 2.odt"}


def test_the_chosen_card_is_whole_beside_its_document_in_a_low_window(ui: OpenWindow) -> None:
    lines = "\n".join(f"Row {n} | the valve behind the shed | every Friday" for n in range(9))
    ui.window.resize(1240, 520)
    ui.backend.read_folder(folder())
    ui.tick("folder-1")
    ui.backend.found(hit(1, lines), hit(2, lines), hit(3, lines))
    ui.ask("When do I water the long beds?")
    ui.backend.answer_text("Every Friday.")
    ui.backend.answer_finished()
    ui.settle()
    for number in (1, 3):
        ui.window.sources.choose_source(number)
        ui.settle()
        card = ui.window.sources.findChildren(SourceCard)[number - 1]
        assert ui.window.sources.viewer.isVisible()
        assert card.visibleRegion().boundingRect().height() == card.height(), number


def test_the_card_of_another_answer_is_whole_when_its_source_opens(ui: OpenWindow) -> None:
    """Its cards are made in the same event that opens the document: a mark was clicked."""
    ui.window.resize(1240, 800)
    answer_with_sources(ui)
    panel = ui.window.sources
    panel.show_sources((source(4), source(5), source(6)))
    panel.choose_source(4)
    ui.settle()
    card = next(card for card in panel.findChildren(SourceCard) if card.source.n == 4)
    assert panel.viewer.isVisible()
    assert card.visibleRegion().boundingRect().height() == card.height()
