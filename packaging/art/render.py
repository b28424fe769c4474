"""Draw the program's icon, resources/inglenook.svg, in the sizes and formats that systems want.

    python packaging/art/render.py FOLDER

Needs PySide6 and Pillow, which the environment that freezes has.
"""

import io
import os
import sys
from pathlib import Path

from PIL import Image
from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

SOURCE = Path(__file__).parents[2] / "resources" / "inglenook.svg"
PNG_SIZES = (16, 22, 24, 32, 48, 64, 128, 256, 512)
ICO_SIZES = (16, 20, 24, 32, 40, 48, 64, 128, 256)
LARGEST = 1024


def render(folder: Path) -> None:
    """Write inglenook.ico, inglenook.icns and a PNG in every size."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    application = QGuiApplication.instance() or QGuiApplication(sys.argv[:1])
    folder.mkdir(parents=True, exist_ok=True)
    renderer = QSvgRenderer(str(SOURCE))
    for size in PNG_SIZES:
        drawn(renderer, size).save(folder / f"{size}.png", optimize=True)
    icons = {size: drawn(renderer, size) for size in ICO_SIZES}
    icons[256].save(
        folder / "inglenook.ico",
        sizes=[(size, size) for size in ICO_SIZES],
        append_images=list(icons.values()),
    )
    drawn(renderer, LARGEST).save(folder / "inglenook.icns")
    del application


def drawn(renderer: QSvgRenderer, size: int) -> Image.Image:
    """Draw the icon anew for one size: a scaled one is blurred."""
    image = QImage(size, size, QImage.Format.Format_ARGB32)
    image.fill(0)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    renderer.render(painter)
    painter.end()
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    return Image.open(io.BytesIO(content.data())).convert("RGBA")


if __name__ == "__main__":
    render(Path(sys.argv[1]))
