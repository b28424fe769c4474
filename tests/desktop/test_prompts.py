"""Prompts: offered behind "/", filled in, kept; the instructions of one chat."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QListWidget, QTextBrowser

from core.chat.conversations.chat_style import DEFAULT_CHAT_STYLE, ChatStyle, ExampleExchange
from core.chat.prompts.prompt_library import Prompt
from core.messages import Cancel
from desktop.prompts.chat_style_dialog import ChatStyleDialog
from desktop.prompts.example_table import ExampleTable
from desktop.prompts.prompt_popup import PromptPopup
from desktop.prompts.prompts_dialog import PromptsDialog
from tests.desktop.desk import Desk
from tests.desktop.seen import click, control, dialog, words_of
from tests.desktop.values import answer, question


def popup(desk: Desk) -> PromptPopup:
    found = desk.window.findChild(PromptPopup)
    assert found is not None
    return found


def offered(desk: Desk) -> list[str]:
    shown = popup(desk)
    if not shown.isVisible():
        return []
    return [shown.item(row).text().split()[0] for row in range(shown.count())]


def type_in(desk: Desk, words: str) -> None:
    edit = desk.window.view.composer.text_edit
    edit.setFocus()
    QTest.keyClicks(edit, words)
    desk.settle()


def press(desk: Desk, key: Qt.Key) -> None:
    QTest.keyClick(desk.window.view.composer.text_edit, key)
    desk.settle()


def own_prompts(desk: Desk) -> list[Prompt]:
    """Return the prompts that a person saved."""
    return [each for each in desk.app.chats.prompts.list_prompts() if each.prompt_id]


def test_a_slash_offers_prompts_and_typing_narrows_them(desk: Desk) -> None:
    type_in(desk, "/")
    assert "/explain" in offered(desk)
    assert offered(desk)[-1] == "All"
    type_in(desk, "tra")
    assert offered(desk) == ["/translate", "All"]
    type_in(desk, "zzz")
    assert offered(desk) == []


def test_keys_choose_a_prompt_while_the_question_keeps_the_focus(desk: Desk) -> None:
    desk.app.chats.prompts.save_prompt(
        Prompt(name="Letter", command="letter", text="🌿 Dear {{name}},")
    )
    type_in(desk, "/le")
    press(desk, Qt.Key.Key_Down)
    press(desk, Qt.Key.Key_Up)
    press(desk, Qt.Key.Key_Return)
    composer = desk.window.view.composer
    assert composer.draft == "🌿 Dear {{name}},"
    assert composer.text_edit.textCursor().selectedText() == "{{name}}"
    assert composer.text_edit.hasFocus()
    assert not desk.front.questions
    type_in(desk, "Ada")
    assert composer.draft == "🌿 Dear Ada,"


def test_escape_hides_the_list_and_stops_no_answer(desk: Desk) -> None:
    desk.ask("a question")
    type_in(desk, "/ex")
    assert offered(desk)
    press(desk, Qt.Key.Key_Escape)
    assert offered(desk) == []
    assert not desk.front.engine.all_sent(Cancel)
    type_in(desk, "p")
    assert offered(desk) == [], "it stays away for this question"
    press(desk, Qt.Key.Key_Escape)
    assert len(desk.front.engine.all_sent(Cancel)) == 1
    desk.settle()


def test_what_is_selected_and_copied_comes_in_only_where_it_is_asked_for(desk: Desk) -> None:
    chat_id = desk.front.put_chat(
        "Roses", (question("q2", "When?"), answer("a2", "In late March."))
    )
    desk.window.controllers.chat.open_chat(chat_id)
    desk.settle()
    QGuiApplication.clipboard().setText("from the clipboard")
    card = desk.window.view.transcript.find_answer_card("a2")
    assert card is not None
    text = card.findChild(QTextBrowser)
    assert text is not None
    text.selectAll()
    type_in(desk, "/summarise")
    press(desk, Qt.Key.Key_Return)
    draft = desk.window.view.composer.draft
    assert "In late March." in draft
    assert "clipboard" not in draft
    desk.window.view.composer.set_draft("")
    type_in(desk, "/improve")
    press(desk, Qt.Key.Key_Tab)
    assert "from the clipboard" in desk.window.view.composer.draft


def test_words_behind_a_command_are_put_in_and_shown_before_they_are_sent(desk: Desk) -> None:
    desk.app.chats.prompts.save_prompt(
        Prompt(name="Ask", command="ask", text="Tell me of {{input}}.")
    )
    type_in(desk, "/ask the bees")
    press(desk, Qt.Key.Key_Return)
    assert desk.window.view.composer.draft == "Tell me of the bees."
    assert not desk.front.questions
    press(desk, Qt.Key.Key_Return)
    assert desk.front.last_question == "Tell me of the bees."


def test_a_text_that_is_no_command_is_sent_as_it_is(desk: Desk) -> None:
    type_in(desk, "/usr/bin holds what?")
    press(desk, Qt.Key.Key_Return)
    assert desk.front.last_question == "/usr/bin holds what?"


def test_a_prompt_with_instructions_sets_them_for_its_chat(desk: Desk) -> None:
    type_in(desk, "/short")
    press(desk, Qt.Key.Key_Return)
    strip = desk.window.view.composer.style_strip
    assert strip.isVisible()
    assert "one or two short sentences" in words_of(strip)
    desk.ask("What do bees need?")
    chat = desk.front.saved_chat(desk.window.controllers.chat.chat_id)
    assert "short sentences" in chat.chat_style.system
    desk.window.controllers.chats.open_new_chat()
    assert not strip.isVisible()
    desk.window.controllers.chat.open_chat(chat.chat_id)
    assert strip.isVisible()
    click(strip, "Answer without these instructions")
    assert not strip.isVisible()
    assert desk.front.saved_chat(chat.chat_id).chat_style == DEFAULT_CHAT_STYLE


def test_the_instructions_of_a_chat_are_changed(desk: Desk) -> None:
    chat_id = desk.front.put_chat("Roses", (question("q2", "When?"), answer("a2", "In March.")))
    desk.window.controllers.chat.open_chat(chat_id)
    desk.window.registry.action_by_id("chat.manner").trigger()
    asked = dialog()
    assert isinstance(asked, ChatStyleDialog)
    QTest.keyClicks(control(asked, "What the model is told first"), "Be kind.")
    table = asked.findChild(ExampleTable)
    assert table is not None
    for column, words in enumerate(("2+2", "4")):
        cell = table.item(0, column)
        assert cell is not None
        cell.setText(words)
    assert table.rowCount() == 2, "an empty line follows"
    box = control(asked, "Choice of words")
    box.setCurrentIndex(1)  # type: ignore[attr-defined]
    click(asked, "Use in this chat")
    wanted = ChatStyle(
        system="Be kind.", examples=(ExampleExchange(question="2+2", answer="4"),), preset="precise"
    )
    assert desk.front.saved_chat(chat_id).chat_style == wanted
    assert "Be kind. · 1 example · Precise" in words_of(desk.window.view.composer.style_strip)


def test_prompts_are_made_changed_and_removed(desk: Desk) -> None:
    desk.window.registry.action_by_id("chat.prompts").trigger()
    shown = dialog()
    assert isinstance(shown, PromptsDialog)
    click(shown, "New prompt")
    QTest.keyClicks(control(shown, "Name"), "Letter")
    QTest.keyClicks(control(shown, "Text of the question"), "Dear {{name}}")
    click(shown, "Save")
    (kept,) = own_prompts(desk)
    assert (kept.name, kept.text) == ("Letter", "Dear {{name}}")
    listed = shown.findChild(QListWidget)
    assert listed is not None
    assert listed.currentItem().text() == "/letter  Letter"
    click(shown, "Delete")
    assert own_prompts(desk) == []
    shown.close()


@pytest.mark.parametrize("name", ["Use", "Save"])
def test_a_prompt_is_used_from_the_list(desk: Desk, name: str) -> None:
    desk.window.registry.action_by_id("chat.prompts").trigger()
    shown = dialog()
    listed = shown.findChild(QListWidget)
    assert listed is not None
    listed.setCurrentRow(0)
    click(shown, name)
    desk.settle()
    if name == "Use":
        assert "Explain this in simple words" in desk.window.view.composer.draft
    else:
        assert own_prompts(desk)[0].command == "explain", "a copy of one's own"
        shown.close()
