"""The ladder of one model: a row for each level, and what can be done with the chosen one."""

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from core.app.events import AppEvent, RequestFailed
from core.app.events_ladder import LadderReady, LevelFinished, LevelsMeasured
from core.errors import InglenookError
from core.models.ladder import Ladder, LadderRow
from core.words import _
from desktop.buttons import TextButton, plain_label
from desktop.models.layer_bar import LayerBar, layer_parts
from desktop.models.level_words import HEADS, note_words, row_cells, row_words
from desktop.models.row_table import RowTable
from desktop.models.said import Said
from desktop.models.tall_page import TallPage
from desktop.shelf_ports import LadderCalls
from desktop.theme import Theme

_LEAST_LINES = 9
_WAIT_MS = 250
"""One who walks through the list with the arrow keys asks for none of them."""


class LadderPanel(QWidget):
    """Asks for a ladder while it is seen; emits what the person wants done with a row."""

    fetch_wanted = Signal(str)
    """A wish: the catalog's name and the level."""
    make_wanted = Signal(str, object)  # source path, LadderRow
    measure_wanted = Signal(str)
    use_wanted = Signal(str)

    def __init__(self, theme: Theme, ladders: LadderCalls) -> None:
        super().__init__()
        self._theme = theme
        self._ladders = ladders
        self._ref = ""  # whose ladder is wanted
        self._asked = ""  # the request that is waited for
        self._stale = False
        self.ladder: Ladder | None = None
        self._build()
        self._connect()

    def _build(self) -> None:
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_WAIT_MS)
        self._reason = plain_label(wrap=True)
        self._said = Said()
        self.table = RowTable(self._theme, _("Quantization levels"), [_(head) for head in HEADS])
        self._bar = LayerBar(self._theme, _("Where its layers would run"))
        self._legend = plain_label("", "muted", wrap=True)
        self._about = plain_label("", wrap=True)
        self._note = plain_label("", "muted", wrap=True)
        self.use_button = TextButton(self._theme, _("Use"))
        self.fetch_button = TextButton(self._theme, _("Fetch…"))
        self.make_button = TextButton(self._theme, _("Make here…"))
        self.measure_button = TextButton(self._theme, _("Measure"))
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for button in self._buttons:
            buttons.addWidget(button)
        buttons.addStretch(1)
        self.table.setMinimumHeight(_LEAST_LINES * self.fontMetrics().height())
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._reason)
        column.addWidget(self._said.label)
        column.addWidget(self.table, 1)
        for part in (self._bar, self._legend, self._about):
            column.addWidget(part)
        column.addWidget(self._note)
        page = TallPage()
        page.hold(inner)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(8)
        outer.addWidget(page, 1)
        outer.addLayout(buttons)
        self._show(None)

    @property
    def _buttons(self) -> tuple[TextButton, ...]:
        return (self.use_button, self.fetch_button, self.make_button, self.measure_button)

    def _connect(self) -> None:
        self._timer.timeout.connect(self.ask_now)
        self.table.itemSelectionChanged.connect(self._show_row)
        self.use_button.clicked.connect(self._on_use_clicked)
        self.measure_button.clicked.connect(self._on_measure_clicked)
        self.fetch_button.clicked.connect(self._on_fetch_clicked)
        self.make_button.clicked.connect(self._on_make_clicked)

    def show_model(self, ref: str) -> None:
        """Show the levels of a model of the shelf or the catalog, "" for none."""
        if ref == self._ref:
            return
        self._ref = ref
        self._show(None)
        self.look_again()

    def showEvent(self, event: QShowEvent) -> None:
        """Ask for what was not worth asking while nobody looked."""
        super().showEvent(event)
        if self._stale:
            self.look_again()

    def handle(self, event: AppEvent) -> None:
        """Take a ladder; ask anew when something was measured."""
        if isinstance(event, LadderReady) and event.request_id == self._asked:
            self._asked = ""
            self._show(event.ladder)
        elif isinstance(event, LevelFinished | LevelsMeasured):
            self.look_again()

    def fail(self, event: RequestFailed) -> bool:
        """Take a failed request; returns whether it was asked here."""
        if not self._asked or event.request_id != self._asked:
            return False
        self._asked = ""
        self._said.show_problem(event.problem)
        return True

    @property
    def row(self) -> LadderRow | None:
        """The chosen level."""
        rows = self.ladder.rows if self.ladder else ()
        return next((row for row in rows if _key(row) == self.table.key), None)

    def close_requests(self) -> None:
        """Nobody waits any more."""
        self._timer.stop()
        if self._asked:
            asked, self._asked = self._asked, ""
            self._ladders.cancel(asked)

    def look_again(self) -> None:
        """Ask anew, as soon as somebody looks: files came or went."""
        self._stale = True
        if self.isVisible():
            self._timer.start()

    def ask_now(self) -> None:
        """Ask without waiting."""
        self._stale = False
        self.close_requests()
        if not self._ref:
            return
        self._said.say(_("Looking at what fits here…"))
        try:
            self._asked = self._ladders.show(self._ref)
        except InglenookError as error:
            self._show(None)
            self._said.show_error(error)

    def _show(self, ladder: Ladder | None) -> None:
        self.ladder = ladder
        self._said.say("")
        rows = ladder.rows if ladder else ()
        best = ladder.recommended if ladder else None
        self.table.show_rows(
            [_key(row) for row in rows],
            [row_cells(row) for row in rows],
            _key(best) if best else "",
        )
        self._reason.setText(ladder.reason if ladder else "")
        self._reason.setVisible(ladder is not None)
        note = note_words(ladder) if ladder else ""
        self._note.setText(note)
        self._note.setVisible(bool(note))
        self._show_row()

    def _show_row(self) -> None:
        row = self.row
        plan = row.plan if row else None
        self._bar.show_parts(layer_parts(plan.placement, plan.layers) if plan else ())
        self._legend.setText(self._bar.words)
        self._legend.setVisible(bool(self._bar.words))
        words = row_words(row) if row else ""
        self._about.setText(words)
        self._about.setVisible(bool(words))
        here = row is not None and bool(row.path)
        self.use_button.setVisible(here)
        self.measure_button.setVisible(here)
        self.fetch_button.setVisible(row is not None and not here and row.fetch is not None)
        self.make_button.setVisible(row is not None and not here and row.makeable)

    def _on_use_clicked(self) -> None:
        if self.row is not None:
            self.use_wanted.emit(self.row.ref)

    def _on_measure_clicked(self) -> None:
        if self.row is not None:
            self.measure_wanted.emit(self.row.ref)

    def _on_fetch_clicked(self) -> None:
        if self.row is not None and self.ladder is not None:
            self.fetch_wanted.emit(f"{self.ladder.catalog_id}:{self.row.level}")

    def _on_make_clicked(self) -> None:
        if self.row is not None and self.ladder is not None:
            self.make_wanted.emit(self.ladder.source_path, self.row)


def _key(row: LadderRow) -> str:
    return f"{row.level} {row.path}"
