"""Floating round button that scrolls to the end of a chat."""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget

from core.base.i18n import _
from desktop.kit.buttons_and_labels import IconButton
from desktop.kit.theme import Theme

_SIZE, _EDGE = 36, 16


class JumpToEndButton(IconButton):
    """Floats over the lower right corner while the end is out of view."""

    def __init__(self, theme: Theme, holder: QWidget) -> None:
        super().__init__(theme, "to-end", _("Jump to the end"), side=_SIZE)
        self.setParent(holder)
        self.setProperty("role", "jump")
        self.hide()

    def place_in_corner(self, view: QSize, *, shown: bool) -> None:
        """Stand in the corner of a view of this size, or be gone."""
        self.move(view.width() - self.width() - _EDGE, view.height() - self.height() - _EDGE)
        if shown != (not self.isHidden()):
            self.setVisible(shown)
        if shown:
            self.raise_()
