"""Theme: colours in use, text size, style sheet and icons."""

from collections.abc import Callable
from string import Template

from PySide6.QtCore import QByteArray, QEvent, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QGuiApplication, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication, QWidget

from core.base.paths import resources_folder
from core.base.settings.app_settings import Settings
from core.base.settings.window_settings import CONTRAST, LESS_MOTION, SCHEME, TEXT_SIZE
from desktop.kit.theme_colours import DARK, DARK_STRONG, LIGHT, LIGHT_STRONG, ThemeColours

_SCHEMES = {
    "system": Qt.ColorScheme.Unknown,
    "light": Qt.ColorScheme.Light,
    "dark": Qt.ColorScheme.Dark,
}


_TABLES = {
    (False, False): LIGHT,
    (False, True): LIGHT_STRONG,
    (True, False): DARK,
    (True, True): DARK_STRONG,
}
"""Colours by darkness and contrast."""
_NO_DIFFERENCE = 0.01
_HALF_LIGHT = 128
_VIEWPORT = "qt_scrollarea_viewport"
SHEET_SIZES = (10, 12, 16, 18, 26)
"""Pixels of what a style sheet draws next to text, which it names $px10 and so on."""


SPACING = {"tight": 4, "small": 8, "normal": 12, "wide": 16, "page": 24}
"""Pixels: lines of one thing, things of a row, rows, inside a card, around a page."""
TYPE_SCALE = {"small": 0.9, "body": 1.0, "heading": 1.3, "display": 1.6}
"""Sizes of text as shares of the system's, which a style sheet names $type_heading and so on."""


def _palette(colours: ThemeColours) -> QPalette:
    palette = QPalette()
    role = QPalette.ColorRole
    for key, colour in (
        (role.Window, colours.canvas),
        (role.WindowText, colours.text),
        (role.Base, colours.raised),
        (role.AlternateBase, colours.side),
        (role.Text, colours.text),
        (role.PlaceholderText, colours.muted),
        (role.Button, colours.raised),
        (role.ButtonText, colours.text),
        (role.ToolTipBase, colours.raised),
        (role.ToolTipText, colours.text),
        (role.Highlight, colours.link),
        (role.HighlightedText, colours.canvas),
        (role.Accent, colours.info),
        (role.Link, colours.link),
        (role.LinkVisited, colours.link),
    ):
        palette.setColor(key, QColor(colour))
    for key in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, key, QColor(colours.muted))
    return palette


def _with_own_font(application: QApplication) -> list[QWidget]:
    return [
        widget
        for widget in application.allWidgets()
        if widget.testAttribute(Qt.WidgetAttribute.WA_SetFont)
        and widget.font().pointSizeF() > 0
        and widget.objectName() != _VIEWPORT
    ]


def _resize(widget: QWidget, size: float) -> None:
    """Let a widget with a size of its own follow, if Qt didn't see to it already.

    Qt may have given it back the font it had when it was first shown, at any size of text.
    """
    font = widget.font()
    if abs(font.pointSizeF() - size) > _NO_DIFFERENCE:
        font.setPointSizeF(size)
        widget.setFont(font)


