"""Program icon for title bars, task bars and the tray."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from core.base.paths import resources_folder

_SIZES = (16, 22, 24, 32, 48, 64, 128)
"""Sizes that systems use, each drawn separately: a scaled icon is blurred."""


def program_icon() -> QIcon:
    """Return the icon; its colours work on light and dark backgrounds."""
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
