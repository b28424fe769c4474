"""Transcript: long chats, streaming, code, formulas, folds, selection."""

from collections.abc import Callable

import pytest
from msgspec import structs
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from shiboken6 import isValid

from core.chat.conversations.conversation import Citation, Turn
from desktop.chat.cards.answer_card import AnswerCard
from desktop.chat.cards.question_card import QuestionCard
from desktop.chat.markdown.block_types import FencedCode
from desktop.chat.message.background_thread import BackgroundThread
from desktop.chat.message.code_block import CodeBlock
from desktop.chat.message.message_text import MessageText
from desktop.chat.transcript.card_scroll_area import JumpToEndButton
from tests.desktop.open_window import OpenWindow
from tests.desktop.seen import click, control, words_of
from tests.desktop.values import answer, question, source

CODE = "Look:\n\n```python\ndef f(x):\n    return x  # a comment\n```\n\nDone."


def opened(ui: OpenWindow, *turns: Turn) -> str:
    chat_id = ui.backend.put_chat("chat", turns)
    ui.window.controllers.chat.open_chat(chat_id)
    ui.settle()
    return chat_id


def talk(count: int) -> tuple[Turn, ...]:
    return tuple(
        turn
        for n in range(count)
        for turn in (question(f"q{n}", f"question {n}?"), answer(f"a{n}", f"words {n}.\n\n" * 3))
    )


def last_answer(ui: OpenWindow) -> AnswerCard:
    return [card for card in ui.window.view.transcript.built_cards if isinstance(card, AnswerCard)][
        -1
    ]


def stream(ui: OpenWindow, text: str, step: int = 3) -> None:
    for at in range(0, len(text), step):
        ui.backend.answer_text(text[at : at + step])
        QApplication.processEvents()


def rendered(ui: OpenWindow) -> None:
    """Wait until what streamed is shown: a slow machine shows several pieces at once."""
    card = last_answer(ui)
    ui.bot.waitUntil(lambda: not card.body._timer.isActive(), timeout=10_000)
    ui.settle()


def test_two_thousand_turns_build_a_handful_of_cards(ui: OpenWindow) -> None:
    opened(ui, *talk(1000))
    transcript = ui.window.view.transcript
    assert len(transcript.built_cards) < 40
    assert "words 999." in words_of(transcript)
    bar = transcript.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    ui.settle()
    assert 0 < len(transcript.built_cards) < 60
    places = [card.y() for card in transcript.built_cards]
    assert places == sorted(places)
    for above, below in zip(transcript.built_cards, transcript.built_cards[1:], strict=False):
        assert above.y() + above.height() < below.y(), "cards overlap"


def test_no_jump_is_offered_where_all_is_seen(ui: OpenWindow) -> None:
    opened(ui, *talk(1))
    transcript = ui.window.view.transcript
    transcript.scroll_to_turn(transcript.shown_turns[0].turn_id)
    ui.settle()
    jumps = [each for each in transcript.findChildren(JumpToEndButton) if each.isVisible()]
    assert not jumps


def test_what_is_read_stays_where_it_is_while_an_answer_streams(ui: OpenWindow) -> None:
    opened(ui, *talk(40))
    ui.ask("more?")
    transcript = ui.window.view.transcript
    transcript.verticalScrollBar().setValue(500)
    ui.settle()
    card = next(card for card in transcript.built_cards if card.y() >= 0)
    before = card.y()
    stream(ui, "".join(f"{line}: many words\n\n" for line in range(30)), 40)
    ui.settle()
    assert card.y() == before
    assert not transcript.following
    jump = control(ui.window, "Jump to the end")
    click(ui.window, "Jump to the end")
    ui.settle()
    assert transcript.following
    assert not jump.isVisible()
    assert "many words" in words_of(transcript)


def test_streamed_markdown_is_what_the_whole_is(ui: OpenWindow) -> None:
    text = (
        "# Title\n\nSome **bold** and `code`.\n\n1. one\n2. two\n\n"
        "| a | b |\n|---|---|\n| 1 | 2 |\n\n"
        f"{CODE}\n\n> quoted\n\n- [x] done"
    )
    ui.ask("all of it")
    stream(ui, text)
    rendered(ui)
    card = last_answer(ui)
    streamed = [part.toPlainText() for part in card.text_widgets]
    widgets = list(card.text_widgets)
    ui.backend.answer_finished()
    ui.settle()
    assert [part.toPlainText() for part in card.text_widgets] == streamed
    assert card.text_widgets == widgets, "what was there was made anew: it flickers"
    assert "**" not in "".join(streamed)


