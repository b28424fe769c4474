"""Prompts: completion after "/", variables, saving; the chat style of one chat."""

from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QListWidget, QTextBrowser

from core.chat.conversations.chat_style import DEFAULT_CHAT_STYLE, ChatStyle, ExampleExchange
from core.chat.prompts.prompt_library import Prompt
from core.messages import Cancel
from desktop.prompts.chat_style_page import ChatStylePage
from desktop.prompts.example_table import ExampleTable
from desktop.prompts.prompt_popup import PromptPopup
from desktop.prompts.prompts_page import PromptsPage
from tests.desktop.chat.test_mentions import press, type_in
from tests.desktop.open_window import OpenWindow
from tests.desktop.seen import click, control, dialog, words_of
from tests.desktop.values import answer, question


def popup(ui: OpenWindow) -> PromptPopup:
    found = ui.window.findChild(PromptPopup)
    assert found is not None
    return found


def offered(ui: OpenWindow) -> list[str]:
    shown = popup(ui)
    if not shown.isVisible():
        return []
    return [shown.item(row).text().split()[0] for row in range(shown.count())]


def own_prompts(ui: OpenWindow) -> list[Prompt]:
    """Return the prompts that a person saved."""
    return [each for each in ui.app.chats.prompts.list_prompts() if each.prompt_id]


def test_a_slash_offers_prompts_and_typing_narrows_them(ui: OpenWindow) -> None:
    type_in(ui, "/")
    assert "/explain" in offered(ui)
    assert offered(ui)[-1] == "All"
    type_in(ui, "tra")
    assert offered(ui) == ["/translate", "All"]
    type_in(ui, "zzz")
    assert offered(ui) == []


def test_keys_choose_a_prompt_while_the_question_keeps_the_focus(ui: OpenWindow) -> None:
    ui.app.chats.prompts.save_prompt(
        Prompt(name="Letter", command="letter", text="🌿 Dear {{name}},")
    )
    type_in(ui, "/le")
    press(ui, Qt.Key.Key_Down)
    press(ui, Qt.Key.Key_Up)
    press(ui, Qt.Key.Key_Return)
    composer = ui.window.view.composer
    assert composer.draft == "🌿 Dear {{name}},"
    assert composer.text_edit.textCursor().selectedText() == "{{name}}"
    assert composer.text_edit.hasFocus()
    assert not ui.backend.questions
    type_in(ui, "Ada")
    assert composer.draft == "🌿 Dear Ada,"


def test_tab_leads_through_what_is_to_be_filled_in(ui: OpenWindow) -> None:
    ui.app.chats.prompts.save_prompt(
        Prompt(name="Price", command="price", text="🌿 What does {{thing}} cost in {{city}}?")
    )
    type_in(ui, "/price")
    press(ui, Qt.Key.Key_Return)
    edit = ui.window.view.composer.text_edit
    press(ui, Qt.Key.Key_Tab)
    assert edit.textCursor().selectedText() == "{{city}}"
    press(ui, Qt.Key.Key_Backtab)
    assert edit.textCursor().selectedText() == "{{thing}}"
    type_in(ui, "bread")
    press(ui, Qt.Key.Key_Tab)
    type_in(ui, "Kyoto")
    assert edit.toPlainText() == "🌿 What does bread cost in Kyoto?"
    press(ui, Qt.Key.Key_Tab)
    assert not edit.hasFocus(), "nothing is left to be filled in"


def test_escape_hides_the_list_and_stops_no_answer(ui: OpenWindow) -> None:
    ui.ask("a question")
    type_in(ui, "/ex")
    assert offered(ui)
    press(ui, Qt.Key.Key_Escape)
    assert offered(ui) == []
    assert not ui.backend.engine.all_sent(Cancel)
    type_in(ui, "p")
    assert offered(ui) == [], "it stays away for this question"
    press(ui, Qt.Key.Key_Escape)
    assert len(ui.backend.engine.all_sent(Cancel)) == 1
    ui.settle()


def test_what_is_selected_and_copied_comes_in_only_where_it_is_asked_for(ui: OpenWindow) -> None:
    chat_id = ui.backend.put_chat(
        "Roses", (question("q2", "When?"), answer("a2", "In late March."))
    )
    ui.window.controllers.chat.open_chat(chat_id)
    ui.settle()
    QGuiApplication.clipboard().setText("from the clipboard")
    card = ui.window.view.transcript.find_answer_card("a2")
    assert card is not None
    text = card.findChild(QTextBrowser)
    assert text is not None
    text.selectAll()
    type_in(ui, "/summarise")
    press(ui, Qt.Key.Key_Return)
    draft = ui.window.view.composer.draft
    assert "In late March." in draft
    assert "clipboard" not in draft
    ui.window.view.composer.set_draft("")
    type_in(ui, "/improve")
    press(ui, Qt.Key.Key_Tab)
    assert "from the clipboard" in ui.window.view.composer.draft


