"""Bar that shows how a model is split between devices, or its share of free memory."""

from collections.abc import Sequence

from msgspec import Struct
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from core.base.i18n import _
from core.messages import DeviceMemory, Placement
from desktop.kit.locale_formatting import format_count, format_size
from desktop.kit.theme import Theme

_HEIGHT, _RADIUS, _GAP = 12, 4, 2


class BarSegment(Struct, frozen=True):
    """A part of the bar; `role` is one of the theme's colours."""

    share: float
    role: str
    words: str


def layer_segments(placement: Placement, layers: int) -> tuple[BarSegment, ...]:
    """Return the numbers of layers on graphics cards and on the processor."""
    layers = max(layers, 1)
    on_cards = max(0, min(placement.gpu_layers, layers))
    label_text = {
        "info": (_("Graphics card: {count} of {all} layers"), on_cards),
        "muted": (_("Processor: {count} of {all} layers"), layers - on_cards),
    }
    return tuple(
        BarSegment(
            number / layers, role, text.format(count=format_count(number), all=format_count(layers))
        )
        for role, (text, number) in label_text.items()
        if number
    )


def memory_segments(devices: Sequence[DeviceMemory]) -> tuple[BarSegment, ...]:
    """Return the memory of a model on each device, as shares of its total."""
    total = sum(device.total for device in devices) or 1
    return tuple(
        BarSegment(
            device.total / total,
            "muted" if device.kind == "cpu" else "info",
            _("{device}: {size}").format(
                device=_device_name(device), size=format_size(device.total)
            ),
        )
        for device in devices
        if device.total
    )


def free_memory_segments(needed: int, free: int) -> tuple[BarSegment, ...]:
    """Return the memory that a model needs, as a share of the free memory."""
    if not needed or not free:
        return ()
    share = min(needed / free, 1.0)
    role = "error" if needed > free else "warning" if share > 0.85 else "good"
    text = _("{needed} of {free} that are free").format(
        needed=format_size(needed), free=format_size(free)
    )
    return (BarSegment(share, role, text), BarSegment(1 - share, "selected", ""))


def _device_name(device: DeviceMemory) -> str:
    return _("Main memory") if device.kind == "cpu" else device.device


class PlacementBar(QWidget):
    """Draws segments side by side; a screen reader reads their texts."""

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__()
        self._theme = theme
        self.segments: tuple[BarSegment, ...] = ()
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    @property
    def summary_text(self) -> str:
        """The content of the bar as text."""
        return " · ".join(part.words for part in self.segments if part.words)

    def show_segments(self, parts: tuple[BarSegment, ...]) -> None:
        """Show segments; without any, the bar is hidden."""
        self.segments = parts
        self.setVisible(bool(parts))
        self.setAccessibleDescription(self.summary_text)
        self.setToolTip(self.summary_text)
        self.update()

    def sizeHint(self) -> QSize:
        """Return the size of a thin line."""
        return QSize(160, _HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the segments in reading direction."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        outline = QPainterPath()
        outline.addRoundedRect(QRectF(self.rect()), _RADIUS, _RADIUS)
        painter.setClipPath(outline)
        if self.layoutDirection() is Qt.LayoutDirection.RightToLeft:
            painter.translate(self.width(), 0)
            painter.scale(-1, 1)
        left = 0.0
        for part in self.segments:
            width = part.share * self.width()
            gap = _GAP if left else 0
            colour = QColor(getattr(self._theme.colours, part.role))
            painter.fillRect(QRectF(left + gap, 0, width - gap, self.height()), colour)
            left += width
        painter.end()
