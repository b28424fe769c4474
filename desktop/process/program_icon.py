"""Program icon for title bars, task bars and the tray."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from core.base.paths import resources_folder

_SIZES = (16, 22, 24, 32, 48, 64, 128)
"""What systems ask for, each drawn anew: a scaled one is blurred."""


def program_icon() -> QIcon:
    """Draw it; its colours hold on light and on dark ground."""
    renderer = QSvgRenderer(str(resources_folder() / "inglenook.svg"))
    icon = QIcon()
    for size in _SIZES:
        pixmap = QPixmap(size, size)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        renderer.render(painter)
        painter.end()
        icon.addPixmap(pixmap)
    return icon
