"""How the window looks: colour roles in a light and a dark column, QSS and icons over them."""

from string import Template

from msgspec import Struct
from msgspec.structs import asdict
from PySide6.QtCore import QByteArray, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

from core.appearance import SCHEME
from core.paths import resources_folder
from core.settings import Settings


class Colours(Struct, frozen=True):
    """What each colour is for. `soft` ones lie under text of their own strong colour."""

    canvas: str
    side: str
    raised: str
    line: str
    line_strong: str
    text: str
    muted: str
    accent: str
    on_accent: str
    accent_hover: str
    accent_soft: str
    hover: str
    selected: str
    bubble: str
    code: str
    mark: str
    good: str
    good_soft: str
    warning: str
    warning_soft: str
    error: str
    error_soft: str


LIGHT = Colours(
    canvas="#fdfcfa",
    side="#f5f2ed",
    raised="#ffffff",
    line="#e6e1d8",
    line_strong="#cbc4b8",
    text="#27231e",
    muted="#665f54",
    accent="#a8481f",
    on_accent="#ffffff",
    accent_hover="#8f3b17",
    accent_soft="#f8e8de",
    hover="#ece7df",
    selected="#e5ded3",
    bubble="#f3efe8",
    code="#f3efe8",
    mark="#ffe3a3",
    good="#2b6a3d",
    good_soft="#e2f1e4",
    warning="#7d5200",
    warning_soft="#fbf0d6",
    error="#a3271d",
    error_soft="#fbe7e4",
)
DARK = Colours(
    canvas="#1f1d1b",
    side="#191715",
    raised="#292623",
    line="#35312d",
    line_strong="#4d4741",
    text="#ece7e0",
    muted="#a89f94",
    accent="#ec9a6e",
    on_accent="#23140b",
    accent_hover="#f5b08a",
    accent_soft="#432c1f",
    hover="#2a2724",
    selected="#37322d",
    bubble="#2a2724",
    code="#292623",
    mark="#6b4f16",
    good="#8ccf9b",
    good_soft="#1f3626",
    warning="#e8bd6a",
    warning_soft="#3b2f17",
    error="#f49a8f",
    error_soft="#442420",
)
_SCHEMES = {
    "system": Qt.ColorScheme.Unknown,
    "light": Qt.ColorScheme.Light,
    "dark": Qt.ColorScheme.Dark,
}


def _palette(colours: Colours) -> QPalette:
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
        (role.Highlight, colours.accent),
        (role.HighlightedText, colours.on_accent),
        (role.Accent, colours.accent),
        (role.Link, colours.accent),
        (role.LinkVisited, colours.accent),
    ):
        palette.setColor(key, QColor(colour))
    for key in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, key, QColor(colours.muted))
    return palette


class Theme(QObject):
    """The colours in use and what is made of them; `changed` comes when they are others."""

    changed = Signal()

    def __init__(self, application: QApplication, settings: Settings) -> None:
        super().__init__(application)
        self._application = application
        self._settings = settings
        self._template = Template((resources_folder() / "themes" / "window.qss").read_text("utf-8"))
        self._scheme = "system"
        self._shown = False
        self._dressed = False
        self._pictures: dict[str, bytes] = {}
        self.colours = LIGHT
        self._connect()

    def _connect(self) -> None:
        hints = QGuiApplication.styleHints()
        hints.colorSchemeChanged.connect(self._on_scheme_changed)
        self.choose(str(self._settings.get(SCHEME)))

    def choose(self, scheme: str) -> None:
        """Follow the system, or stay "light" or "dark"."""
        self._scheme = scheme
        QGuiApplication.styleHints().setColorScheme(_SCHEMES[scheme])
        self._show()

    def dress(self) -> None:
        """Put the style sheet on, after the window was built: earlier each part pays for it."""
        self._dressed = True
        self._application.setStyleSheet(self._template.substitute(asdict(self.colours)))

    def icon(self, name: str, role: str = "muted", size: int = 20, gap: int = 0) -> QIcon:
        """Return one of our icons in the colour of `role`; `gap` is room before a text."""
        icon = QIcon()
        self._paint(icon, name, role, size=size, gap=gap, mode=QIcon.Mode.Normal)
        if role == "on_accent":  # its ground is gone while the button can't be used
            self._paint(icon, name, "muted", size=size, gap=gap, mode=QIcon.Mode.Disabled)
        return icon

    def _paint(
        self, icon: QIcon, name: str, role: str, *, size: int, gap: int, mode: QIcon.Mode
    ) -> None:
        svg = self._picture(name).replace(b"currentColor", getattr(self.colours, role).encode())
        renderer = QSvgRenderer(QByteArray(svg))
        for scale in (1, 2):
            pixmap = QPixmap(QSize(size + gap, size) * scale)
            pixmap.fill(Qt.GlobalColor.transparent)
            painter = QPainter(pixmap)
            renderer.render(painter, QRectF(0, 0, size * scale, size * scale))
            painter.end()
            pixmap.setDevicePixelRatio(scale)
            icon.addPixmap(pixmap, mode)

    def _picture(self, name: str) -> bytes:
        if name not in self._pictures:
            path = resources_folder() / "icons" / f"{name}.svg"
            self._pictures[name] = path.read_bytes()
        return self._pictures[name]

    def _on_scheme_changed(self) -> None:
        self._show()

    def _show(self) -> None:
        wanted = _SCHEMES[self._scheme]
        if wanted is Qt.ColorScheme.Unknown:
            wanted = QGuiApplication.styleHints().colorScheme()
        dark = wanted is Qt.ColorScheme.Dark
        colours = DARK if dark else LIGHT
        if colours is self.colours and self._shown:
            return
        self._shown = True
        self.colours = colours
        self._application.setPalette(_palette(colours))
        if self._dressed:
            self._application.setStyleSheet(self._template.substitute(asdict(colours)))
        self.changed.emit()
