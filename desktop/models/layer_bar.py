"""A picture of where a model lies: one part of the bar for each device, the longer the more."""

from collections.abc import Sequence

from msgspec import Struct
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from core.messages import DeviceMemory, Placement
from core.words import _
from desktop.theme import Theme
from desktop.words import count, size

_HEIGHT, _RADIUS, _GAP = 12, 4, 2


class Part(Struct, frozen=True):
    """A part of the bar; `role` is one of the theme's colours."""

    share: float
    role: str
    words: str


def layer_parts(placement: Placement, layers: int) -> tuple[Part, ...]:
    """Return how many layers lie on graphics cards, and how many on the processor."""
    layers = max(layers, 1)
    on_cards = max(0, min(placement.gpu_layers, layers))
    words = {
        "accent": (_("Graphics card: {count} of {all} layers"), on_cards),
        "muted": (_("Processor: {count} of {all} layers"), layers - on_cards),
    }
    return tuple(
        Part(number / layers, role, text.format(count=count(number), all=count(layers)))
        for role, (text, number) in words.items()
        if number
    )


def memory_parts(devices: Sequence[DeviceMemory]) -> tuple[Part, ...]:
    """Return what a model takes on each device, as shares of all it takes."""
    total = sum(device.total for device in devices) or 1
    return tuple(
        Part(
            device.total / total,
            "muted" if device.kind == "cpu" else "accent",
            _("{device}: {size}").format(device=_device(device), size=size(device.total)),
        )
        for device in devices
        if device.total
    )


def room_parts(needed: int, free: int) -> tuple[Part, ...]:
    """Return what a model needs of the memory that is free."""
    if not needed or not free:
        return ()
    share = min(needed / free, 1.0)
    role = "error" if needed > free else "warning" if share > 0.85 else "good"
    words = _("{needed} of {free} that are free").format(needed=size(needed), free=size(free))
    return (Part(share, role, words), Part(1 - share, "selected", ""))


def _device(device: DeviceMemory) -> str:
    return _("Main memory") if device.kind == "cpu" else device.device


class LayerBar(QWidget):
    """Draws parts side by side; a screen reader says their words."""

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__()
        self._theme = theme
        self.parts: tuple[Part, ...] = ()
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    @property
    def words(self) -> str:
        """What the picture shows."""
        return " · ".join(part.words for part in self.parts if part.words)

    def show_parts(self, parts: tuple[Part, ...]) -> None:
        """Show these; without any it takes no room."""
        self.parts = parts
        self.setVisible(bool(parts))
        self.setAccessibleDescription(self.words)
        self.setToolTip(self.words)
        self.update()

    def sizeHint(self) -> QSize:
        """A slim line."""
        return QSize(160, _HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the parts from where one begins to read."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        outline = QPainterPath()
        outline.addRoundedRect(QRectF(self.rect()), _RADIUS, _RADIUS)
        painter.setClipPath(outline)
        if self.layoutDirection() is Qt.LayoutDirection.RightToLeft:
            painter.translate(self.width(), 0)
            painter.scale(-1, 1)
        left = 0.0
        for part in self.parts:
            width = part.share * self.width()
            gap = _GAP if left else 0
            colour = QColor(getattr(self._theme.colours, part.role))
            painter.fillRect(QRectF(left + gap, 0, width - gap, self.height()), colour)
            left += width
        painter.end()