def test_words_behind_a_command_are_put_in_and_shown_before_they_are_sent(ui: OpenWindow) -> None:
    ui.app.chats.prompts.save_prompt(
        Prompt(name="Ask", command="ask", text="Tell me of {{input}}.")
    )
    type_in(ui, "/ask the bees")
    press(ui, Qt.Key.Key_Return)
    assert ui.window.view.composer.draft == "Tell me of the bees."
    assert not ui.backend.questions
    press(ui, Qt.Key.Key_Return)
    assert ui.backend.last_question == "Tell me of the bees."


def test_a_text_that_is_no_command_is_sent_as_it_is(ui: OpenWindow) -> None:
    type_in(ui, "/usr/bin holds what?")
    press(ui, Qt.Key.Key_Return)
    assert ui.backend.last_question == "/usr/bin holds what?"


def test_a_prompt_with_instructions_sets_them_for_its_chat(ui: OpenWindow) -> None:
    type_in(ui, "/short")
    press(ui, Qt.Key.Key_Return)
    strip = ui.window.view.composer.style_strip
    assert strip.isVisible()
    assert "one or two short sentences" in words_of(strip)
    ui.ask("What do bees need?")
    chat = ui.backend.saved_chat(ui.window.controllers.chat.chat_id)
    assert "short sentences" in chat.chat_style.system
    ui.window.controllers.chats.open_new_chat()
    assert not strip.isVisible()
    ui.window.controllers.chat.open_chat(chat.chat_id)
    assert strip.isVisible()
    click(strip, "Answer without these instructions")
    assert not strip.isVisible()
    assert ui.backend.saved_chat(chat.chat_id).chat_style == DEFAULT_CHAT_STYLE


def test_the_instructions_of_a_chat_are_changed(ui: OpenWindow) -> None:
    chat_id = ui.backend.put_chat("Roses", (question("q2", "When?"), answer("a2", "In March.")))
    ui.window.controllers.chat.open_chat(chat_id)
    ui.window.registry.action_by_id("chat.style").trigger()
    asked = dialog()
    assert isinstance(asked, ChatStylePage)
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
    assert ui.backend.saved_chat(chat_id).chat_style == wanted
    assert "Be kind. · 1 example · Precise" in words_of(ui.window.view.composer.style_strip)


def write_instructions(ui: OpenWindow, words: str) -> None:
    ui.window.registry.action_by_id("chat.style").trigger()
    QTest.keyClicks(control(dialog(), "What the model is told first"), words)


def test_instructions_are_kept_when_another_chat_is_opened(ui: OpenWindow) -> None:
    first = ui.backend.put_chat("Roses", (question("q2", "When?"), answer("a2", "In March.")))
    other = ui.backend.put_chat("Tulips", (question("q3", "Where?"), answer("a3", "Outside.")))
    chat = ui.window.controllers.chat
    chat.open_chat(first)
    write_instructions(ui, "Be kind.")
    chat.open_chat(other)
    assert ui.window.pages.page is None
    assert ui.backend.saved_chat(first).chat_style == ChatStyle(system="Be kind.")
    assert ui.backend.saved_chat(other).chat_style == DEFAULT_CHAT_STYLE
    assert chat.next_question.chat_style == DEFAULT_CHAT_STYLE


def test_instructions_of_a_chat_left_unsaved_wait_for_the_next_new_one(ui: OpenWindow) -> None:
    other = ui.backend.put_chat("Tulips", (question("q3", "Where?"), answer("a3", "Outside.")))
    chat = ui.window.controllers.chat
    chat.open_new_chat()
    write_instructions(ui, "Be brief.")
    chat.open_chat(other)
    assert chat.next_question.chat_style == DEFAULT_CHAT_STYLE
    chat.open_new_chat()
    assert chat.next_question.chat_style == ChatStyle(system="Be brief.")
    chat.open_chat(other)
    chat.open_new_chat()
    assert chat.next_question.chat_style == ChatStyle(system="Be brief."), "until it is asked"
    chat.ask_question("When?")
    chat.open_new_chat()
    assert chat.next_question.chat_style == DEFAULT_CHAT_STYLE


def test_instructions_of_a_temporary_chat_go_with_it(ui: OpenWindow) -> None:
    chat = ui.window.controllers.chat
    chat.open_new_chat(temporary=True)
    write_instructions(ui, "Tell nobody.")
    chat.open_new_chat()
    assert chat.next_question.chat_style == DEFAULT_CHAT_STYLE
    chat.open_new_chat()
    assert chat.next_question.chat_style == DEFAULT_CHAT_STYLE


def test_instructions_that_are_cancelled_are_not_kept(ui: OpenWindow) -> None:
    chat_id = ui.backend.put_chat("Roses", (question("q2", "When?"), answer("a2", "In March.")))
    ui.window.controllers.chat.open_chat(chat_id)
    write_instructions(ui, "Be kind.")
    click(dialog(), "Cancel")
    assert ui.backend.saved_chat(chat_id).chat_style == DEFAULT_CHAT_STYLE


