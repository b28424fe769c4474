"""Stored-data card of the privacy dialog: what is stored, how much, and where."""

from collections.abc import Iterator
from time import monotonic

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout

from core.app.privacy.stored_data import StoredDataKind, iterate_file_sizes
from core.base.i18n import _
from core.base.paths import Paths
from desktop.kit.buttons_and_labels import TextButton, begin_with_window, plain_label
from desktop.kit.locale_formatting import format_size
from desktop.kit.theme import Theme

_SLICE = 0.005
"""Seconds of counting in one turn of the event loop."""


class StoredDataCard(QFrame):
    """Counts in short steps, however many files there are."""

    open_wanted = Signal()
    erase_wanted = Signal()

    def __init__(self, theme: Theme, paths: Paths) -> None:
        super().__init__()
        self._theme = theme
        self._paths = paths
        self.totals = dict.fromkeys(StoredDataKind, 0)
        self._counting: Iterator[tuple[StoredDataKind, int]] = iter(())
        self._build()
        self._connect()

    def _build(self) -> None:
        self.setObjectName("card")
        place = begin_with_window(plain_label(str(self._paths.root), wrap=True))
        place.setAccessibleName(_("Where it is kept"))
        self._numbers = {kind: plain_label("…") for kind in StoredDataKind}
        grid = QGridLayout()
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(4)
        for row, (kind, number) in enumerate(self._numbers.items()):
            grid.addWidget(plain_label(_(kind.value), "muted", wrap=True), row, 0)
            grid.addWidget(number, row, 1)
        grid.setColumnStretch(2, 1)
        self.open_button = TextButton(self._theme, _("Open the folder"), icon="folder")
        self.erase_button = TextButton(self._theme, _("Erase everything…"), icon="trash")
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.open_button)
        buttons.addStretch(1)
        buttons.addWidget(self.erase_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        text = _("Everything Inglenook keeps lies in one folder:")
        column.addWidget(plain_label(text, "title", wrap=True))
        column.addWidget(place)
        column.addLayout(grid)
        note = _("Your documents, and models that lie elsewhere, stay where they are, untouched.")
        column.addWidget(plain_label(note, "muted", wrap=True))
        column.addLayout(buttons)
        self._timer = QTimer(self)
        self._timer.setInterval(0)

    def _connect(self) -> None:
        self.open_button.clicked.connect(self.open_wanted)
        self.erase_button.clicked.connect(self.erase_wanted)
        self._timer.timeout.connect(self._on_timeout)

    def start_counting(self) -> None:
        """Start counting again."""
        self.totals = dict.fromkeys(StoredDataKind, 0)
        self._counting = iterate_file_sizes(self._paths)
        self._timer.start()

    def _on_timeout(self) -> None:
        end = monotonic() + _SLICE
        for kind, number in self._counting:
            self.totals[kind] += number
            if monotonic() > end:
                return
        self._timer.stop()
        for kind, label in self._numbers.items():
            label.setText(format_size(self.totals[kind]))