def test_half_written_signs_are_never_seen(ui: OpenWindow) -> None:
    ui.ask("signs")
    seen: set[str] = set()
    for piece in (
        "Some",
        " text\n",
        "-",
        " one **bo",
        "ld** and `co",
        "de` end\n\n",
        "#",
        "# Head",
    ):
        ui.backend.answer_text(piece)
        QApplication.processEvents()
        rendered(ui)
        shown = "\n".join(text.toPlainText() for text in last_answer(ui).text_widgets)
        seen.update(sign for sign in ("**", "`", "#", "\n-") if sign in shown)
    assert not seen
    assert "Head" in words_of(last_answer(ui))


def test_footnotes_are_numbered_as_they_are_named_and_stay_so(ui: OpenWindow) -> None:
    text = (
        "Roses[^rose] need water[^2]; the class [^a-z] is none.\n\n- more[^rose] of it[^3]\n\n"
        "[^2]: About water.\n\n```\ncode\n```\n\nBetween them.\n\n"
        "[^3]: About **it**.\n[^rose]: About roses[^2].\n"
    )
    ui.ask("notes")
    before = ""
    for at in range(0, len(text), 5):
        stream(ui, text[at : at + 5], 5)
        rendered(ui)
        shown = "\n".join(part.toPlainText() for part in last_answer(ui).text_widgets)
        assert "[^" not in shown.replace("[^a-z]", ""), "a half-written note is seen"
        first = shown.partition(";")[0]
        assert first.startswith(before), "a number became another"
        before = first
    assert before == "Roses1 need water2"
    streamed = [part.toPlainText() for part in last_answer(ui).text_widgets]
    notes = " ".join(streamed[-1].split())
    assert notes == "Between them. 1. About roses2. 2. About water. 3. About it."
    ui.backend.answer_finished()
    ui.settle()
    assert [part.toPlainText() for part in last_answer(ui).text_widgets] == streamed


def test_code_has_its_language_colours_and_a_copy_button(ui: OpenWindow) -> None:
    opened(ui, question("q", "code?"), answer("a", CODE))
    (block,) = last_answer(ui).findChildren(CodeBlock)
    assert "python" in words_of(block)
    click(block, "Copy the code")
    assert QGuiApplication.clipboard().text() == "def f(x):\n    return x  # a comment"
    ui.bot.waitUntil(lambda: bool(block.text.document().begin().layout().formats()), timeout=20_000)
    click(block, "Wrap long lines")
    assert block.text.wrapped


def test_a_formula_is_drawn_and_a_broken_one_stays_as_written(ui: OpenWindow) -> None:
    opened(ui, question("q", "maths?"), answer("a", r"So $x^2$ and $\frac{$ and \(y\)."))
    text = last_answer(ui).text_widgets[0]
    ui.bot.waitUntil(lambda: text.toPlainText().count("\ufffc") == 2, timeout=30_000)
    assert r"\frac{" in text.toPlainText()
    text.selectAll()
    assert text.selected_plain_text() == r"So $x^2$ and $\frac{$ and $y$."


def test_a_citation_in_code_is_shown_under_it(ui: OpenWindow) -> None:
    cited = Citation(n=2, start=CODE.index("```python"), end=CODE.index("\n\nDone"))
    turn = answer("a", CODE, sources=(source(1), source(2)))
    opened(ui, question("q", "code?"), structs.replace(turn, citations=(cited,)))
    assert "[2]" in words_of(last_answer(ui))


def test_a_long_paste_is_folded_until_asked_for(ui: OpenWindow) -> None:
    paste = "\n".join(f"line {n}" for n in range(300))
    opened(ui, question("q", paste), answer("a", "Many lines."))
    card = ui.window.view.transcript.built_cards[0]
    assert isinstance(card, QuestionCard)
    assert "line 299" not in words_of(card)
    height = card.height()
    click(card, "Show all of it (300 lines)")
    ui.settle()
    ui.window.view.transcript.scroll_to_turn("q")
    assert card.height() > 3 * height
    assert "line 299" in words_of(card)
    click(ui.window, "Copy the question")
    assert QGuiApplication.clipboard().text() == paste


