"""The round button that brings the end of a chat back into view."""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget

from core.words import _
from desktop.buttons import IconButton
from desktop.theme import Theme

_SIZE, _EDGE = 36, 16


class JumpButton(IconButton):
    """Floats over the lower right corner while the end is out of view."""

    def __init__(self, theme: Theme, holder: QWidget) -> None:
        super().__init__(theme, "to-end", _("Jump to the end"), side=_SIZE)
        self.setParent(holder)
        self.setProperty("role", "jump")
        self.hide()

    def place(self, view: QSize, *, shown: bool) -> None:
        """Stand in the corner of a view of this size, or be gone."""
        self.move(view.width() - self.width() - _EDGE, view.height() - self.height() - _EDGE)
        if shown != (not self.isHidden()):
            self.setVisible(shown)
        if shown:
            self.raise_()
