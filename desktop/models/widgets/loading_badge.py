"""Badge over the chat with the loading progress of the model and a stop button."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QWidget

from core.base.i18n import _
from desktop.kit.buttons_and_labels import IconButton
from desktop.kit.locale_formatting import format_decimal
from desktop.kit.theme import Theme

_PARTS = 1000
_WIDTH = 96


class LoadingBadge(QWidget):
    """Shown in the line above the chat while a model is loaded, hidden otherwise."""

    stop_wanted = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._build()
        self.stop_button.clicked.connect(self.stop_wanted)

    def _build(self) -> None:
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setRange(0, _PARTS)
        self._bar.setFixedWidth(_WIDTH)
        self._bar.setAccessibleName(_("Loading the model"))
        self.stop_button = IconButton(self._theme, "close", _("Stop loading the model"), size=16)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self._bar)
        row.addWidget(self.stop_button)
        self.hide()

    def show_progress(self, share: float | None) -> None:
        """Show the loaded share, None if nothing is being loaded."""
        self.setVisible(share is not None)
        if share is not None:
            self._bar.setValue(round(_PARTS * share))
            percent = _("In memory: {percent} %").format(percent=format_decimal(100 * share, 0))
            self._bar.setToolTip(percent)
            self._bar.setAccessibleDescription(percent)
