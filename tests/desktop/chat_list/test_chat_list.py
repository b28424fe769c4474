"""Chat list: pins, foldable groups, the trash and restoring from it, drafts on disk."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QListWidget, QMenu

from core.chat.conversations.chat_style import DEFAULT_CHAT_STYLE, ChatStyle
from core.chat.export.chat_export import ExportFormat
from core.chat.store.draft_store import MessageDraft
from core.messages import AddFolder, SearchFiles
from desktop.chat.export.export_dialog import PDF, ExportDialog
from desktop.chat.list.chat_list import ChatAction
from desktop.chat.list.chat_list_rows import CHAT_ROLE
from desktop.kit.confirm_dialog import ConfirmDialog
from desktop.kit.drag_and_drop import classify_paths
from tests.chat.history import foreign_files
from tests.desktop.chat.test_chats import titles, two_chats
from tests.desktop.open_window import OpenWindow
from tests.desktop.seen import click, control, dialog, label_of, words_of
from tests.desktop.values import answer, question


def choose(ui: OpenWindow, chat_id: str) -> None:
    chats = ui.window.sidebar.chat_list
    for row in range(chats.count()):
        if chats.item(row).data(CHAT_ROLE) == chat_id:
            chats.setCurrentRow(row)


@pytest.fixture
def two(ui: OpenWindow) -> tuple[str, str]:
    return two_chats(ui)


def menu(ui: OpenWindow, chat_id: str) -> QMenu:
    """Open the menu of a chat."""
    choose(ui, chat_id)
    chats = ui.window.sidebar.chat_list
    chats.customContextMenuRequested.emit(chats.visualItemRect(chats.currentItem()).center())
    ui.settle()
    return next(each for each in chats.findChildren(QMenu) if each.isVisible())


def pick(shown: QMenu, label: str) -> None:
    """Choose an entry of a menu."""
    action = next(each for each in shown.actions() if label_of(each) == label)
    action.trigger()
    shown.close()


def test_a_pinned_chat_stands_on_top(ui: OpenWindow, two: tuple[str, str]) -> None:
    old, _new = two
    pick(menu(ui, old), "Pin")
    assert titles(ui) == ["Pinned", "Cider", "Today", "Roses"]
    pick(menu(ui, old), "Unpin")
    assert titles(ui) == ["Today", "Roses", "Earlier", "Cider"]


def test_a_chat_is_moved_to_a_new_group_which_folds(ui: OpenWindow, two: tuple[str, str]) -> None:
    old, _new = two
    ui.window.controllers.chats.run_action(ChatAction.MOVE_TO_NEW, old)
    asked = dialog()
    assert isinstance(asked, ConfirmDialog)
    QTest.keyClicks(asked.input_line, "Garden")
    QTest.keyClick(asked.input_line, Qt.Key.Key_Return)
    ui.settle()
    assert titles(ui) == ["Garden", "Cider", "Today", "Roses"]
    chats = ui.window.sidebar.chat_list
    chats.setFocus()
    chats.setCurrentRow(0)
    QTest.keyClick(chats, Qt.Key.Key_Left)
    assert titles(ui) == ["Garden", "Today", "Roses"]
    accessible_text = chats.item(0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert accessible_text == "Garden, 1 chat, folded"
    QTest.keyClick(chats, Qt.Key.Key_Space)
    assert "Cider" in titles(ui)
    QTest.keyClick(chats, Qt.Key.Key_Delete)
    assert titles(ui) == ["Today", "Roses", "Earlier", "Cider"]


def test_the_menu_lists_the_groups(ui: OpenWindow, two: tuple[str, str]) -> None:
    old, new = two
    ui.app.chat_organizer.add_group("Garden & house")
    group = ui.app.chat_organizer.list_groups()[0]
    ui.app.chat_organizer.move_to_group(old, group.group_id)
    shown = menu(ui, new)
    moving = next(each for each in shown.actions() if label_of(each) == "Move to group").menu()
    assert isinstance(moving, QMenu)
    pick(moving, "Garden & house")
    shown.close()
    assert titles(ui) == ["Garden & house", "Roses", "Cider"]
    ui.window.controllers.chats.run_action(ChatAction.RENAME_GROUP, group.group_id)
    asked = dialog()
    assert isinstance(asked, ConfirmDialog)
    asked.input_line.setText("Beds")
    click(asked, "Rename")
    assert titles(ui)[0] == "Beds"


def test_delete_puts_into_the_trash_and_undo_brings_back(
    ui: OpenWindow, two: tuple[str, str]
) -> None:
    _old, new = two
    ui.window.controllers.chat.open_chat(new)
    chats = ui.window.sidebar.chat_list
    assert not ui.window.sidebar.trash_button.isVisible()
    QTest.keyClick(chats, Qt.Key.Key_Delete)
    ui.settle()
    assert titles(ui) == ["Earlier", "Cider"]
    assert "What would you like to know?" in words_of(ui.window.view)
    assert "“Roses” is in the trash." in words_of(ui.window.view)
    assert ui.window.sidebar.trash_button.isVisible()
    click(ui.window.view, "Undo")
    ui.settle()
    assert titles(ui) == ["Today", "Roses", "Earlier", "Cider"]
    assert ui.window.controllers.chat.chat_id == new
    assert not ui.window.sidebar.trash_button.isVisible()


def test_undo_is_not_offered_for_what_was_put_back(ui: OpenWindow, two: tuple[str, str]) -> None:
    ui.window.controllers.chats.run_action(ChatAction.TRASH, two[1])
    ui.settle()
    assert "is in the trash." in words_of(ui.window.view)
    ui.window.sidebar.trash_button.click()
    ui.settle()
    click(dialog(), "Restore")
    ui.settle()
    assert not ui.notices.all_notices()


def test_the_trash_restores_and_deletes_for_good(ui: OpenWindow, two: tuple[str, str]) -> None:
    _old, new = two
    for chat_id in two:
        ui.app.chat_service.trash_chat(chat_id)
    click(ui.window.sidebar, "Trash")
    shown = dialog()
    listed = shown.findChild(QListWidget)
    assert listed is not None
    assert listed.count() == 2
    QTest.keyClick(listed, Qt.Key.Key_Return)
    ui.settle()
    assert titles(ui) == ["Today", "Roses"]
    click(shown, "Delete for good…")
    click(dialog(), "Delete")
    ui.settle()
    assert ui.app.chats.chat_ids() == {new}
    assert "The trash is empty." in words_of(shown)
    shown.close()


def test_a_disk_that_refuses_is_told_and_the_chat_stays(
    ui: OpenWindow, two: tuple[str, str]
) -> None:
    _old, new = two
    choose(ui, new)
    with ui.backend.unwritable_chats():
        QTest.keyClick(ui.window.sidebar.chat_list, Qt.Key.Key_Delete)
        ui.settle()
        assert "Roses" in titles(ui)
        assert "can't write" in words_of(ui.window.view)


def test_a_chat_that_another_window_deleted_is_let_go(ui: OpenWindow, two: tuple[str, str]) -> None:
    _old, new = two
    ui.window.controllers.chat.open_chat(new)
    ui.app.chat_service.trash_chat(new)
    ui.settle()
    assert ui.window.controllers.chat.chat_id == ""


def test_a_deleted_chat_leaves_the_draft_of_the_new_chat_alone(
    ui: OpenWindow, two: tuple[str, str]
) -> None:
    old, new = two
    controller, composer = ui.window.controllers.chat, ui.window.view.composer
    ui.app.chat_service.set_chat_style(new, ChatStyle(system="Rhyme."))
    QTest.keyClicks(composer.text_edit, "waiting")
    controller.open_chat(new)
    QTest.keyClick(ui.window.sidebar.chat_list, Qt.Key.Key_Delete)
    ui.settle()
    assert (controller.chat_id, composer.draft) == ("", "waiting")
    assert controller.next_question.chat_style == DEFAULT_CHAT_STYLE
    controller.open_new_chat(temporary=True)
    QTest.keyClicks(composer.text_edit, "unseen")
    ui.window.controllers.chats.run_action(ChatAction.TRASH, old)
    ui.settle()
    assert (composer.draft, controller.next_question.is_temporary) == ("unseen", True)


def test_a_new_temporary_chat_is_kept_beside_what_waits_in_the_new_chat(ui: OpenWindow) -> None:
    controller, composer = ui.window.controllers.chat, ui.window.view.composer
    QTest.keyClicks(composer.text_edit, "waiting")
    controller.open_new_chat(temporary=True)
    QTest.keyClicks(composer.text_edit, "kept")
    click(composer, "Keep it")
    assert composer.draft == "kept"
    ui.ask("Kept?")
    ui.backend.answer_finished()
    controller.open_new_chat()
    assert composer.draft == "waiting"


def test_drafts_reach_the_disk_with_their_files(ui: OpenWindow, two: tuple[str, str]) -> None:
    old, new = two
    controller, composer = ui.window.controllers.chat, ui.window.view.composer
    controller.open_chat(old)
    QTest.keyClicks(composer.text_edit, "for cider")
    composer.set_files(("/a/b.pdf",))
    controller.open_chat(new)
    assert not composer.files
    assert ui.app.chats.drafts.get_draft(old) == MessageDraft("for cider", ("/a/b.pdf",))
    QTest.keyClicks(composer.text_edit, "soon")
    ui.bot.waitUntil(lambda: ui.app.chats.drafts.get_draft(new) == MessageDraft("soon"))
    controller.open_chat(old)
    assert (composer.draft, composer.files) == ("for cider", ("/a/b.pdf",))
    click(composer, "Don't ask b.pdf")
    assert not composer.files


def test_a_question_goes_to_the_files_over_it(ui: OpenWindow) -> None:
    composer = ui.window.view.composer
    composer.set_files([f"/a/{name}.txt" for name in "abcdef"])
    assert "Answers from a.txt, b.txt, 4 more files" in words_of(composer)
    ui.ask("What do they say?")
    asked = ui.backend.last_sent(SearchFiles).paths
    assert asked == tuple(f"/a/{name}.txt" for name in "abcdef")
    assert composer.files == asked, "the next question goes there too"
    assert ui.app.chats.drafts.get_draft("") == MessageDraft()


def test_a_temporary_chat_leaves_nothing_and_says_so(ui: OpenWindow) -> None:
    click(ui.window.sidebar, "Temporary chat (Ctrl+Shift+N)")
    strip = ui.window.view.composer.temporary_strip
    assert strip.isVisible()
    ui.ask("A secret?")
    ui.backend.answer_text("Nobody knows.")
    ui.backend.answer_finished()
    ui.settle()
    chat_id = ui.window.controllers.chat.chat_id
    assert chat_id not in ui.app.chats.chat_ids()
    assert titles(ui) == []
    QTest.keyClicks(ui.window.view.composer.text_edit, "half a word")
    QTest.qWait(900)
    ui.window.controllers.chats.open_new_chat()
    assert not strip.isVisible()
    assert not ui.app.chats.chat_ids()
    drafts = ui.app.chats.drafts
    assert drafts.get_draft(chat_id) == drafts.get_draft("") == MessageDraft()


def test_a_temporary_chat_can_be_kept_after_all(ui: OpenWindow) -> None:
    ui.window.controllers.chats.open_temporary_chat()
    ui.ask("Worth keeping?")
    ui.backend.answer_finished()
    click(ui.window.view.composer, "Keep it")
    ui.settle()
    assert titles(ui) == ["Today", "Worth keeping?"]
    assert not ui.window.view.composer.temporary_strip.isVisible()


@pytest.mark.parametrize("form", ["md", "html", "json", PDF])
def test_a_chat_is_exported(
    ui: OpenWindow, two: tuple[str, str], tmp_path: Path, form: str
) -> None:
    ui.window.controllers.chats.run_action(ChatAction.EXPORT, two[1])
    asked = dialog()
    assert isinstance(asked, ExportDialog)
    box = control(asked, "Format")
    box.setCurrentIndex(box.findData(form))  # type: ignore[attr-defined]
    assert asked.path.name == f"Roses.{form}"
    path = tmp_path / f"out.{form}"
    control(asked, "File").setText(str(path))  # type: ignore[attr-defined]
    click(asked, "Export")
    ui.settle()
    content = path.read_bytes()
    assert content.startswith(b"%PDF-1.") if form == PDF else b"In March." in content
    assert str(path) in words_of(ui.window.view)


def test_a_file_that_is_there_is_not_replaced_unasked(
    ui: OpenWindow, two: tuple[str, str], tmp_path: Path
) -> None:
    path = tmp_path / "mine.md"
    path.write_text("mine")
    ui.window.controllers.chats.run_action(ChatAction.EXPORT, two[0])
    control(dialog(), "File").setText(str(path))  # type: ignore[attr-defined]
    click(dialog(), "Export")
    ui.settle()
    assert "Replace this file?" in words_of(dialog())
    QTest.keyClick(dialog(), Qt.Key.Key_Return)
    ui.settle()
    assert path.read_text() == "mine"


def test_an_imported_chat_is_opened(ui: OpenWindow, tmp_path: Path) -> None:
    exported = tmp_path / "pears.json"
    old = ui.backend.put_chat("Pears", (question("q", "Ripe?"), answer("a", "In autumn.")))
    ui.app.chat_service.export_chats([old], ExportFormat.JSON, exported)
    ui.app.chat_service.delete_chat(old)
    ui.window.controllers.chats.export_controller.import_chats(str(exported))
    ui.settle()
    assert titles(ui)[1:] == ["Pears"]
    assert "In autumn." in words_of(ui.window.view.transcript)
    assert "Pears" in words_of(ui.window.view.header)


def test_chats_of_another_program_that_are_dropped_are_taken_in(
    ui: OpenWindow, tmp_path: Path
) -> None:
    content = [foreign_files.chatgpt_chat(), {"odd": 1}]
    path = foreign_files.write_json(tmp_path / "conversations.json", content)
    other = foreign_files.write_json(tmp_path / "data.json", {"rows": []})
    ui.window.path_opener.open_paths(classify_paths([str(path), str(other)]))
    assert ui.window.view.composer.files == (str(other),)
    ui.bot.waitUntil(lambda: titles(ui)[1:] == ["Bed 0"])
    ui.bot.waitUntil(lambda: "1 chat was taken in." in words_of(ui.window.view))
    assert "it is no chat of a program that is known here" in words_of(ui.window.view)
    shown = words_of(ui.window.view.transcript)
    assert "Leeks, says answer 0." in shown
    assert "Inglenook" not in shown, "it did not say that"
    assert "gpt-4o\ntaken in from another program" in shown
    assert "Attached there: photo of bed.png" in shown


def test_files_dropped_together_are_told_of_together(ui: OpenWindow, tmp_path: Path) -> None:
    chats = [{**foreign_files.chatgpt_chat(n), "conversation_id": f"c{n}"} for n in range(2)]
    first = foreign_files.write_json(tmp_path / "conversations.json", [*chats, {"odd": 1}])
    second = foreign_files.write_json(tmp_path / "claude.json", [foreign_files.claude_chat()])
    ui.window.path_opener.open_paths(classify_paths([str(first), str(second)]))
    ui.bot.waitUntil(lambda: "3 chats were taken in." in words_of(ui.window.view))
    assert "1 chat was left out." in words_of(ui.window.view), "though another file came after it"
    (notice,) = ui.notices.all_notices()
    assert notice.severity == "warning", "it stays until it was read"
    assert not ui.window.controllers.chat.chat_id, "none of several is opened"


def test_the_folder_of_another_programs_chats_is_no_folder_of_documents(
    ui: OpenWindow, tmp_path: Path
) -> None:
    jan = tmp_path / "jan"
    jan.mkdir()
    foreign_files.write_jan(jan)
    ui.window.path_opener.open_paths(classify_paths([str(jan)]))
    ui.bot.waitUntil(lambda: titles(ui)[1:] == ["Hens"])
    assert not ui.backend.library.all_sent(AddFolder)
    told = words_of(ui.window.view)
    assert "“jan” holds chats of another program: they are not read as documents." in told
    click(ui.window.view, "Read it as documents, too")
    ui.settle()
    assert ui.backend.last_sent(AddFolder).path == str(jan)


def test_two_folders_of_chats_dropped_together_are_both_told(
    ui: OpenWindow, tmp_path: Path
) -> None:
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        foreign_files.write_jan(tmp_path / name)
    paths = [str(tmp_path / name) for name in ("first", "second")]
    ui.window.path_opener.open_paths(classify_paths(paths))
    told = [notice.problem.message for notice in ui.notices.all_notices()]
    assert [words[:20] for words in told if " holds chats " in words] == [
        "“first” holds chats ",
        "“second” holds chats",
    ]
    ui.bot.waitUntil(lambda: titles(ui)[1:] == ["Hens"])


def test_an_import_that_finds_nothing_says_so(ui: OpenWindow, tmp_path: Path) -> None:
    path = foreign_files.write_json(tmp_path / "x.json", [])
    ui.window.controllers.chats.export_controller.import_chats(str(path))
    ui.bot.waitUntil(lambda: "No chats can be taken from x.json" in words_of(ui.window.view))


def test_all_of_it_is_among_the_actions(ui: OpenWindow, two: tuple[str, str]) -> None:
    registry = ui.window.registry
    assert not registry.action_by_id("chat.trash").is_available
    ui.window.controllers.chat.open_chat(two[0])
    for action_id in ("chat.trash", "chat.export", "chat.rename", "chat.pin", "chat.to_group"):
        assert registry.action_by_id(action_id).is_available, action_id
    registry.action_by_id("chat.pin").trigger()
    assert titles(ui)[0] == "Pinned"
    registry.action_by_id("chat.trash").trigger()
    assert "Cider" not in titles(ui)
