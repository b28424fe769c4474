"""The list of chats: pins, groups that fold, the trash with its way back, drafts kept on disk."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QListWidget, QMenu

from core.chat.export.chat_export import ExportFormat
from core.chat.store.draft_store import MessageDraft
from core.messages import SearchFiles
from desktop.chat.export.export_dialog import PDF, ExportDialog
from desktop.chat.list.chat_list import ChatAction
from desktop.chat.list.chat_list_rows import CHAT_ROLE
from desktop.kit.confirm_dialog import ConfirmDialog
from tests.desktop.desk import Desk
from tests.desktop.seen import click, control, dialog, words_of
from tests.desktop.values import answer, question

DAY = 86_400.0


def titles(desk: Desk) -> list[str]:
    chats = desk.window.sidebar.chat_list
    return [chats.item(row).text() for row in range(chats.count())]


def choose(desk: Desk, chat_id: str) -> None:
    chats = desk.window.sidebar.chat_list
    for row in range(chats.count()):
        if chats.item(row).data(CHAT_ROLE) == chat_id:
            chats.setCurrentRow(row)


@pytest.fixture
def two(desk: Desk) -> tuple[str, str]:
    old = desk.front.put_chat(
        "Cider", (question("q1", "How long?"), answer("a1", "A week.")), age=40 * DAY
    )
    new = desk.front.put_chat("Roses", (question("q2", "When?"), answer("a2", "In March.")))
    desk.window.controllers.chats.refresh_list()
    return old, new


def menu(desk: Desk, chat_id: str) -> QMenu:
    """Open the menu of a chat."""
    choose(desk, chat_id)
    chats = desk.window.sidebar.chat_list
    chats.customContextMenuRequested.emit(chats.visualItemRect(chats.currentItem()).center())
    desk.settle()
    return next(each for each in chats.findChildren(QMenu) if each.isVisible())


def pick(shown: QMenu, label: str) -> None:
    """Choose an entry of a menu."""
    action = next(each for each in shown.actions() if each.text() == label)
    action.trigger()
    shown.close()


def test_a_pinned_chat_stands_on_top(desk: Desk, two: tuple[str, str]) -> None:
    old, _new = two
    pick(menu(desk, old), "Pin")
    assert titles(desk) == ["Pinned", "Cider", "Today", "Roses"]
    pick(menu(desk, old), "Don't pin any more")
    assert titles(desk) == ["Today", "Roses", "Earlier", "Cider"]


def test_a_chat_is_moved_to_a_new_group_which_folds(desk: Desk, two: tuple[str, str]) -> None:
    old, _new = two
    desk.window.controllers.chats.run_action(ChatAction.MOVE_TO_NEW, old)
    asked = dialog()
    assert isinstance(asked, ConfirmDialog)
    QTest.keyClicks(asked.input_line, "Garden")
    QTest.keyClick(asked.input_line, Qt.Key.Key_Return)
    desk.settle()
    assert titles(desk) == ["Garden", "Cider", "Today", "Roses"]
    chats = desk.window.sidebar.chat_list
    chats.setFocus()
    chats.setCurrentRow(0)
    QTest.keyClick(chats, Qt.Key.Key_Left)
    assert titles(desk) == ["Garden", "Today", "Roses"]
    told = chats.item(0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert told == "Garden, 1 chat, folded"
    QTest.keyClick(chats, Qt.Key.Key_Space)
    assert "Cider" in titles(desk)
    QTest.keyClick(chats, Qt.Key.Key_Delete)
    assert titles(desk) == ["Today", "Roses", "Earlier", "Cider"]


def test_the_menu_lists_the_groups(desk: Desk, two: tuple[str, str]) -> None:
    old, new = two
    desk.app.chat_organizer.add_group("Garden & house")
    group = desk.app.chat_organizer.list_groups()[0]
    desk.app.chat_organizer.move_to_group(old, group.group_id)
    shown = menu(desk, new)
    moving = next(each for each in shown.actions() if each.text() == "Move to group").menu()
    assert isinstance(moving, QMenu)
    pick(moving, "Garden && house")
    shown.close()
    assert titles(desk) == ["Garden & house", "Roses", "Cider"]
    desk.window.controllers.chats.run_action(ChatAction.RENAME_GROUP, group.group_id)
    asked = dialog()
    assert isinstance(asked, ConfirmDialog)
    asked.input_line.setText("Beds")
    click(asked, "Rename")
    assert titles(desk)[0] == "Beds"


def test_delete_puts_into_the_trash_and_undo_brings_back(desk: Desk, two: tuple[str, str]) -> None:
    _old, new = two
    desk.window.controllers.chat.open_chat(new)
    chats = desk.window.sidebar.chat_list
    assert not desk.window.sidebar.trash_button.isVisible()
    QTest.keyClick(chats, Qt.Key.Key_Delete)
    desk.settle()
    assert titles(desk) == ["Earlier", "Cider"]
    assert "What would you like to know?" in words_of(desk.window.view)
    assert "“Roses” is in the trash." in words_of(desk.window.view)
    assert desk.window.sidebar.trash_button.isVisible()
    click(desk.window.view, "Undo")
    desk.settle()
    assert titles(desk) == ["Today", "Roses", "Earlier", "Cider"]
    assert desk.window.controllers.chat.chat_id == new
    assert not desk.window.sidebar.trash_button.isVisible()


def test_the_trash_restores_and_deletes_for_good(desk: Desk, two: tuple[str, str]) -> None:
    _old, new = two
    for chat_id in two:
        desk.app.chat_service.trash_chat(chat_id)
    click(desk.window.sidebar, "Trash")
    shown = dialog()
    listed = shown.findChild(QListWidget)
    assert listed is not None
    assert listed.count() == 2
    QTest.keyClick(listed, Qt.Key.Key_Return)
    desk.settle()
    assert titles(desk) == ["Today", "Roses"]
    click(shown, "Delete for good…")
    click(dialog(), "Delete")
    desk.settle()
    assert desk.app.chats.chat_ids() == {new}
    assert "The trash is empty." in words_of(shown)
    shown.close()


def test_a_disk_that_refuses_is_told_and_the_chat_stays(desk: Desk, two: tuple[str, str]) -> None:
    _old, new = two
    choose(desk, new)
    with desk.front.unwritable_chats():
        QTest.keyClick(desk.window.sidebar.chat_list, Qt.Key.Key_Delete)
        desk.settle()
        assert "Roses" in titles(desk)
        assert "can't write" in words_of(desk.window.view)


def test_a_chat_that_another_window_deleted_is_let_go(desk: Desk, two: tuple[str, str]) -> None:
    _old, new = two
    desk.window.controllers.chat.open_chat(new)
    desk.app.chat_service.trash_chat(new)
    desk.settle()
    assert desk.window.controllers.chat.chat_id == ""


def test_drafts_reach_the_disk_with_their_files(desk: Desk, two: tuple[str, str]) -> None:
    old, new = two
    room, composer = desk.window.controllers.chat, desk.window.view.composer
    room.open_chat(old)
    QTest.keyClicks(composer.text_edit, "for cider")
    composer.set_files(("/a/b.pdf",))
    room.open_chat(new)
    assert not composer.files
    assert desk.app.chats.drafts.get_draft(old) == MessageDraft("for cider", ("/a/b.pdf",))
    QTest.keyClicks(composer.text_edit, "soon")
    desk.bot.waitUntil(lambda: desk.app.chats.drafts.get_draft(new) == MessageDraft("soon"))
    room.open_chat(old)
    assert (composer.draft, composer.files) == ("for cider", ("/a/b.pdf",))
    click(composer, "Don't ask b.pdf")
    assert not composer.files


def test_a_question_goes_to_the_files_over_it(desk: Desk) -> None:
    composer = desk.window.view.composer
    composer.set_files([f"/a/{name}.txt" for name in "abcdef"])
    assert "Answers from a.txt, b.txt, 4 more files" in words_of(composer)
    desk.ask("What do they say?")
    asked = desk.front.last_sent(SearchFiles).paths
    assert asked == tuple(f"/a/{name}.txt" for name in "abcdef")
    assert composer.files == asked, "the next question goes there too"
    assert desk.app.chats.drafts.get_draft("") == MessageDraft()


def test_a_temporary_chat_leaves_nothing_and_says_so(desk: Desk) -> None:
    click(desk.window.sidebar, "Temporary chat (Ctrl+Shift+N)")
    strip = desk.window.view.composer.temporary_strip
    assert strip.isVisible()
    desk.ask("A secret?")
    desk.front.answer_text("Nobody knows.")
    desk.front.answer_finished()
    desk.settle()
    chat_id = desk.window.controllers.chat.chat_id
    assert chat_id not in desk.app.chats.chat_ids()
    assert titles(desk) == []
    QTest.keyClicks(desk.window.view.composer.text_edit, "half a word")
    QTest.qWait(900)
    desk.window.controllers.chats.open_new_chat()
    assert not strip.isVisible()
    assert not desk.app.chats.chat_ids()
    drafts = desk.app.chats.drafts
    assert drafts.get_draft(chat_id) == drafts.get_draft("") == MessageDraft()


def test_a_temporary_chat_can_be_kept_after_all(desk: Desk) -> None:
    desk.window.controllers.chats.open_temporary_chat()
    desk.ask("Worth keeping?")
    desk.front.answer_finished()
    click(desk.window.view.composer, "Keep it")
    desk.settle()
    assert titles(desk) == ["Today", "Worth keeping?"]
    assert not desk.window.view.composer.temporary_strip.isVisible()


@pytest.mark.parametrize("form", ["md", "html", "json", PDF])
def test_a_chat_is_exported(desk: Desk, two: tuple[str, str], tmp_path: Path, form: str) -> None:
    desk.window.controllers.chats.run_action(ChatAction.EXPORT, two[1])
    asked = dialog()
    assert isinstance(asked, ExportDialog)
    box = control(asked, "Format")
    box.setCurrentIndex(box.findData(form))  # type: ignore[attr-defined]
    assert asked.path.name == f"Roses.{form}"
    path = tmp_path / f"out.{form}"
    control(asked, "File").setText(str(path))  # type: ignore[attr-defined]
    click(asked, "Export")
    desk.settle()
    content = path.read_bytes()
    assert content.startswith(b"%PDF-1.") if form == PDF else b"In March." in content
    assert str(path) in words_of(desk.window.view)


def test_a_file_that_is_there_is_not_replaced_unasked(
    desk: Desk, two: tuple[str, str], tmp_path: Path
) -> None:
    path = tmp_path / "mine.md"
    path.write_text("mine")
    desk.window.controllers.chats.run_action(ChatAction.EXPORT, two[0])
    control(dialog(), "File").setText(str(path))  # type: ignore[attr-defined]
    click(dialog(), "Export")
    desk.settle()
    assert "Replace this file?" in words_of(dialog())
    QTest.keyClick(dialog(), Qt.Key.Key_Return)
    desk.settle()
    assert path.read_text() == "mine"


def test_an_imported_chat_is_opened(desk: Desk, tmp_path: Path) -> None:
    exported = tmp_path / "pears.json"
    old = desk.front.put_chat("Pears", (question("q", "Ripe?"), answer("a", "In autumn.")))
    desk.app.chat_service.export_chats([old], ExportFormat.JSON, exported)
    desk.app.chat_service.delete_chat(old)
    desk.window.controllers.chats.export_controller.import_chats(str(exported))
    desk.settle()
    assert titles(desk)[1:] == ["Pears"]
    assert "In autumn." in words_of(desk.window.view.transcript)
    assert "Pears" in words_of(desk.window.view.header)


def test_all_of_it_is_among_the_actions(desk: Desk, two: tuple[str, str]) -> None:
    registry = desk.window.registry
    assert not registry.action_by_id("chat.trash").is_available
    desk.window.controllers.chat.open_chat(two[0])
    for action_id in ("chat.trash", "chat.export", "chat.rename", "chat.pin", "chat.to_group"):
        assert registry.action_by_id(action_id).is_available, action_id
    registry.action_by_id("chat.pin").trigger()
    assert titles(desk)[0] == "Pinned"
    registry.action_by_id("chat.trash").trigger()
    assert "Cider" not in titles(desk)
