"""Formatting of remaining time, rounded to minutes or hours."""

from core.base.i18n import _, ngettext

_MINUTE = 60
_HOUR = 60 * _MINUTE


def format_time_left(seconds: float | None) -> str:
    """Return such as “about 3 minutes left”, "" for None."""
    if seconds is None:
        return ""
    if seconds < 50:
        return _("less than a minute left")
    if seconds < 90 * _MINUTE:
        minutes = max(1, round(seconds / _MINUTE))
        words = ngettext("about {count} minute left", "about {count} minutes left", minutes)
        return words.format(count=minutes)
    hours = round(seconds / _HOUR)
    words = ngettext("about {count} hour left", "about {count} hours left", hours)
    return words.format(count=hours)
