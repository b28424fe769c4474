"""Numbers, sizes and dates as a person reads them; the sentences around them are `core.words`'."""

from datetime import UTC, date, datetime, timedelta

from PySide6.QtCore import QDate, QDateTime, QLocale

from core.words import _


def count(number: int) -> str:
    """Return a whole number with the separators of this system."""
    return QLocale().toString(number)


def decimal(number: float, digits: int = 1) -> str:
    """Return a number with `digits` places."""
    return QLocale().toString(float(number), "f", digits)


def size(number_of_bytes: int) -> str:
    """Return a file's size, as "1.4 GB"."""
    return QLocale().formattedDataSize(
        number_of_bytes, 1, QLocale.DataSizeFormat.DataSizeTraditionalFormat
    )


def parameters(number: int) -> str:
    """Return a count of parameters, as "135 M" or "7.2 B"; an em dash where it isn't known."""
    if number <= 0:
        return "—"
    if number >= 1_000_000_000:
        return f"{decimal(number / 1e9)} B"
    return f"{decimal(number / 1e6, 0)} M"


def day(seconds: float) -> date:
    """Return the local day of a time in seconds since the epoch."""
    return datetime.fromtimestamp(seconds, UTC).astimezone().date()


def day_group(moment: date, today: date) -> str:
    """Return the heading a chat of that day stands under."""
    if moment >= today:
        return _("Today")
    if moment == today - timedelta(days=1):
        return _("Yesterday")
    if moment > today - timedelta(days=7):
        return _("Last seven days")
    return _("Earlier")


def moment(seconds: float, today: date) -> str:
    """Return a time of today as hour and minute, an older one as a short date."""
    when = QDateTime.fromSecsSinceEpoch(int(seconds))
    if day(seconds) >= today:
        return QLocale().toString(when.time(), QLocale.FormatType.ShortFormat)
    locale = QLocale()
    if when.date().year() == QDate(today.year, today.month, today.day).year():
        return locale.toString(when.date(), "d MMM")
    return locale.toString(when.date(), QLocale.FormatType.ShortFormat)


def one_line(text: str, limit: int = 80) -> str:
    """Return the start of `text` on one line."""
    flat = " ".join(text.split())
    return flat if len(flat) <= limit else flat[: limit - 1].rstrip() + "…"
