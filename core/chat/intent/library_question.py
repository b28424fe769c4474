"""Library question: what a question about the library itself asks, read from its words by rule."""

import datetime as dt
from enum import StrEnum

from msgspec import Struct

from core.base.lazy_regex import lazy_pattern
from core.chat.intent.library_patterns import (
    CHANGE_QUESTIONS,
    CONTENTS_QUESTIONS,
    COUNT_QUESTIONS,
    DAYS,
    EXISTENCE_QUESTIONS,
    FILLERS,
    FURTHER_RANKED_QUESTIONS,
    FURTHER_RANKS,
    KINDS,
    LAST_CHANGED_QUESTIONS,
    LIST_QUESTIONS,
    PERIODS,
    RANKED_QUESTIONS,
    RECENTLY,
    SINCE,
    STOP_WORDS,
    TYPES,
    UNREADABLE_QUESTIONS,
)


class LibraryQuestionKind(StrEnum):
    """What of the library is asked: files (which, how many), changes, or an order of them."""

    FILES = "files"
    CONTENTS = "contents"
    UNREADABLE = "unreadable"
    CHANGED = "changed"
    NEWEST = "newest"
    OLDEST = "oldest"
    LARGEST = "largest"
    SMALLEST = "smallest"


class LibraryQuestion(Struct, frozen=True, kw_only=True):
    """A question about the library: `words` that its files must have, endings of their names.

    `since` and `until` bound the time of their last change, in seconds since the epoch.
    """

    kind: LibraryQuestionKind
    words: tuple[str, ...]
    types: tuple[str, ...]
    since: float | None
    until: float | None


MOST_WORDS = 4
"""Words that files are looked up by; a question with more is about something said in them."""
LONGEST_QUESTION = 160
_WORDS = lazy_pattern(r"\w[\w'.\u0900-\u0903\u093a-\u094f\u0962\u0963\u0e31-\u0e4e-]*")
"""Words, with the vowel signs of Hindi and Thai, which are no letters to Python."""
_KINDS_OF_QUESTIONS = (
    (LibraryQuestionKind.NEWEST, LAST_CHANGED_QUESTIONS),
    (LibraryQuestionKind.UNREADABLE, UNREADABLE_QUESTIONS),
    (LibraryQuestionKind.CHANGED, CHANGE_QUESTIONS),
    (LibraryQuestionKind.CONTENTS, CONTENTS_QUESTIONS),
    (LibraryQuestionKind.FILES, COUNT_QUESTIONS),
    (LibraryQuestionKind.FILES, LIST_QUESTIONS),
    (LibraryQuestionKind.FILES, EXISTENCE_QUESTIONS),
)
_RECENT_DAYS = 7


def read_library_question(folded: str, today: dt.datetime) -> LibraryQuestion | None:
    """Return what a folded message asks about the library, None if it asks something else.

    `today` has the time zone of the person.
    """
    if len(folded) > LONGEST_QUESTION:
        return None
    kind = _kind(folded)
    if kind is None:
        return None
    since, until = _period(folded, today)
    if kind is LibraryQuestionKind.NEWEST and not _names_period(folded):
        since = None  # "changed most recently" is an order, no time
    if kind is LibraryQuestionKind.CHANGED and since is None:
        since = _midnight(today, -_RECENT_DAYS).timestamp()
    types, rest = _file_types(folded)
    words = _words(rest) if kind is LibraryQuestionKind.FILES else ()
    if kind is LibraryQuestionKind.CHANGED:  # other words say only that and when something changed
        words = _kinds_of_documents(rest)
    if len(words) > MOST_WORDS:
        return None
    return LibraryQuestion(kind=kind, words=words, types=types, since=since, until=until)


def _kinds_of_documents(text: str) -> tuple[str, ...]:
    found = next(filter(None, (pattern.findall(text) for pattern in KINDS)), ())
    return tuple(dict.fromkeys(found))


def _kind(folded: str) -> LibraryQuestionKind | None:
    for kind, patterns in _KINDS_OF_QUESTIONS:
        if any(pattern.search(folded) for pattern in patterns):
            return kind
    ranked = RANKED_QUESTIONS.search(folded)
    if ranked is None:
        return _further_rank(folded)
    name = next((key for key, value in ranked.groupdict().items() if value), "")
    return LibraryQuestionKind(name.partition("_")[0]) if name else None


def _further_rank(folded: str) -> LibraryQuestionKind | None:
    if not FURTHER_RANKED_QUESTIONS.search(folded):
        return None
    name = next((name for name, pattern in FURTHER_RANKS if pattern.search(folded)), "")
    return LibraryQuestionKind(name) if name else None


def _file_types(folded: str) -> tuple[tuple[str, ...], str]:
    """Return the endings that a question names, and the question without their names."""
    found: dict[str, None] = {}
    for types, pattern in TYPES:
        if pattern.search(folded):
            found.update(dict.fromkeys(types))
            folded = pattern.sub(" ", folded)
    return tuple(found), folded


def _words(folded: str) -> tuple[str, ...]:
    for fillers in FILLERS:
        folded = fillers.sub(" ", folded)
    words = (word.strip("'.-") for word in _WORDS.findall(folded))
    return tuple(dict.fromkeys(word for word in words if word and word not in STOP_WORDS))


def _names_period(folded: str) -> bool:
    return any(pattern.search(folded) for pattern in (DAYS, *(each for _name, each in PERIODS)))


def _period(folded: str, today: dt.datetime) -> tuple[float | None, float | None]:
    """Return the begin and the end of the period that is named, None where it has none."""
    if days := DAYS.search(folded):
        return _midnight(today, -int(days[1])).timestamp(), None
    name = next((name for name, pattern in PERIODS if pattern.search(folded)), "")
    if not name:
        recently = RECENTLY.search(folded)
        return (_midnight(today, -_RECENT_DAYS).timestamp() if recently else None), None
    begin, end = _bounds(name, today)
    if end is not None and SINCE.search(folded):
        end = None
    return begin.timestamp(), end.timestamp() if end else None


def _bounds(name: str, today: dt.datetime) -> tuple[dt.datetime, dt.datetime | None]:
    start, monday = _midnight(today, 0), _midnight(today, -today.weekday())
    first = _midnight(today.replace(day=1), 0)
    year = first.replace(month=1)
    return {
        "today": (start, None),
        "yesterday": (_midnight(today, -1), start),
        "last week": (monday - dt.timedelta(days=7), monday),
        "last month": ((first - dt.timedelta(days=1)).replace(day=1), first),
        "last year": (year.replace(year=year.year - 1), year),
        "this week": (monday, None),
        "this month": (first, None),
        "this year": (year, None),
    }[name]


def _midnight(day: dt.datetime, days: int) -> dt.datetime:
    return day.replace(hour=0, minute=0, second=0, microsecond=0) + dt.timedelta(days=days)
