"""Buttons and labels with accessible names, elided text and icons in theme colours."""

from collections.abc import Iterable
from typing import Protocol

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, QTimer
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QGuiApplication,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QDialog,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyleOptionButton,
    QStylePainter,
    QToolButton,
    QWidget,
)

from core.base.i18n import _
from desktop.kit.reading_column import margins
from desktop.kit.theme import Theme

_ICON, _GAP = 18, 4
_LEAST_LETTERS = 4
_TOO_FEW = 5
"""Letters of a cut text, "…" among them, that say less than the icon beside it."""


def set_style_property(widget: QWidget, name: str, value: object) -> None:
    """Set a property that the style sheet selects by, and restyle the widget."""
    if widget.property(name) == value:
        return
    widget.setProperty(name, value)
    if not widget.testAttribute(Qt.WidgetAttribute.WA_WState_Polished):
        return  # its look is asked for when it is first shown
    style = widget.style()
    style.unpolish(widget)
    style.polish(widget)


def plain_label(text: str = "", role: str = "", *, wrap: bool = False) -> QLabel:
    """Return a label that never interprets its text as markup."""
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(wrap)
    if role:
        label.setProperty("role", role)
    return label


def pad_number(box: QAbstractSpinBox) -> None:
    """Keep a number off the frame of its box, whose line a style sheet's padding misses."""
    box.lineEdit().setTextMargins(margins(8, 0, 0, 0))


def begin_with_window(label: QLabel) -> QLabel:
    """Let a text stand at the side where reading begins in the window, whatever its own is.

    For names and paths beside sentences; what a person wrote begins where its own language does.
    """
    if QGuiApplication.isRightToLeft():
        side = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignAbsolute
        label.setAlignment(side | Qt.AlignmentFlag.AlignVCenter)
    return label


def as_tooltip(text: str) -> str:
    """Return `text` escaped for a tooltip, where Qt takes "<" for markup."""
    if "<" not in text:
        return text
    from html import escape  # noqa: PLC0415 - not for the first paint

    return f"<qt>{escape(text)}</qt>"


def add_clear_button(line: QLineEdit) -> None:
    """Show a clear button in `line`; Qt's own has no accessible name."""
    line.setClearButtonEnabled(True)
    for button in line.findChildren(QToolButton):
        button.setAccessibleName(_("Clear"))


def draw_text_line(painter: QPainter, text_rect: QRect, words: str) -> None:
    """Draw text aligned to the start of the line, but in the text's own direction.

    In a window that runs to the left, the "?" behind a Latin title would stand before it.
    """
    mirrored = painter.layoutDirection() is Qt.LayoutDirection.RightToLeft
    side = Qt.AlignmentFlag.AlignRight if mirrored else Qt.AlignmentFlag.AlignLeft
    painter.save()
    painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)
    flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute | side
    painter.drawText(text_rect, flags, words)
    painter.restore()


def press_with_enter(button: QAbstractButton, event: QKeyEvent) -> bool:
    """Press a button that has the focus with Enter; returns whether it was that key."""
    if event.key() not in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
        return False
    button.click()
    return True


