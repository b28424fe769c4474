"""Panel with the quantization ladder of one model: a row for each quantization, and actions."""

from collections.abc import Sequence

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from core.app.events.app_events import AppEvent
from core.app.events.model_events import QuantizationJobFinished, QuantizationsMeasured
from core.app.problems import problem_of_failure
from core.app.quantization.quantization_ladder_service import QuantizationLadderService
from core.base.errors import InglenookError
from core.base.i18n import _
from core.ipc.awaited_reply import AwaitedReply
from core.messages import Failed
from core.models.quantizations.quantization_ladder import LadderRow, QuantizationLadder
from desktop.kit.buttons_and_labels import TextButton, plain_label
from desktop.kit.reply_lifetime import bind_reply
from desktop.kit.theme import Theme, follow_text_size
from desktop.models.quantization.quantization_formatting import (
    DEVICE_COLUMN,
    LADDER_COLUMNS,
    MEMORY_COLUMN,
    format_ladder_row,
    format_loss_sources,
    ladder_row_cells,
)
from desktop.models.widgets.keyed_table import KeyedTable
from desktop.models.widgets.message_line import MessageLine
from desktop.models.widgets.placement_bar import PlacementBar, layer_segments
from desktop.models.widgets.scroll_page import ScrollPage

_LEAST_LINES = 9
_WAIT_MS = 250
"""Moving through the list with the arrow keys requests no ladder."""


