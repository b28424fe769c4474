"""Header of the document viewer: file name, place, close and separate-window buttons."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from core.base.i18n import _
from desktop.kit.buttons_and_labels import ElidedLabel, IconButton
from desktop.kit.theme import Theme


class ViewerHeader(QWidget):
    """Shows the file name and the passage's place; emits the buttons' signals."""

    closed = Signal()
    window_wanted = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._build()
        self.close_button.clicked.connect(self.closed)
        self.window_button.clicked.connect(self.window_wanted)

    def _build(self) -> None:
        self._title = ElidedLabel(role="title", mode=Qt.TextElideMode.ElideMiddle)
        self._place = ElidedLabel(role="muted")
        self.window_button = IconButton(
            self._theme, "window", _("Show it in a window of its own"), size=16
        )
        self.close_button = IconButton(self._theme, "close", _("Close the document (Esc)"), size=16)
        names = QVBoxLayout()
        names.setSpacing(2)
        names.addWidget(self._title)
        names.addWidget(self._place)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 10, 8, 4)
        row.addLayout(names, 1)
        row.addWidget(self.window_button, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignTop)

    def show_source(self, file: str, place: str) -> None:
        """Show the name of the document and the place of the passage in it."""
        self._title.setText(file)
        self._place.setText(place)
        self._place.setVisible(bool(place))

    def set_in_own_window(self, *, alone: bool) -> None:
        """Hide the button for an own window while the viewer is in one."""
        self.window_button.setVisible(not alone)
