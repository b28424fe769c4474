"""Appearance: light, dark, contrast, icons, window geometry."""

import re
from collections.abc import Callable
from itertools import product
from pathlib import Path
from string import Template
from xml.etree import ElementTree as ET

import pytest
from PySide6.QtCore import QPoint, QRect, Qt, QTimer
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QMenu, QStyle

from core.base.paths import resources_folder
from core.base.settings.window_settings import CONTRAST, LESS_MOTION, SCHEME, TEXT_SIZE
from desktop.chat.cards.answer_card import AnswerCard
from desktop.chat.message.message_text import MessageText
from desktop.kit.buttons_and_labels import IconButton, TextButton
from desktop.kit.check_box import ThemedCheckBox
from desktop.kit.spinner import Spinner
from desktop.kit.theme import SHEET_SIZES, TYPE_SCALE, Theme
from desktop.kit.theme_colours import DARK, DARK_STRONG, LIGHT, LIGHT_STRONG, ThemeColours
from desktop.window.main_window import MainWindow
from tests.desktop.open_window import OpenWindow
from tests.desktop.scripted_backend import ScriptedBackend
from tests.desktop.seen import control, dialog
from tests.desktop.values import answer, question
from tests.screens.states_chats import trash
from tests.screens.states_sources import folder_documents

ICONS = sorted((resources_folder() / "icons").glob("*.svg"))
STYLE_SHEETS = sorted((resources_folder() / "themes").glob("*.qss"))
GROUNDS = ("canvas", "side", "raised", "hover", "bubble", "code")
READABLE = [
    *((ink, ground) for ink in ("text", "muted") for ground in GROUNDS),
    *((ink, on) for ink in ("link", "info", "error", "warning", "good") for on in GROUNDS[:3]),
    ("link", "bubble"), ("link", "code"), ("info", "code"),
    ("text", "selected"), ("muted", "selected"), ("text", "mark"), ("text", "info_soft"),
    ("on_accent", "accent"), ("on_accent", "accent_hover"), ("info", "info_soft"),
    ("canvas", "link"), ("canvas", "info"), ("canvas", "text"), ("muted", "info_soft"),
    *((ink, f"{kind}_soft") for kind in ("error", "warning") for ink in ("text", kind)),
    ("good", "good_soft"), ("good", "info_soft"),
]  # fmt: skip
OUTLINES = [
    *(("field", ground) for ground in ("raised", "canvas")),
    *(("focus", ground) for ground in GROUNDS), ("muted", "raised"),
    *(("info", ground) for ground in (*GROUNDS[:3], "selected")),
]  # fmt: skip
"""What is seen without being read: outlines of fields, the focus, ticks and progress."""


def luminance(colour: str) -> float:
    """Return the relative luminance of WCAG 2."""
    ink = QColor(colour)
    red, green, blue = (
        value / 12.92 if value <= 0.03928 else ((value + 0.055) / 1.055) ** 2.4
        for value in (ink.redF(), ink.greenF(), ink.blueF())
    )
    return float(0.2126 * red + 0.7152 * green + 0.0722 * blue)


