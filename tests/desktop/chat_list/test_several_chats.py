"""Several chats of the list: selected, trashed and pinned together; keys stay in their place."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QMenu

from core.chat.export.chat_export import ExportFormat
from desktop.chat.export.export_dialog import ExportDialog
from desktop.chat.list.chat_list_rows import CHAT_ROLE
from tests.desktop.chat_list.test_chat_list import choose, pick
from tests.desktop.open_window import OpenWindow
from tests.desktop.seen import click, control, dialog, label_of, words_of
from tests.desktop.values import answer, question


def many(ui: OpenWindow, number: int = 5) -> list[str]:
    """Put so many chats, and return their ids as they are listed."""
    for each in range(number):
        turns = (question(f"q{each}", "When?"), answer(f"a{each}", "At nine."))
        ui.backend.put_chat(f"Chat {each}", turns)
    ui.window.controllers.chats.refresh_list()
    ui.settle()
    chats = ui.window.sidebar.chat_list
    rows = [chats.item(row).data(CHAT_ROLE) for row in range(chats.count())]
    return [each for each in rows if each]


def test_several_selected_chats_go_into_the_trash_at_once_and_come_back(ui: OpenWindow) -> None:
    listed = many(ui)
    chats = ui.window.sidebar.chat_list
    chats.setFocus()
    chats.setCurrentRow(2)
    for _step in range(2):
        QTest.keyClick(chats, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert chats.selected_chats == tuple(listed[1:4])
    QTest.keyClick(chats, Qt.Key.Key_Delete)
    ui.settle()
    assert ui.app.chats.chat_ids() == set(listed), "they are in the trash only"
    assert [each.chat_id for each in ui.app.chats.list_chats()] == [listed[0], listed[4]]
    assert "3 chats are in the trash." in words_of(ui.window.view)
    click(ui.window.view, "Undo")
    ui.settle()
    assert len(ui.app.chats.list_chats()) == 5


def test_the_menu_of_several_chats_is_about_all_of_them(ui: OpenWindow) -> None:
    listed = many(ui)
    chats = ui.window.sidebar.chat_list
    chats.setCurrentRow(1)
    chats.item(3).setSelected(True)
    place = chats.visualItemRect(chats.item(3)).center()
    chats.customContextMenuRequested.emit(place)
    ui.settle()
    (shown,) = [each for each in chats.findChildren(QMenu) if each.isVisible()]
    labels = [label_of(each) for each in shown.actions() if not each.isSeparator()]
    assert labels == ["Pin", "Export 2 chats…", "Move 2 chats to the trash"]
    pick(shown, "Pin")
    shown.close()
    ui.settle()
    pinned = {each.chat_id for each in ui.app.chats.list_chats() if each.pinned}
    assert pinned == {listed[0], listed[2]}


@pytest.mark.parametrize("form", list(ExportFormat))
def test_all_chats_are_written_to_one_file(ui: OpenWindow, tmp_path: Path, form: str) -> None:
    ui.window.registry.action_by_id("chat.export_all").trigger()
    assert "There is nothing to export." in words_of(ui.window.view)
    many(ui, 120)
    ui.window.registry.action_by_id("chat.export_all").trigger()
    asked = dialog()
    assert isinstance(asked, ExportDialog)
    assert "Export 120 chats" in words_of(asked)
    forms = control(asked, "Format")
    assert isinstance(forms, QComboBox)
    offered = [forms.itemData(row) for row in range(forms.count())]
    assert sorted(offered) == sorted(ExportFormat), "a PDF of all would take minutes"
    forms.setCurrentIndex(offered.index(form))
    assert asked.path.name.startswith("Chats of 2")
    control(asked, "File").setText(str(tmp_path / f"all.{form}"))  # type: ignore[attr-defined]
    click(asked, "Export")
    ui.bot.waitUntil(lambda: "120 chats were written to" in words_of(ui.window.view))
    written = (tmp_path / f"all.{form}").read_text()
    assert all(f"Chat {number}" in written for number in range(120))


def test_a_place_that_refuses_all_chats_is_said(ui: OpenWindow, tmp_path: Path) -> None:
    many(ui)
    ui.window.controllers.chats.export_controller.export_several(
        [each.chat_id for each in ui.app.chats.list_chats()][:2]
    )
    asked = dialog()
    control(asked, "File").setText(str(tmp_path / "none" / "all.md"))  # type: ignore[attr-defined]
    click(asked, "Export")
    ui.bot.waitUntil(lambda: "can't be written" in words_of(ui.window.view))


def test_a_click_with_ctrl_selects_and_opens_nothing(ui: OpenWindow) -> None:
    listed = many(ui)
    chats = ui.window.sidebar.chat_list
    choose(ui, listed[0])
    ui.window.controllers.chat.open_chat(listed[0])
    QTest.mouseClick(
        chats.viewport(),
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.ControlModifier,
        chats.visualItemRect(chats.item(3)).center(),
    )
    assert ui.window.controllers.chat.chat_id == listed[0]
    assert chats.selected_chats == (listed[0], listed[2])


def test_keys_stay_where_they_were_when_the_list_changes(ui: OpenWindow) -> None:
    listed = many(ui)
    chats = ui.window.sidebar.chat_list
    ui.window.controllers.chat.open_chat(listed[4])
    chats.setFocus()
    chats.setCurrentRow(2)
    ui.window.controllers.chats.refresh_list()  # as when an answer ends
    assert chats.selected_chats == (listed[1],)
    QTest.keyClick(chats, Qt.Key.Key_Delete)
    ui.settle()
    assert chats.selected_chats == (listed[2],), "the next one: Delete goes on there"
    QTest.keyClick(chats, Qt.Key.Key_Delete)
    ui.settle()
    assert chats.selected_chats == (listed[3],)
    assert chats.hasFocus()


def test_the_open_chat_is_marked_again_once_the_keys_are_elsewhere(ui: OpenWindow) -> None:
    listed = many(ui)
    chats = ui.window.sidebar.chat_list
    ui.window.controllers.chat.open_chat(listed[4])
    chats.setFocus()
    chats.setCurrentRow(2)
    ui.window.view.composer.text_edit.setFocus()
    assert chats.selected_chats == (listed[4],)


def test_an_empty_list_takes_no_tab(ui: OpenWindow) -> None:
    chats = ui.window.sidebar.chat_list
    assert not chats.focusPolicy() & Qt.FocusPolicy.TabFocus
    many(ui)
    assert chats.focusPolicy() & Qt.FocusPolicy.TabFocus
