"""Network card of the privacy page: open connections, and the log of contacts and refusals."""

from datetime import UTC, datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
)

from core.app.privacy.privacy_report import NetworkRefusal, PrivacyReport
from core.app.privacy.seal_text import describe_seals
from core.base.i18n import N_, _, ngettext
from core.courier.connection.contact_log import REFUSED, Contact
from core.messages import ApiActivity
from desktop.kit.buttons_and_labels import as_tooltip, plain_label, set_style_property
from desktop.kit.locale_formatting import format_count, format_moment, format_size, one_line
from desktop.kit.theme import Theme, follow_text_size

_Row = tuple[float, str, str, str, str]
"""Seconds since the epoch, where to, how much went and came, what for."""
_LINES = 7
_WHY = {
    "list": N_("looked at a list of models"),
    "fetch": N_("fetched a model"),
    "update": N_("asked for a newer Inglenook"),
    "answer": N_("asked a server of yours"),
    "index": N_("kept the index on a server of yours"),
    "models": N_("asked a server of yours for its models"),
}


class NetworkCard(QFrame):
    """Sums up the connections in one sentence, and lists contacts and refusals below."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._rows: list[_Row] = []
        self._build()
        theme.changed.connect(self._on_theme_changed)

    def _build(self) -> None:
        self.setObjectName("card")
        self._picture = plain_label()
        self.state = plain_label(role="title", wrap=True)
        self._more = plain_label(role="muted", wrap=True)
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addWidget(self.state)
        words.addWidget(self._more)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(self._picture)
        row.addLayout(words, 1)
        self.table = QTableWidget(0, 5)
        self.table.setAccessibleName(_("What was contacted, and what was refused"))
        self.table.setHorizontalHeaderLabels(
            [_("When"), _("Where"), _("Sent"), _("Received"), _("What for")]
        )
        self.table.verticalHeader().hide()
        self.table.setShowGrid(False)
        self.table.setTabKeyNavigation(False)
        follow_text_size(self.table, self._set_table_height)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        header = self.table.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setStretchLastSection(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        column.addLayout(row)
        column.addWidget(self.table, 1)
        self._on_theme_changed()

    def _set_table_height(self) -> None:
        self.table.setFixedHeight(_LINES * (self.table.fontMetrics().height() + 16))

    def show_report(self, report: PrivacyReport) -> None:
        """Show the current connections."""
        connections = report.connections
        known = connections is not None
        number = len(connections) if connections is not None else 0
        self.state.setText(_state(number, known=known))
        set_style_property(self.state, "role", "warning" if number else "title")
        self._more.setText("\n".join((_sums(report), *describe_seals(report.seals))))
        rows = [_contact_row(each) for each in report.contacts]
        rows += [_refusal_row(each) for each in report.refusals]
        rows += [_request_row(each) for each in report.requests]
        self._fill(sorted(rows, key=_when, reverse=True))

    def _fill(self, rows: list[_Row]) -> None:
        self.table.setVisible(bool(rows))
        if rows == self._rows:
            return  # what is selected in it stays so
        self._rows = rows
        self.table.setRowCount(len(rows))
        for number, (seconds, *cells) in enumerate(rows):
            for place, text in enumerate((_moment(seconds), *cells)):
                item = QTableWidgetItem(text)
                item.setToolTip(as_tooltip(text))
                self.table.setItem(number, place, item)

    def _on_theme_changed(self) -> None:
        self._picture.setPixmap(self._theme.icon_pixmap("lock", "info", 32))


def _state(number: int, *, known: bool) -> str:
    if not known:
        return _("The network lock is on. This system doesn't say which connections are open.")
    if number == 0:
        return _("The network lock is on. No connection is open.")
    words = ngettext("{n} connection is open.", "{n} connections are open.", number)
    return words.format(n=format_count(number))


def _sums(report: PrivacyReport) -> str:
    contacts, refused = len(report.contacts), len(report.refusals)
    if contacts:
        words = ngettext(
            "You let Inglenook reach out {n} time.",
            "You let Inglenook reach out {n} times.",
            contacts,
        )
        first = words.format(n=format_count(contacts))
    else:
        first = _("Inglenook never reached out.")
    if not refused:
        return first + " " + _("Nothing tried to behind your back.")
    words = ngettext("{n} try was refused.", "{n} tries were refused.", refused)
    return f"{first} {words.format(n=format_count(refused))}"


def _contact_row(contact: Contact) -> _Row:
    where = contact.host if contact.port == 443 else f"{contact.host}:{contact.port}"
    why = _(_WHY[contact.why]) if contact.why in _WHY else contact.why
    what = f"{why}: {contact.about}" if contact.about else why
    if contact.outcome == REFUSED:
        what = _("refused: {what}").format(what=what)
    return contact.began, where, format_size(contact.sent), format_size(contact.received), what


def _refusal_row(refusal: NetworkRefusal) -> _Row:
    what = _("refused: {what}").format(what=f"{refusal.what} ({refusal.who})")
    return refusal.when, one_line(refusal.target, 60), format_size(0), format_size(0), what


def _request_row(activity: ApiActivity) -> _Row:
    where = _("this computer: {program}").format(program=one_line(activity.agent, 40))
    text = ngettext(
        "asked {path} as “{token}”: {status}, {read} token read, {written} written",
        "asked {path} as “{token}”: {status}, {read} tokens read, {written} written",
        activity.tokens_read,
    )
    what = text.format(
        path=activity.path,
        token=activity.client,
        status=activity.status,
        read=format_count(activity.tokens_read),
        written=format_count(activity.tokens_written),
    )
    return activity.began, where, format_size(0), format_size(0), what


def _when(row: _Row) -> float:
    return row[0]


def _moment(seconds: float) -> str:
    return format_moment(seconds, datetime.now(UTC).astimezone().date())