class ElidedLabel(QLabel):
    """One line of plain text that ends in "…" where it does not fit; the tooltip has it whole.

    `set_details` puts more into the tooltip, which a screen reader says too. With a `separator`,
    parts at the end are left out whole, so that no number is cut.
    """

    def __init__(
        self,
        text: str = "",
        role: str = "",
        *,
        mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
        separator: str = "",
    ) -> None:
        super().__init__()
        self._mode = mode
        self._separator = separator
        self._details = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", role)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.setText(text)

    def set_details(self, details: str) -> None:
        """Show more text in the tooltip."""
        self._details = details
        self.setAccessibleDescription(details)
        self._show_tooltip()

    def minimumSizeHint(self) -> QSize:
        """Any width is accepted."""
        return QSize(24, super().minimumSizeHint().height())

    @property
    def shown_text(self) -> str:
        """The text as it fits into the available width."""
        text, metrics = self.text(), self.fontMetrics()
        while metrics.horizontalAdvance(text) > self.width():
            shorter = text.rpartition(self._separator)[0] if self._separator else ""
            if not shorter:
                break
            text = shorter
        return metrics.elidedText(text, self._mode, self.width())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the text, elided to the available width."""
        painter = QPainter(self)
        shown = self.shown_text
        draw_text_line(painter, self.contentsRect(), shown)
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show the whole text as a tooltip where it doesn't fit."""
        super().resizeEvent(event)
        self._show_tooltip()

    def changeEvent(self, event: QEvent) -> None:
        """Update the height when the font changes."""
        super().changeEvent(event)
        self._show_tooltip()

    def _show_tooltip(self) -> None:
        fits = self.fontMetrics().horizontalAdvance(self.text()) <= self.width()
        lines = [*([] if fits else [self.text()]), *([self._details] if self._details else [])]
        self.setToolTip(as_tooltip("\n".join(lines)))


_LABEL_SIZE = 16


class IconLabel(QLabel):
    """One icon that shows a state; `name` is its tooltip and what a screen reader says."""

    def __init__(self, theme: Theme, icon: str, name: str) -> None:
        super().__init__()
        self._theme = theme
        self._icon_name = icon
        self.setAccessibleName(name)
        self.setToolTip(name)
        theme.changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    def _on_theme_changed(self) -> None:
        self.setPixmap(self._theme.icon_pixmap(self._icon_name, size=_LABEL_SIZE))


_DONE_MARK_MS = 1500


class IconButton(QToolButton):
    """A button with an icon only; `name` is its tooltip and accessible name.

    `side` is how wide and high it is, 0 for as the style has it.
    """

    def __init__(
        self,
        theme: Theme,
        icon: str,
        name: str,
        *,
        role: str = "muted",
        size: int = 20,
        side: int = 0,
    ) -> None:
        super().__init__()
        self._theme = theme
        self._icon_name = icon
        self._icon_role = role
        self._icon_size = size
        self._side = side
        self._done_timer: QTimer | None = None
        """Runs while a check mark is shown in place of the icon."""
        self._build(name)
        theme.changed.connect(self._on_theme_changed)

    def _build(self, name: str) -> None:
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._on_theme_changed()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Press it with Enter too."""
        if not press_with_enter(self, event):
            super().keyPressEvent(event)

    def show_icon(self, icon: str, name: str) -> None:
        """Change icon and name of the button."""
        self._icon_name = icon
        self.setAccessibleName(name)
        self.setToolTip(name)
        self._on_theme_changed()

    def show_done_mark(self, words: str) -> None:
        """Show a check mark for a moment, with `words` for screen readers: it was done."""
        if self._done_timer is None:
            self._done_timer = QTimer(self)
            self._done_timer.setSingleShot(True)
            self._done_timer.setInterval(_DONE_MARK_MS)
            self._done_timer.timeout.connect(self._on_theme_changed)
        self._done_timer.start()
        self._on_theme_changed()
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, words))

    def _on_theme_changed(self) -> None:
        is_done = self._done_timer is not None and self._done_timer.isActive()
        name = "check" if is_done else self._icon_name
        self.setIcon(self._theme.icon(name, self._icon_role, self._icon_size))
        size, side = self._theme.scaled(self._icon_size), self._theme.scaled(self._side)
        self.setIconSize(QSize(size, size))
        if side:
            self.setFixedSize(side, side)


class TextButton(QPushButton):
    """A button with text, and with one of our icons before it if `icon` names one."""

    def __init__(self, theme: Theme, text: str, *, icon: str = "", role: str = "") -> None:
        super().__init__(text)
        self._theme = theme
        self._icon_name = icon
        self.setProperty("role", role)
        self.setAccessibleName(text)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAutoDefault(False)
        self.setDefault(role == "primary")
        if icon:
            theme.changed.connect(self._on_theme_changed)
            self._on_theme_changed()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Press it with Enter too; Enter elsewhere in a dialog or page presses the primary one."""
        if not press_with_enter(self, event):
            super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        """Give the buttons of a dialog a letter each, which presses one together with Alt."""
        super().showEvent(event)
        give_letters(self.window())

    def show_words(self, words: str) -> None:
        """Change what stands on it."""
        self.setText(words)
        self.setAccessibleName(words)
        give_letters(self.window())

    def show_icon(self, icon: str) -> None:
        """Replace the icon before the text; there has to be one already."""
        self._icon_name = icon
        self._on_theme_changed()

    def _on_theme_changed(self) -> None:
        role = "on_accent" if self.property("role") == "primary" else "muted"
        self.setIcon(self._theme.icon(self._icon_name, role, _ICON, _GAP))
        width = self._theme.scaled(_ICON) + self._theme.scaled(_GAP)
        self.setIconSize(QSize(width, self._theme.scaled(_ICON)))