def test_prompts_are_made_changed_and_removed(ui: OpenWindow) -> None:
    ui.window.registry.action_by_id("chat.prompts").trigger()
    shown = dialog()
    assert isinstance(shown, PromptsPage)
    click(shown, "New prompt")
    QTest.keyClicks(control(shown, "Name"), "Letter")
    QTest.keyClicks(control(shown, "Text of the question"), "Dear {{name}}")
    click(shown, "Save")
    (saved,) = own_prompts(ui)
    assert (saved.name, saved.text) == ("Letter", "Dear {{name}}")
    listed = shown.findChild(QListWidget)
    assert listed is not None
    assert "/letter" in listed.currentItem().text()
    assert listed.currentItem().text().endswith("  Letter")
    click(shown, "Delete")
    assert own_prompts(ui) == []
    ui.settle()
    click(ui.window, "Undo")
    assert [each.text for each in own_prompts(ui)] == ["Dear {{name}}"]
    shown.close()


def test_what_is_typed_in_a_prompt_is_kept_when_something_else_is_opened(ui: OpenWindow) -> None:
    chat_id = ui.backend.put_chat("Roses", (question("q2", "When?"), answer("a2", "In March.")))
    ui.window.registry.action_by_id("chat.prompts").trigger()
    shown = dialog()
    assert isinstance(shown, PromptsPage)
    listed = shown.findChild(QListWidget)
    assert listed is not None
    for row in range(listed.count()):
        listed.setCurrentRow(row)
        ui.settle()
    assert own_prompts(ui) == [], "looking changes nothing"
    click(shown, "New prompt")
    QTest.keyClicks(control(shown, "Name"), "Letter")
    listed.setCurrentRow(0)
    ui.settle()
    assert [each.name for each in own_prompts(ui)] == ["Letter"]
    assert listed.currentRow() == 0
    click(shown, "New prompt")
    QTest.keyClicks(control(shown, "Name"), "Card")
    ui.window.controllers.chats.open_chat(chat_id)
    assert sorted(each.name for each in own_prompts(ui)) == ["Card", "Letter"]


def test_what_is_typed_in_a_prompt_is_kept_at_esc_and_can_be_undone(ui: OpenWindow) -> None:
    prompts = ui.app.chats.prompts
    prompts.save_prompt(Prompt(name="Letter", command="a-letter", text="Dear {{name}}"))
    ui.window.registry.action_by_id("chat.prompts").trigger()
    shown = dialog()
    QTest.keyClicks(control(shown, "Text of the question"), "Hello! ")
    ui.window.registry.action_by_id("chat.stop").trigger()
    ui.settle()
    assert ui.window.pages.page is None
    assert [each.text for each in own_prompts(ui)] == ["Hello! Dear {{name}}"]
    assert "The prompt “Letter” was saved." in words_of(ui.window)
    click(ui.window, "Undo")
    assert [each.text for each in own_prompts(ui)] == ["Dear {{name}}"]


def test_a_prompt_without_a_name_has_the_first_words_of_its_text(ui: OpenWindow) -> None:
    ui.window.registry.action_by_id("chat.prompts").trigger()
    shown = dialog()
    click(shown, "New prompt")
    QTest.keyClicks(control(shown, "Text of the question"), "Say it in Latin")
    click(shown, "Use")
    ui.settle()
    assert ui.window.view.composer.draft == "Say it in Latin"
    assert [each.name for each in own_prompts(ui)] == ["Say it in Latin"]
    click(ui.window, "Undo")
    assert own_prompts(ui) == []


def test_the_prompts_page_has_room_for_large_text_in_a_small_window(ui: OpenWindow) -> None:
    ui.window.resize(760, 560)
    for _step in range(10):
        ui.window.registry.action_by_id("view.larger").trigger()
    ui.window.registry.action_by_id("chat.prompts").trigger()
    ui.settle()
    shown = dialog()
    fields = [control(shown, name) for name in ("Instructions", "Examples", "Choice of words")]
    places = [QRect(field.mapTo(shown, QPoint()), field.size()) for field in fields]
    assert not any(one.intersects(two) for one, two in pairwise(places))
    hint = next(each for each in shown.findChildren(QLabel) if "{{selection}}" in each.text())
    assert hint.height() >= hint.heightForWidth(hint.width())


@pytest.mark.parametrize("name", ["Use", "Save"])
def test_a_prompt_is_used_from_the_list(ui: OpenWindow, name: str) -> None:
    ui.window.registry.action_by_id("chat.prompts").trigger()
    shown = dialog()
    listed = shown.findChild(QListWidget)
    assert listed is not None
    listed.setCurrentRow(0)
    click(shown, name)
    ui.settle()
    if name == "Use":
        assert "Explain this in simple words" in ui.window.view.composer.draft
    else:
        assert own_prompts(ui)[0].command == "explain", "a copy of one's own"
        shown.close()
