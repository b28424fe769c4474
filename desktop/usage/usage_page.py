"""Usage page: tokens counted by day, model and origin, and the budgets of own servers."""

from functools import partial

from PySide6.QtCore import QDate, QLocale, Qt
from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from core.app.app import App
from core.app.usage.asking_origin import describe_origin
from core.app.usage.usage_store import KEPT_DAYS, UsageRow
from core.base.errors import InglenookError
from core.base.i18n import _
from core.base.settings.app_settings import COUNT_USAGE
from desktop.kit.buttons_and_labels import plain_label
from desktop.kit.check_box import ThemedCheckBox
from desktop.kit.layers.page import Page
from desktop.kit.locale_formatting import format_count, format_decimal
from desktop.kit.theme import Theme
from desktop.models.widgets.keyed_table import KeyedTable
from desktop.usage.price_row import PriceRow

_SHORT = QLocale.FormatType.ShortFormat


class UsagePage(Page):
    """Shows the counts as they grow."""

    widest = 1000

    def __init__(self, app: App, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._app = app
        self._theme = theme
        self._shown: tuple[UsageRow, ...] | None = None
        self.rows: dict[str, PriceRow] = {}
        self._build()
        self.refresh_while_shown(self.show_counts)

    def _build(self) -> None:
        self.setWindowTitle(_("Usage"))
        self.setAccessibleName(_("Usage"))
        self.switch = ThemedCheckBox(self._theme)
        self.switch.setText(_("Count tokens"))
        self.switch.setChecked(self._app.settings.get_value(COUNT_USAGE))
        self.switch.clicked.connect(self._on_switched)
        about = _(
            "Only numbers are kept, on this computer, and no word of what was said. What your "
            "servers cost is by the prices you enter, in any currency."
        )
        self.days = QComboBox()
        self.days.setAccessibleName(_("Time"))
        for label, days in ((_("Today"), 1), (_("30 days"), 30), (_("All"), KEPT_DAYS)):
            self.days.addItem(label, days)
        self.days.setCurrentIndex(1)
        self.days.currentIndexChanged.connect(self.show_counts)
        self.table = self._make_table()
        self.total = plain_label(role="title", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(self.switch)
        column.addWidget(plain_label(about, "muted", wrap=True))
        column.addWidget(self.days, 0, Qt.AlignmentFlag.AlignLeading)
        column.addWidget(self.total)
        column.addWidget(self.table, 1)
        for server in self._app.servers.list_servers():
            row = PriceRow(server, self._app.usage.month_cost(server.name))
            row.changed.connect(partial(self._on_price_changed, server.name))
            self.rows[server.name] = row
            column.addWidget(row)
        self.problem = plain_label(role="muted", wrap=True)
        column.addWidget(self.problem)
        column.addStretch(0)

    def _make_table(self) -> KeyedTable:
        heads = (
            _("Day"), _("Model"), _("Origin"), _("Answers"), _("Read"), _("Written"), _("Seconds"),
            _("Cost"),
        )  # fmt: skip
        return KeyedTable(
            self._theme, _("Usage"), heads, numbers=range(3, len(heads)), dispensable=(6,)
        )

    def show_counts(self) -> None:
        """Show what has been counted by now."""
        rows = self._app.usage.list_usage(self.days.currentData())
        if rows == self._shown:
            return
        self._shown = rows
        text = _("Tokens read: {read}, written: {written}")
        read = sum(row.tokens_read for row in rows)
        written = sum(row.tokens_written for row in rows)
        total = text.format(read=format_count(read), written=format_count(written))
        self.total.setText(total if rows else _("Nothing has been counted."))
        self.table.setVisible(bool(rows))
        keys = [f"{row.day} {row.model} {row.origin}" for row in rows]
        self.table.show_rows(keys, [[(cell, "") for cell in _cells(row)] for row in rows])
        for name, price in self.rows.items():
            price.show_cost(self._app.usage.month_cost(name))

    def _on_switched(self) -> None:
        self._app.settings.set_value(COUNT_USAGE, self.switch.isChecked())

    def _on_price_changed(self, name: str, read: float, written: float, budget: float) -> None:
        self.problem.clear()
        try:
            self._app.servers.set_price(name, read, written, budget)
        except InglenookError as error:  # it was removed meanwhile, or the disk refuses
            self.problem.setText(f"{error.message} {error.hint}")
        self.rows[name].show_cost(self._app.usage.month_cost(name))


def _format_day(day: str) -> str:
    """Return a date of the list, which is kept as YEAR-MONTH-DAY, as people here write it."""
    return QLocale().toString(QDate.fromString(day, Qt.DateFormat.ISODate), _SHORT)


def _cells(row: UsageRow) -> tuple[str, ...]:
    return (
        _format_day(row.day),
        row.model,
        describe_origin(row.origin),
        format_count(row.answers),
        format_count(row.tokens_read),
        format_count(row.tokens_written),
        format_count(round(row.seconds)),
        format_decimal(row.cost, 2) if row.cost else "",
    )