class ElidedButton(TextButton):
    """A button whose text ends in "…" where there is no room for it, so that it takes little."""

    def __init__(self, theme: Theme, text: str, *, icon: str = "", role: str = "") -> None:
        super().__init__(theme, text, icon=icon, role=role)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def minimumSizeHint(self) -> QSize:
        """Return the room for its icon and some letters."""
        whole, letters = self.sizeHint(), self.fontMetrics().averageCharWidth() * _LEAST_LETTERS
        return QSize(min(whole.width(), self._room_beside_text() + letters), whole.height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the button with as much of its text as fits."""
        option = QStyleOptionButton()
        self.initStyleOption(option)
        if self.width() < self.sizeHint().width():
            room, middle = self.width() - self._room_beside_text(), Qt.TextElideMode.ElideMiddle
            option.text = self.fontMetrics().elidedText(self.text(), middle, room)
            is_cut = option.text != self.text()
            if is_cut and not self.icon().isNull() and len(option.text) <= _TOO_FEW:
                option.text = ""
        QStylePainter(self).drawControl(QStyle.ControlElement.CE_PushButton, option)

    def _room_beside_text(self) -> int:
        return self.sizeHint().width() - self.fontMetrics().horizontalAdvance(self.text())


def give_letters(window: QWidget) -> None:
    """Give each button of a dialog a letter of its own; nothing for other windows."""
    if isinstance(window, QDialog):
        buttons = window.findChildren(TextButton)
        assign_access_letters(each for each in buttons if each.isVisibleTo(window))


def pop_up_menu(menu: QMenu, place: QPoint) -> None:
    """Open a menu at a place of the screen; each entry is chosen by a letter of its own, too."""
    _give_menu_letters(menu)
    menu.popup(place)


def _give_menu_letters(menu: QMenu) -> None:
    entries = [each for each in menu.actions() if not each.isSeparator()]
    assign_access_letters(entries)
    for entry in entries:
        beside = entry.menu()
        if isinstance(beside, QMenu):
            _give_menu_letters(beside)


class LabelledControl(Protocol):
    """An entry of a menu or a button: `&` precedes its letter, which chooses it with Alt."""

    def text(self) -> str:
        """Return its text."""

    def setText(self, text: str) -> None:
        """Change its text."""


def assign_access_letters(labelled: Iterable[LabelledControl]) -> None:
    """Give each a letter of its own that chooses it, where one is left."""
    taken: set[str] = set()
    for each in labelled:
        label = each.text().replace("&&", "\0").replace("&", "")
        starts = [
            place for place, _letter in enumerate(label) if place == 0 or label[place - 1] == " "
        ]
        for place in (*starts, *range(len(label))):
            letter = label[place].casefold()
            if letter.isalnum() and letter not in taken:
                taken.add(letter)
                label = f"{label[:place]}&{label[place:]}"
                break
        each.setText(label.replace("\0", "&&"))