class QuantizationLadderPanel(QWidget):
    """Requests a ladder while it is visible; emits what the person wants done with a row."""

    download_wanted = Signal(str)
    """The catalog's name and the quantization, as a download request names them."""
    quantize_wanted = Signal(str, object)  # source path, LadderRow
    measure_wanted = Signal(str)
    use_wanted = Signal(str)

    def __init__(self, theme: Theme, ladders: QuantizationLadderService) -> None:
        super().__init__()
        self._theme = theme
        self._ladders = ladders
        self._ref = ""  # the model whose ladder is shown
        self._awaited = AwaitedReply()
        self._is_stale = False
        self.ladder: QuantizationLadder | None = None
        self._build()
        self._connect()

    def _build(self) -> None:
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_WAIT_MS)
        self._reason = plain_label(wrap=True)
        self._message = MessageLine()
        self.table = KeyedTable(
            self._theme,
            _("Quantization levels"),
            [_(head) for head in LADDER_COLUMNS],
            dispensable=(DEVICE_COLUMN, MEMORY_COLUMN),  # told below of the selected level
        )
        self._bar = PlacementBar(self._theme, _("Where its layers would run"))
        self._legend = plain_label("", "muted", wrap=True)
        self._about = plain_label("", wrap=True)
        self._note = plain_label("", "muted", wrap=True)
        self.use_button = TextButton(self._theme, _("Use"))
        self.download_button = TextButton(self._theme, _("Fetch…"))
        self.quantize_button = TextButton(self._theme, _("Make here…"))
        self.measure_button = TextButton(self._theme, _("Measure"))
        follow_text_size(self.table, self._set_table_height)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._reason)
        column.addWidget(self._message.label)
        column.addWidget(self.table, 1)
        for part in (self._bar, self._legend, self._about):
            column.addWidget(part)
        column.addWidget(self._note)
        page = ScrollPage()
        page.set_content(inner)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(8)
        outer.addWidget(page, 1)
        outer.addLayout(self._button_row())
        self._show(None)

    def _set_table_height(self) -> None:
        self.table.setMinimumHeight(_LEAST_LINES * self.table.fontMetrics().height())

    def _button_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        for button in self._buttons:
            row.addWidget(button)
        row.addStretch(1)
        return row

    @property
    def _buttons(self) -> tuple[TextButton, ...]:
        return (self.use_button, self.download_button, self.quantize_button, self.measure_button)

    def _connect(self) -> None:
        self._timer.timeout.connect(self.request_ladder)
        self.table.itemSelectionChanged.connect(self._show_row)
        self.use_button.clicked.connect(self._on_use_clicked)
        self.measure_button.clicked.connect(self._on_measure_clicked)
        self.download_button.clicked.connect(self._on_download_clicked)
        self.quantize_button.clicked.connect(self._on_quantize_clicked)

    def show_model(self, ref: str) -> None:
        """Show the quantizations of a registered model or one of the catalog, "" for none."""
        if ref == self._ref:
            return
        self._ref = ref
        self._show(None)
        self.request_refresh()

    def showEvent(self, event: QShowEvent) -> None:
        """Request a ladder that was outdated while it was hidden."""
        super().showEvent(event)
        if self._is_stale:
            self.request_refresh()

    def on_app_event(self, event: AppEvent) -> None:
        """Request the ladder anew when something was quantized or measured."""
        if isinstance(event, QuantizationJobFinished | QuantizationsMeasured):
            self.request_refresh()

    @property
    def current_row(self) -> LadderRow | None:
        """The selected quantization."""
        rows = self.ladder.rows if self.ladder else ()
        return next((row for row in rows if _key(row) == self.table.current_key), None)

    def cancel_requests(self) -> None:
        """Stop what is being computed; nobody waits for it any more."""
        self._timer.stop()
        self._awaited.abandon()

    def request_refresh(self) -> None:
        """Request the ladder anew as soon as it is visible: files came or went."""
        self._is_stale = True
        if self.isVisible():
            self._timer.start()

    def request_ladder(self) -> None:
        """Request the ladder now."""
        self._is_stale = False
        self.cancel_requests()
        if not self._ref:
            return
        self._message.show_message(_("Looking at what fits here…"))
        try:
            request = self._ladders.request_ladder(self._ref)
        except InglenookError as error:
            self._show(None)
            self._message.show_error(error)
            return
        self._awaited.wait_for(bind_reply(request, self))
        request.on_done(self._show).on_error(self._show_failure)

    def _show_failure(self, failed: Failed) -> None:
        self._message.show_problem(problem_of_failure(failed))

    def _show(self, ladder: QuantizationLadder | None) -> None:
        chosen = self.current_row
        self.ladder = ladder
        self._message.show_message("")
        rows = ladder.rows if ladder else ()
        best = ladder.recommended if ladder else None
        self.table.show_rows(
            [_key(row) for row in rows],
            [ladder_row_cells(row) for row in rows],
            _key(best) if best else "",
        )
        if chosen is not None and self.table.current_key != _key(chosen):
            self.table.select_key(_key_of_level(rows, chosen.level))  # its file came or went
        self._reason.setText(ladder.reason if ladder else "")
        self._reason.setVisible(ladder is not None)
        note = format_loss_sources(ladder) if ladder else ""
        self._note.setText(note)
        self._note.setVisible(bool(note))
        self._show_row()

    def _show_row(self) -> None:
        row = self.current_row
        plan = row.plan if row else None
        self._bar.show_segments(layer_segments(plan.placement, plan.layers) if plan else ())
        self._legend.setText(self._bar.summary_text)
        self._legend.setVisible(bool(self._bar.summary_text))
        description = format_ladder_row(row) if row else ""
        self._about.setText(description)
        self._about.setVisible(bool(description))
        here = row is not None and bool(row.path)
        self.use_button.setVisible(here)
        self.measure_button.setVisible(here)
        self.download_button.setVisible(row is not None and not here and row.fetch is not None)
        self.quantize_button.setVisible(row is not None and not here and row.makeable)

    def _on_use_clicked(self) -> None:
        if self.current_row is not None:
            self.use_wanted.emit(self.current_row.ref)

    def _on_measure_clicked(self) -> None:
        if self.current_row is not None:
            self.measure_wanted.emit(self.current_row.ref)

    def _on_download_clicked(self) -> None:
        if self.current_row is not None and self.ladder is not None:
            self.download_wanted.emit(f"{self.ladder.catalog_id}:{self.current_row.level}")

    def _on_quantize_clicked(self) -> None:
        if self.current_row is not None and self.ladder is not None:
            self.quantize_wanted.emit(self.ladder.source_path, self.current_row)


def _key(row: LadderRow) -> str:
    return f"{row.level} {row.path}"


def _key_of_level(rows: Sequence[LadderRow], level: str) -> str:
    return next((_key(row) for row in rows if row.level == level), "")
