"""Formatting of where a repeated answer comes from: “From an answer of Tuesday”."""

import datetime as dt

from core.base.i18n import N_, _
from core.chat.conversations.assurance import RecalledAnswer

_DAYS = (
    N_("Monday"),
    N_("Tuesday"),
    N_("Wednesday"),
    N_("Thursday"),
    N_("Friday"),
    N_("Saturday"),
    N_("Sunday"),
)


def format_day(seconds: float, today: dt.date) -> str:
    """Return the local day of a time since the epoch; one of the last six days by its name."""
    day = dt.datetime.fromtimestamp(seconds, dt.UTC).astimezone().date()
    age = (today - day).days
    if age <= 0:
        return _("today")
    if age == 1:
        return _("yesterday")
    return _(_DAYS[day.weekday()]) if age < 7 else day.isoformat()


def format_recalled(recalled: RecalledAnswer, today: dt.date) -> str:
    """Say that an answer is an earlier one, of which day, and to which question if to another."""
    day = format_day(recalled.answered, today)
    if recalled.question:
        words = _("From an answer of {day} to “{question}”.")
        return words.format(day=day, question=" ".join(recalled.question.split()))
    return _("From an answer of {day}.").format(day=day)