class Theme(QObject):
    """The colours in use and what is made of them; `changed` is emitted when they change.

    It is emitted for another text size too: texts have to be laid out again.
    """

    changed = Signal()

    def __init__(self, application: QApplication, settings: Settings) -> None:
        super().__init__(application)
        self._application = application
        self._settings = settings
        self._resources = resources_folder()
        self._themes = self._resources / "themes"
        self._system_font = application.font()
        self._blink = QGuiApplication.styleHints().cursorFlashTime()
        self._text_size = 100
        self._scheme = "system"
        self._shown = False
        self._dressed = False
        self._drawings: dict[str, bytes] = {}
        self.colours = LIGHT
        self.reduces_motion = False
        self._connect()

    def _connect(self) -> None:
        hints = QGuiApplication.styleHints()
        hints.colorSchemeChanged.connect(self._on_scheme_changed)
        if hasattr(hints, "accessibility"):  # since Qt 6.10
            hints.accessibility().contrastPreferenceChanged.connect(self._on_scheme_changed)
        self.apply_settings()

    def use_settings(self, settings: Settings) -> None:
        """Read the settings from another object, of the same file, from now on."""
        self._settings = settings

    def apply_settings(self) -> None:
        """Apply the appearance settings."""
        self._set_still(still=self._settings.get_value(LESS_MOTION))
        self._scheme = self._settings.get_value(SCHEME)
        self._show()
        text_size = self._settings.get_value(TEXT_SIZE)
        if text_size != self._text_size:
            self._set_text_size(text_size)

    def apply_style_sheet(self) -> None:
        """Apply the style sheet after the window was built: earlier, each widget is restyled."""
        self._dressed = True
        self._application.setStyleSheet(self._sheet())

    @property
    def is_high_contrast(self) -> bool:
        """Whether lines and colours are in high contrast."""
        wanted = self._settings.get_value(CONTRAST)
        hints = QGuiApplication.styleHints()
        if wanted == "system" and hasattr(hints, "accessibility"):
            high = Qt.ContrastPreference.HighContrast
            return hints.accessibility().contrastPreference() is high
        return bool(wanted == "high")

    def _sheet(self) -> str:
        names = ("window.qss", "strong.qss") if self.is_high_contrast else ("window.qss",)
        text = "\n".join((self._themes / name).read_text("utf-8") for name in names)
        folder = self._themes.as_posix()  # arrows: a style sheet takes pictures from files only
        is_dark = QColor(self.colours.canvas).lightness() < _HALF_LIGHT
        tick = f"{folder}/tick-{'dark' if is_dark else 'light'}.svg"
        # rounded down: a radius of more than half of a button's side is none
        sizes = {f"px{size}": f"{size * self._text_size // 100}px" for size in SHEET_SIZES}
        points = self._application.font().pointSizeF()
        sizes |= {f"type_{name}": f"{points * share:.2f}pt" for name, share in TYPE_SCALE.items()}
        return Template(text).substitute(self.colours._asdict(), folder=folder, tick=tick, **sizes)

    def _set_still(self, *, still: bool) -> None:
        self.reduces_motion = still
        QGuiApplication.styleHints().setCursorFlashTime(0 if still else self._blink)

    def _set_text_size(self, percent: int) -> None:
        growth = percent / self._text_size
        self._text_size = percent
        font = QFont(self._system_font)
        font.setPointSizeF(font.pointSizeF() * percent / 100)
        own = [(each, each.font().pointSizeF()) for each in _with_own_font(self._application)]
        self._application.setFont(font)
        self._show(anew=True)
        for widget, size in own:  # last: a style sheet that is set gives each its old font back
            _resize(widget, size * growth)
        for widget in self._application.allWidgets():
            area = widget.parentWidget()
            if area is not None and widget.objectName() == _VIEWPORT:
                widget.setFont(area.font())  # placeholders are written in it

    def scaled(self, size: int) -> int:
        """Return the pixels of what is `size` pixels at the usual text size."""
        return round(size * self._text_size / 100)

    def icon_pixmap(self, name: str, role: str = "muted", size: int = 20) -> QPixmap:
        """Return one of our icons as a pixmap for a label, as large as `icon` makes it."""
        return self.icon(name, role, size).pixmap(self.scaled(size), self.scaled(size))

    def icon(self, name: str, role: str = "muted", size: int = 20, gap: int = 0) -> QIcon:
        """Return one of our icons in the colour of `role`; `gap` is the space before a text.

        It grows with the text: `size` and `gap` are those at the usual text size.
        """
        size, gap = self.scaled(size), self.scaled(gap)
        icon = QIcon()
        self._paint(icon, name, role, size=size, gap=gap, mode=QIcon.Mode.Normal)
        if role == "on_accent":  # its ground is gone while the button can't be used
            self._paint(icon, name, "muted", size=size, gap=gap, mode=QIcon.Mode.Disabled)
        return icon

    def _paint(
        self, icon: QIcon, name: str, role: str, *, size: int, gap: int, mode: QIcon.Mode
    ) -> None:
        svg = self._drawing(name).replace(b"currentColor", getattr(self.colours, role).encode())
        renderer = QSvgRenderer(QByteArray(svg))
        left = gap if QGuiApplication.isRightToLeft() else 0  # the text stands on its other side
        for scale in (1, 2):
            pixmap = QPixmap(QSize(size + gap, size) * scale)
            pixmap.fill(Qt.GlobalColor.transparent)
            painter = QPainter(pixmap)
            renderer.render(painter, QRectF(left * scale, 0, size * scale, size * scale))
            painter.end()
            pixmap.setDevicePixelRatio(scale)
            icon.addPixmap(pixmap, mode)

    def _drawing(self, name: str) -> bytes:
        if name not in self._drawings:
            self._drawings[name] = (self._resources / "icons" / f"{name}.svg").read_bytes()
        return self._drawings[name]

    def _on_scheme_changed(self) -> None:
        self._show()

    def _show(self, *, anew: bool = False) -> None:
        wanted = _SCHEMES[self._scheme]
        hints = QGuiApplication.styleHints()
        hints.setColorScheme(wanted)
        if wanted is Qt.ColorScheme.Unknown:
            wanted = hints.colorScheme()
        colours = _TABLES[wanted is Qt.ColorScheme.Dark, self.is_high_contrast]
        if colours is self.colours and self._shown and not anew:
            return
        self._shown = True
        self.colours = colours
        self._application.setPalette(_palette(colours))
        if self._dressed:
            self._application.setStyleSheet(self._sheet())
        self.changed.emit()


def follow_text_size(widget: QWidget, set_size: Callable[[], object]) -> None:
    """Call `set_size` now, and whenever the text of a widget gets another size."""
    _TextSizeFilter(widget, set_size)
    set_size()


class _TextSizeFilter(QObject):
    def __init__(self, widget: QWidget, set_size: Callable[[], object]) -> None:
        super().__init__(widget)
        self._set_size = set_size
        self._height = widget.fontMetrics().height()
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Tell of another height of letters, not of each font that is set."""
        if event.type() is QEvent.Type.FontChange and isinstance(watched, QWidget):
            before, self._height = self._height, watched.fontMetrics().height()
            if self._height != before:
                self._set_size()
        return super().eventFilter(watched, event)