def test_words_are_selected_across_messages(ui: OpenWindow) -> None:
    opened(ui, *talk(3))
    transcript = ui.window.view.transcript
    texts = [text for _row, text in transcript.built_texts()]
    first, last = texts[0], texts[2]
    QTest.mousePress(first.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(1, 5))
    goal = first.viewport().mapFromGlobal(last.viewport().mapToGlobal(QPoint(400, 5)))
    QTest.mouseMove(first.viewport(), goal / 2)
    QTest.mouseMove(first.viewport(), goal)
    QTest.mouseRelease(first.viewport(), Qt.MouseButton.LeftButton, pos=goal)
    assert (
        transcript.selection.selected_text
        == "question 0?\n\nwords 0.\nwords 0.\nwords 0.\n\nquestion 1?"
    )
    QTest.keyClick(first, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == transcript.selection.selected_text
    QTest.mouseClick(last.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(2, 5))
    assert not transcript.selection.is_active


def test_all_of_a_chat_is_copied_also_what_is_not_built(ui: OpenWindow) -> None:
    opened(ui, *talk(100))
    text = last_answer(ui).text_widgets[0]
    text.setFocus()
    for _ in range(2):
        QTest.keyClick(text, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(text, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    copied = QGuiApplication.clipboard().text()
    assert all(f"question {n}?" in copied for n in range(100))


def test_words_are_found_in_the_chat(ui: OpenWindow) -> None:
    opened(ui, *talk(60))
    QTest.keyClick(ui.window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    line = control(ui.window, "Find in this chat")
    QTest.keyClicks(line, "question 7?")
    ui.settle()
    assert "1 of 1" in words_of(ui.window.view.find_bar)
    assert "question 7?" in words_of(ui.window.view.transcript)
    line.setProperty("text", "words 1")
    ui.settle()
    assert "33 of 33" in words_of(ui.window.view.find_bar)  # 1 and 10 to 19, three times each
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert "1 of 33" in words_of(ui.window.view.find_bar)
    marked = [
        text for _row, text in ui.window.view.transcript.built_texts() if text.extraSelections()
    ]
    assert marked
    QTest.keyClick(line, Qt.Key.Key_Escape)
    ui.settle()
    assert not ui.window.view.find_bar.isVisible()
    assert not [text for text in marked if text.extraSelections()]


def test_the_count_of_found_words_follows_an_answer_that_streams(ui: OpenWindow) -> None:
    opened(ui, *talk(3))
    ui.ask("more words")
    transcript = ui.window.view.transcript
    transcript.verticalScrollBar().setValue(0)
    QTest.keyClick(ui.window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(control(ui.window, "Find in this chat"), "words")
    bar = ui.window.view.find_bar
    assert "10 of 10" in words_of(bar)
    top = transcript.card_layout.top
    stream(ui, "Many **words** and\n\n- more wo")
    ui.bot.waitUntil(lambda: "10 of 11" in words_of(bar))
    stream(ui, "rds, Wörds\n\n")
    ui.bot.waitUntil(lambda: "10 of 13" in words_of(bar))
    texts = last_answer(ui).text_widgets
    assert sum(len(text.extraSelections()) for text in texts) == 3
    assert transcript.card_layout.top == top, "it scrolled"
    ui.backend.answer_finished()
    ui.settle()
    ui.ask("last words")
    ui.bot.waitUntil(lambda: "10 of 14" in words_of(bar))


def test_another_chat_is_looked_through_as_soon_as_it_is_shown(ui: OpenWindow) -> None:
    opened(ui, *talk(3))
    QTest.keyClick(ui.window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(control(ui.window, "Find in this chat"), "words")
    bar = ui.window.view.find_bar
    assert "9 of 9" in words_of(bar)
    opened(ui, question("oq", "Other?"), answer("oa", "Two words, words."))
    assert "2 of 2" in words_of(bar)


def test_tab_goes_through_messages_and_builds_those_that_come(ui: OpenWindow) -> None:
    opened(ui, *talk(30))
    transcript = ui.window.view.transcript
    transcript.scroll_to_turn("q0")
    ui.settle()
    first = next(text for _row, text in transcript.built_texts())
    first.setFocus()
    seen: set[str] = set()
    for _ in range(400):
        focused = QApplication.focusWidget()
        assert focused is not None
        if not transcript.isAncestorOf(focused):
            break
        if isinstance(focused, MessageText):
            seen.add(focused.toPlainText())
        QTest.keyClick(focused, Qt.Key.Key_Tab)
    assert len(seen) == 60, "some messages can't be reached"


def test_code_that_is_left_while_it_is_coloured_is_let_go(ui: OpenWindow) -> None:
    background = BackgroundThread(ui.window)
    block = CodeBlock(ui.theme, background)
    block.show_code(FencedCode("x = 1\n" * 2000, "python"), finished=True)
    block.deleteLater()
    QApplication.sendPostedEvents(block, QEvent.Type.DeferredDelete.value)
    assert not isValid(block)
    assert background.is_busy
    ui.bot.waitUntil(lambda: not background.is_busy, timeout=20_000)


def test_code_that_streams_is_coloured_once_at_a_time(
    ui: OpenWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs: list[Callable[[], object]] = []
    monkeypatch.setattr(BackgroundThread, "run_job", lambda _self, job, _then: jobs.append(job))
    ui.window.view._ahead.stop()  # what is loaded ahead is another job
    ui.ask("code?")
    ui.backend.answer_text("```python\n")
    for number in range(30):
        ui.backend.answer_text(f"x = {number}\n")
        ui.settle()
    assert len(jobs) == 1, "the rest waits for what comes of it"
    ui.backend.answer_finished()
    ui.settle()
    assert len(jobs) == 2, "the whole is asked for at once"
