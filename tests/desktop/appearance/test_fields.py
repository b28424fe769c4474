"""How fields look: one that can't be used, and the strength of an adapter."""

from pathlib import Path

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QDoubleSpinBox, QLineEdit

from tests.desktop.open_window import OpenWindow
from tests.desktop.seen import drop
from tests.fakes.models import SMALL_MODEL, adapter_gguf


def colours(image: QImage, left: int, right: int) -> set[int]:
    """Return the colours between two columns, without the upper and lower border."""
    rows = range(3, image.height() - 3)
    return {image.pixel(x, y) for x in range(left, right) for y in rows}


def test_a_line_that_cannot_be_used_looks_so(ui: OpenWindow) -> None:
    line = QLineEdit("name", ui.window)
    line.resize(200, 32)
    line.show()
    ui.settle()
    usable = line.grab().toImage()
    line.setEnabled(False)
    ui.settle()
    dimmed = line.grab().toImage()
    middle = usable.height() // 2
    assert usable.pixel(0, middle) != dimmed.pixel(0, middle), "its border"
    line.deleteLater()


def test_the_strength_of_an_adapter_shows_no_halves_of_arrows(
    ui: OpenWindow, tmp_path: Path
) -> None:
    model = ui.app.registry.find_model(SMALL_MODEL)
    assert drop(ui.window, str(adapter_gguf(Path(model.path)).write(tmp_path / "tone.gguf")))
    ui.settle()
    box = ui.window.view.composer.adapter_chips.findChild(QDoubleSpinBox)
    assert box is not None
    image = box.grab().toImage()
    assert len(colours(image, image.width() - 9, image.width() - 3)) == 1
