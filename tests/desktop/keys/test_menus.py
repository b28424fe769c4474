"""Menus: short, what belongs together behind one entry, each entry with a letter of its own."""

import re

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu, QWidget

from desktop.kit.actions import MenuGroup
from desktop.kit.buttons_and_labels import assign_access_letters
from tests.desktop.chat.test_chats import two_chats
from tests.desktop.open_window import OpenWindow
from tests.desktop.seen import dialog, words_of

MOST = 12
"""Entries of a menu that are taken in at a look."""


def menus(ui: OpenWindow) -> list[QMenu]:
    """All menus, with those that open beside them."""
    top = [menu for each in ui.window.menuBar().actions() if isinstance(menu := each.menu(), QMenu)]
    beside = [each.menu() for menu in top for each in menu.actions() if each.menu()]
    return [*top, *(menu for menu in beside if isinstance(menu, QMenu))]


def shown_menu(parent: QWidget) -> QMenu:
    (menu,) = [each for each in parent.findChildren(QMenu) if each.isVisible()]
    return menu


def check_letters(menu: QMenu) -> None:
    entries = [each.text() for each in menu.actions() if not each.isSeparator()]
    letters = [found[1].casefold() for text in entries if (found := re.search("&([^&])", text))]
    assert len(letters) == len(entries), entries
    assert len(set(letters)) == len(letters), entries


def test_no_menu_is_long_and_none_shows_some_icons(ui: OpenWindow) -> None:
    for menu in menus(ui):
        entries = [each for each in menu.actions() if not each.isSeparator()]
        assert 0 < len(entries) <= MOST, menu.title()
        assert not any(each.isIconVisibleInMenu() and not each.icon().isNull() for each in entries)


def test_each_entry_has_a_letter_of_its_own(ui: OpenWindow) -> None:
    for menu in menus(ui):
        check_letters(menu)


def test_menus_of_chats_and_answers_have_letters_that_are_pressed(ui: OpenWindow) -> None:
    chat_id = two_chats(ui)[0]
    ui.window.view.composer.bar.style_button.click()
    ui.settle()
    menu = shown_menu(ui.window.view.composer)
    check_letters(menu)
    menu.close()
    chats = ui.window.sidebar.chat_list
    chats.menu_wanted.emit(chat_id, QPoint(10, 10))
    ui.settle()
    menu = shown_menu(chats)
    check_letters(menu)
    QTest.keyClick(menu, Qt.Key.Key_R)
    ui.settle()
    assert "Rename" in words_of(dialog())
    QTest.keyClick(dialog(), Qt.Key.Key_Escape)
    ui.settle()


def test_every_action_is_in_its_menu(ui: OpenWindow) -> None:
    shown = {action for menu in menus(ui) for action in menu.actions()}
    for group in MenuGroup:
        assert set(ui.window.registry.actions_in_menu(group)) <= shown


def test_letters_lead_to_an_entry_that_opens_beside(ui: OpenWindow) -> None:
    chat = ui.window.menuBar().actions()[3].menu()
    assert isinstance(chat, QMenu)
    chat.popup(ui.window.mapToGlobal(ui.window.rect().center()))
    ui.settle()
    answer = next(each for each in chat.actions() if each.text() == "&Last answer")
    QTest.keyClick(chat, Qt.Key.Key_L)
    ui.settle()
    beside = answer.menu()
    assert isinstance(beside, QMenu)
    assert beside.isVisible()
    QTest.keyClick(beside, Qt.Key.Key_Escape)
    QTest.keyClick(chat, Qt.Key.Key_Escape)
    ui.settle()
    assert not chat.isVisible()


def test_an_entry_registered_later_comes_into_its_menu(ui: OpenWindow) -> None:
    late = ui.window.registry.add_action("view.late", MenuGroup.VIEW, "Late", lambda: None)
    view = ui.window.menuBar().actions()[2].menu()
    assert isinstance(view, QMenu)
    view.aboutToShow.emit()
    assert late in view.actions()
    assert len([each for each in view.actions() if each.menu()]) == 3


def test_an_ampersand_of_a_label_is_no_letter() -> None:
    one = QAction("Salt && pepper")
    assign_access_letters([one])
    assert one.text() == "&Salt && pepper"
