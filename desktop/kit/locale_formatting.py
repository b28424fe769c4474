"""Locale-aware formatting of numbers, file sizes, dates, and hints about problems."""

from datetime import UTC, date, datetime, timedelta

from PySide6.QtCore import QDate, QDateTime, QLocale

from core.base.errors import ErrorCode
from core.base.i18n import _


def format_count(number: int) -> str:
    """Return a whole number with the separators of this system."""
    return QLocale().toString(number)


def format_decimal(number: float, digits: int = 1) -> str:
    """Return a number with `digits` places."""
    return QLocale().toString(float(number), "f", digits)


def format_size(number_of_bytes: int) -> str:
    """Return a file's size, as "1.4 GB", in decimal units like the command line and the hub."""
    return QLocale().formattedDataSize(number_of_bytes, 1, QLocale.DataSizeFormat.DataSizeSIFormat)


def format_parameter_count(number: int) -> str:
    """Return a count of parameters, as "135 M" or "7.2 B"; an em dash where it isn't known."""
    if number <= 0:
        return "—"
    if number >= 1_000_000_000:
        return f"{format_decimal(number / 1e9)} B"
    return f"{format_decimal(number / 1e6, 0)} M"


def local_date(seconds: float) -> date:
    """Return the local day of a time in seconds since the epoch."""
    return datetime.fromtimestamp(seconds, UTC).astimezone().date()


def day_heading(moment: date, today: date) -> str:
    """Return the heading a chat of that day stands under."""
    if moment >= today:
        return _("Today")
    if moment == today - timedelta(days=1):
        return _("Yesterday")
    if moment > today - timedelta(days=7):
        return _("Last seven days")
    return _("Earlier")


def format_moment(seconds: float, today: date) -> str:
    """Return a time of today as hour and minute, an older one as a short date."""
    when = QDateTime.fromSecsSinceEpoch(int(seconds))
    if local_date(seconds) >= today:
        return QLocale().toString(when.time(), QLocale.FormatType.ShortFormat)
    locale = QLocale()
    if when.date().year() == QDate(today.year, today.month, today.day).year():
        return locale.toString(when.date(), "d MMM")
    return locale.toString(when.date(), QLocale.FormatType.ShortFormat)


def one_line(text: str, limit: int = 80) -> str:
    """Return the start of `text` on one line."""
    flat = " ".join(text.split())
    return flat if len(flat) <= limit else flat[: limit - 1].rstrip() + "…"


def preset_name(preset: str) -> str:
    """Return a preset of sampling by its name, "" as it is set for all chats."""
    names = {"precise": _("Precise"), "balanced": _("Balanced"), "creative": _("Creative")}
    return names.get(preset, _("As set for all chats"))


def format_hint(code: str, hint: str) -> str:
    """Return what to do next about a problem; here it is a button, where `hint` names a command."""
    hints = {
        ErrorCode.NO_MODEL: _(
            "Under Models one is fetched, or a GGUF file that is here already is added."
        ),
        ErrorCode.MODEL_UNKNOWN: _("Models shows those that are here; choose one of them."),
        ErrorCode.TRAINING_UNFINISHED: _("Go on with it, or discard it, on the page of trainings."),
        ErrorCode.ARCHITECTURE_UNKNOWN: _(
            "Try it anyway, choose another model or look for a newer Inglenook."
        ),
        ErrorCode.MODEL_PUT_ASIDE: _("Try it again under Models, or choose another."),
        ErrorCode.ADAPTER_GONE: _("Put it back, or take the adapter off this chat."),
        ErrorCode.ADAPTER_MISMATCH: _("Choose that model, or take the adapter off this chat."),
        ErrorCode.SERVER_BUDGET: _("Raise it under File › Usage, or choose another model."),
        ErrorCode.CONTEXT_FULL: _("Early messages can be summarised or left out."),
        ErrorCode.FOLDER_PAUSED: _("Choose “Resume reading” in its menu."),
    }
    return next((words for known, words in hints.items() if known == code), hint)