def contrast(ink: str, ground: str) -> float:
    """Return the contrast of WCAG 2, 1 to 21."""
    light, dark = sorted((luminance(ink), luminance(ground)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(
    ("colours", "least"),
    [(LIGHT, 4.5), (DARK, 4.5), (LIGHT_STRONG, 7.0), (DARK_STRONG, 7.0)],
    ids=["light", "dark", "light strong", "dark strong"],
)
def test_words_can_be_read_on_every_ground(colours: ThemeColours, least: float) -> None:
    table = colours._asdict()
    weak = []
    for ink, ground in READABLE:
        ratio = contrast(table[ink], table[ground])
        if ratio < least:
            weak.append(f"{ink} on {ground}: {ratio:.2f}")
    assert not weak


@pytest.mark.parametrize(
    "colours", [LIGHT, DARK, LIGHT_STRONG, DARK_STRONG], ids=["light", "dark", "ls", "ds"]
)
def test_outlines_are_seen_and_each_rule_of_the_sheet_can_be_read(colours: ThemeColours) -> None:
    table = colours._asdict()
    pairs = dict.fromkeys(OUTLINES, 3.0)
    rule = re.compile(r"\{[^{}]*\}")
    for path in STYLE_SHEETS:
        for found in rule.findall(path.read_text("utf-8")):
            ground = re.search(r"[ {;]background: \$(\w+)", found)
            ink = re.search(r"[ {;]color: \$(\w+)", found)
            disabled = "selected" if ground and ground[1] == "selected" else ""
            if ground and ink and not disabled:
                pairs[ink[1], ground[1]] = 4.5
    weak = {pair: contrast(*map(table.__getitem__, pair)) for pair in pairs}
    assert not {pair: ratio for pair, ratio in weak.items() if ratio < pairs[pair]}


@pytest.mark.parametrize(
    "colours", [LIGHT, DARK, LIGHT_STRONG, DARK_STRONG], ids=["light", "dark", "ls", "ds"]
)
def test_the_row_that_keys_have_chosen_stands_out(colours: ThemeColours) -> None:
    table = colours._asdict()
    assert contrast(table["hover"], table["raised"]) > 1.1
    chosen = re.compile(
        r"^(?:QMenu|QListWidget#\w+)::item:selected \{ background: \$(\w+)", re.MULTILINE
    )
    grounds = [name for path in STYLE_SHEETS for name in chosen.findall(path.read_text("utf-8"))]
    assert len(grounds) > 2
    for name in grounds:
        assert contrast(table[name], table["raised"]) > 1.15, name


def test_the_accent_is_for_the_primary_action_alone() -> None:
    lines = [line for path in STYLE_SHEETS for line in path.read_text("utf-8").splitlines()]
    accented = [line for line in lines if "$accent" in line]
    assert accented
    for line in accented:
        assert line.startswith(('QPushButton[role="primary"]', 'QToolButton[role="send"]'))


def test_the_style_sheet_uses_known_roles_only() -> None:
    assert STYLE_SHEETS
    for path in STYLE_SHEETS:
        sheet = Template(path.read_text("utf-8"))
        sizes = {f"px{size}" for size in SHEET_SIZES} | {f"type_{name}" for name in TYPE_SCALE}
        assert set(sheet.get_identifiers()) <= {*LIGHT._fields, "folder", "tick", *sizes}
        assert sheet.is_valid()


@pytest.mark.parametrize("path", ICONS, ids=lambda path: path.stem)
def test_an_icon_has_one_colour_and_no_reference(path: Path) -> None:
    drawing = ET.parse(path).getroot()
    colours = {
        value
        for part in drawing.iter()
        for name, value in part.attrib.items()
        if name in {"fill", "stroke"}
    }
    assert colours <= {"none", "currentColor"}
    assert "href" not in path.read_text("utf-8")


def test_icons_are_tinted_and_sharp_on_fine_screens(theme: Theme) -> None:
    icon = theme.icon("send", "accent", 20)
    picture = icon.pixmap(icon.actualSize(icon.availableSizes()[0])).toImage()
    inks = {
        picture.pixelColor(x, y).name()
        for x in range(picture.width())
        for y in range(picture.height())
        if picture.pixelColor(x, y).alpha() == 255
    }
    assert inks == {theme.colours.accent}


def test_the_setting_chooses_and_the_window_changes_in_place(ui: OpenWindow) -> None:
    ui.ask("show me")
    ui.backend.answer_text("`code`")
    ui.backend.answer_finished()
    ui.backend.settings.set_value(SCHEME, "dark")
    ui.theme.apply_settings()
    ui.settle()
    assert ui.theme.colours is DARK
    ground = QApplication.palette().color(QPalette.ColorRole.Window)
    assert ground.name() == DARK.canvas
    card = ui.window.view.transcript.findChildren(AnswerCard)[0]
    html = card.findChildren(MessageText)[0].toHtml()
    assert DARK.code in html
    assert LIGHT.code not in html
    ui.backend.settings.set_value(SCHEME, "light")
    ui.theme.apply_settings()
    assert ui.theme.colours is LIGHT


@pytest.mark.parametrize(("scheme", "strong"), [("dark", DARK_STRONG), ("light", LIGHT_STRONG)])
def test_high_contrast_is_a_setting_of_its_own(
    ui: OpenWindow, scheme: str, strong: ThemeColours
) -> None:
    ui.backend.settings.set_value(SCHEME, scheme)
    ui.backend.settings.set_value(CONTRAST, "high")
    ui.theme.apply_settings()
    ui.settle()
    assert ui.theme.colours is strong
    picture = ui.window.grab().toImage()
    assert picture.pixelColor(picture.width() - 40, 120).name() == strong.canvas


@pytest.mark.parametrize("strength", ["normal", "high"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_disabled_check_box_is_seen_to_be_disabled(
    ui: OpenWindow, scheme: str, strength: str
) -> None:
    ui.backend.settings.set_value(SCHEME, scheme)
    ui.backend.settings.set_value(CONTRAST, strength)
    ui.theme.apply_settings()
    colours = ui.theme.colours
    box = ThemedCheckBox(ui.theme)
    box.setText("M" * 12)
    box.resize(200, box.sizeHint().height())
    inks = {}
    for enabled, checked in product((True, False), (True, False)):
        box.setEnabled(enabled)
        box.setChecked(checked)
        picture = box.grab().toImage()
        middle = picture.height() // 2
        edge = picture.pixelColor(4, middle - 4).name()
        words = {
            picture.pixelColor(x, y).name()
            for x in range(round(box.text_indent * picture.devicePixelRatio()), picture.width())
            for y in range(picture.height())
        }
        inks[enabled, checked] = edge
        assert (colours.text in words) is enabled
        assert (colours.muted in words) is not enabled
    assert inks == {
        (True, True): colours.info,
        (True, False): colours.raised,
        (False, True): colours.muted,
        (False, False): colours.side,
    }
    assert contrast(colours.muted, colours.canvas) >= 3.0
    box.deleteLater()


def test_text_grows_in_place_and_back(ui: OpenWindow) -> None:
    label = ui.window.sidebar.new_button
    before = label.font().pointSizeF()
    ui.backend.settings.set_value(TEXT_SIZE, 200)
    ui.theme.apply_settings()
    ui.settle()
    assert label.font().pointSizeF() == pytest.approx(2 * before)
    assert ui.window.view.composer.text_edit.font().pointSizeF() >= 2 * before
    ui.backend.settings.set_value(TEXT_SIZE, 100)
    ui.theme.apply_settings()
    ui.settle()
    assert label.font().pointSizeF() == pytest.approx(before)


def test_an_empty_chat_is_not_squeezed_by_large_text(ui: OpenWindow) -> None:
    ui.window.resize(760, 600)
    ui.backend.settings.set_value(TEXT_SIZE, 200)
    ui.theme.apply_settings()
    ui.window.view.greeting.show_questions(["When?", "Who?", "Where?"])
    ui.settle()
    view = ui.window.view
    assert view.header.height() >= view.header.sizeHint().height()
    for name in ("Add a folder…", "When?"):
        button = control(view.greeting, name)
        assert button.height() >= button.sizeHint().height()
    ui.backend.settings.set_value(TEXT_SIZE, 100)
    ui.theme.apply_settings()
    ui.settle()


def test_the_sidebar_is_as_wide_as_before_after_large_text(ui: OpenWindow) -> None:
    ui.window.resize(1300, 800)
    ui.settle()
    ui.window.splitter.setSizes([300, 1000, 0])
    before = ui.window.sidebar.width()
    for size in (110, 200, 150, 100):
        ui.backend.settings.set_value(TEXT_SIZE, size)
        ui.theme.apply_settings()
        ui.settle()
    assert ui.window.sidebar.width() == before


@pytest.mark.parametrize("state", [trash, folder_documents])
def test_large_text_cuts_no_button_of_a_narrow_window(
    ui: OpenWindow, state: Callable[[ScriptedBackend, MainWindow], None]
) -> None:
    ui.window.resize(1000, 700)
    ui.backend.settings.set_value(TEXT_SIZE, 200)
    ui.theme.apply_settings()
    state(ui.backend, ui.window)
    ui.settle()
    buttons = [each for each in dialog().findChildren(TextButton) if each.isVisible()]
    cut = [each.text() for each in buttons if each.width() < each.sizeHint().width()]
    ui.backend.settings.set_value(TEXT_SIZE, 100)
    ui.theme.apply_settings()
    assert buttons
    assert not cut


@pytest.mark.parametrize("size", [90, 100, 110, 130, 170])
def test_the_send_button_is_round_at_each_size_of_text(ui: OpenWindow, size: int) -> None:
    ui.backend.settings.set_value(TEXT_SIZE, size)
    ui.theme.apply_settings()
    ui.window.view.composer.set_draft("When?")
    ui.settle()
    button = ui.window.view.composer.button
    place = QRect(button.mapTo(ui.window, QPoint()), button.size())
    picture = ui.window.grab(place).toImage()
    middle = picture.pixelColor(2, picture.height() // 2).name()
    corner = picture.pixelColor(2, 2).name()
    ui.backend.settings.set_value(TEXT_SIZE, 100)
    ui.theme.apply_settings()
    assert middle == ui.theme.colours.accent
    assert corner != middle


def test_text_grows_step_by_step_as_it_does_at_once(ui: OpenWindow) -> None:
    ui.backend.put_chat("Chat", (question("q", "When?"), answer("a", "In March.\n\n```\nx\n```")))
    ui.window.controllers.chat.open_chat("chat-1")
    ui.settle()
    texts = [
        ui.window.view.composer.text_edit,
        *ui.window.view.transcript.findChildren(MessageText),
    ]
    before = [text.font().pointSizeF() for text in texts]
    for key, times, share in ((Qt.Key.Key_Plus, 3, 1.3), (Qt.Key.Key_Minus, 3, 1.0)):
        for _ in range(times):
            QTest.keyClick(ui.window, key, Qt.KeyboardModifier.ControlModifier)
            ui.settle()
        sizes = [text.font().pointSizeF() for text in texts]
        assert sizes == [text.viewport().font().pointSizeF() for text in texts], "placeholders"
        assert sizes == pytest.approx([share * size for size in before], abs=0.1)


def icon_sizes(ui: OpenWindow) -> list[int]:
    """Return how large the icons of all buttons are, and those of a menu as they are drawn."""
    buttons = ui.window.findChildren(QAbstractButton)
    ours = [each for each in buttons if isinstance(each, IconButton | TextButton)]
    sizes = [each.iconSize().height() for each in ours if not each.icon().isNull()]
    (menu,) = [each for each in ui.window.findChildren(QMenu) if each.title() == "&Chat"]
    menu.aboutToShow.emit()
    drawn = menu.style().pixelMetric(QStyle.PixelMetric.PM_SmallIconSize, None, menu)
    icons = [action.icon() for action in menu.actions() if not action.icon().isNull()]
    assert icons
    return [*sizes, drawn, *(icon.availableSizes()[0].height() for icon in icons)]


def test_icons_grow_with_the_text_and_back(ui: OpenWindow) -> None:
    ui.backend.put_chat("Chat", (question("q", "When?"), answer("a", "In March.")))
    ui.window.controllers.chat.open_chat("chat-1")
    ui.settle()
    send = ui.window.view.composer.button
    before, side = icon_sizes(ui), send.width()
    ui.backend.settings.set_value(TEXT_SIZE, 200)
    ui.theme.apply_settings()
    ui.settle()
    assert icon_sizes(ui) == [2 * size for size in before]
    assert send.width() == send.height() == 2 * side
    ui.backend.settings.set_value(TEXT_SIZE, 100)
    ui.theme.apply_settings()
    ui.settle()
    assert icon_sizes(ui) == before
    assert send.width() == side


def test_with_less_motion_nothing_turns_or_blinks(ui: OpenWindow) -> None:
    ui.backend.settings.set_value(LESS_MOTION, value=True)
    ui.theme.apply_settings()
    try:
        assert QGuiApplication.styleHints().cursorFlashTime() == 0
        spinner = Spinner(ui.theme)
        ui.bot.addWidget(spinner)
        spinner.show()
        assert not [timer for timer in spinner.findChildren(QTimer) if timer.isActive()]
    finally:
        ui.backend.settings.set_value(LESS_MOTION, value=False)
        ui.theme.apply_settings()
    assert QGuiApplication.styleHints().cursorFlashTime() > 0


def test_the_system_is_followed(qapp: QApplication, backend: ScriptedBackend) -> None:
    backend.settings.set_value(SCHEME, "system")
    theme = Theme(qapp, backend.settings)
    dark = QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark
    assert theme.colours is (DARK if dark else LIGHT)
    theme.deleteLater()


def test_a_pixel_of_the_window_has_the_colour_of_its_role(ui: OpenWindow) -> None:
    for scheme, colours in (("dark", DARK), ("light", LIGHT)):
        ui.backend.settings.set_value(SCHEME, scheme)
        ui.theme.apply_settings()
        ui.settle()
        picture = ui.window.grab().toImage()
        assert picture.pixelColor(4, 300).name() == colours.side
        assert picture.pixelColor(picture.width() - 40, 120).name() == colours.canvas


@pytest.mark.parametrize("contrast", ["normal", "high"])
def test_what_an_empty_field_says_is_as_readable_as_other_words(
    ui: OpenWindow, contrast: str
) -> None:
    ui.backend.settings.set_value(CONTRAST, contrast)
    ui.theme.apply_settings()
    ui.settle()
    shown = ui.window.view.composer.text_edit.palette().color(QPalette.ColorRole.PlaceholderText)
    assert shown == QColor(ui.theme.colours.muted)
