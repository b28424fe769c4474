"""Library question: what a question about the library itself asks, read from its words by rule."""

# ruff: noqa: E501 - a line is one list of alternatives

import datetime as dt
from enum import StrEnum

from msgspec import Struct

from core.base.lazy_regex import lazy_pattern
from core.chat.intent.further_library_phrases import (
    FURTHER_CHANGES,
    FURTHER_CONTENTS,
    FURTHER_COUNTS,
    FURTHER_EXISTENCE,
    FURTHER_FILLERS,
    FURTHER_PERIODS,
    FURTHER_RANKED,
    FURTHER_RANKS,
    FURTHER_UNREADABLE,
)
from core.chat.intent.library_phrases import (
    CHANGE_QUESTIONS,
    CONTENTS_QUESTIONS,
    COUNT_QUESTIONS,
    EXISTENCE_QUESTIONS,
    FILLERS,
    KINDS,
    LIST_QUESTIONS,
    RANKED_QUESTIONS,
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
_STOP_WORDS = frozenset(
    """a about an and any are as at be by do does for from had has have i in is it its just me my no
    of on or our s so some than that the their them there they this to was we were with you your
    der die das den dem des ein eine einer eines einem einen und oder ist sind war wird wie was wer
    ich du er sie es wir ihr mein meine für von vom zu zum zur mit auf aus bei nach über im als am
    le la les l un une de d du et ou est sont que qui dans pour par sur avec ce il elle je mon ma
    el los las unos unas y o en con del al se su mi como""".split()  # noqa: SIM905 - 80 quoted words read worse
)
_TYPES = (
    (r"pdfs?\b|pdf", ("pdf",)),
    (
        r"\bword (?:files?|documents?)|\bword-(?:dateien|dokumente)|\bdocx?\b",
        ("docx", "doc", "odt"),
    ),
    (
        r"spreadsheets?|excel|tableurs?|hojas de cálculo|\btabellen\b|表格",
        ("xlsx", "xls", "ods", "csv"),
    ),
    (
        r"presentations?\b|slides?\b|präsentationen|présentations?|presentaciones|演示文稿",
        ("pptx", "ppt", "odp"),
    ),
    (
        r"\bpictures?|\bimages?|\bphotos?|\bscans?\b|\bbilder|\bfotos?|imágenes|صور|图片|照片",
        ("png", "jpg", "jpeg", "tif", "tiff", "webp", "bmp", "gif"),
    ),
    (r"\be-?mails?\b|\bmails\b|courriels?|\bcorreos?\b|邮件", ("eml", "msg", "mbox")),
)
_RECENTLY = r"recently|lately|kürzlich|zuletzt|neulich|récemment|derniers jours|recientemente|últimamente|مؤخرا|最近"
_PERIODS = (
    ("yesterday", r"yesterday|gestern|\bhier\b|\bayer\b|أمس|昨天"),
    ("today", r"\btoday|\bheute|aujourd'hui|\bhoy\b|اليوم|今天"),
    (
        "last week",
        r"last week|(?:letzte|vorige)[nr]? woche|letzter woche|semaine dernière|semana pasada|الأسبوع الماضي|上周|上个?星期",
    ),
    (
        "last month",
        r"last month|(?:letzte|vorige)[nm] monat|mois dernier|mes pasado|الشهر الماضي|上个?月",
    ),
    (
        "last year",
        r"last year|(?:letztes|letzten|voriges) jahr|année (?:dernière|passée)|año pasado|العام الماضي|السنة الماضية|去年",
    ),
    ("this week", r"this week|diese[rn]? woche|cette semaine|esta semana|هذا الأسبوع|本周|这周"),
    ("this month", r"this month|diese[nm] monat|ce mois|este mes|هذا الشهر|本月|这个?月"),
    ("this year", r"this year|diese[sm] jahr|cette année|este año|هذا العام|今年"),
)
_PERIOD_PATTERNS = (
    *((name, lazy_pattern(pattern)) for name, pattern in _PERIODS),
    *FURTHER_PERIODS,
)
_TYPE_PATTERNS = tuple((lazy_pattern(pattern), types) for pattern, types in _TYPES)
_SINCE = lazy_pattern(r"\bsince\b|\bseit\b|\bdepuis\b|\bdesde\b|منذ|以来")
_DAYS = lazy_pattern(r"(\d{1,3}) (?:days|tagen?|jours|días)|(\d{1,3})天")
_WORDS = lazy_pattern(r"[\w][\w'.-]*")
_PATTERNS_BY_KIND = (
    (UNREADABLE_QUESTIONS, LibraryQuestionKind.UNREADABLE),
    (FURTHER_UNREADABLE, LibraryQuestionKind.UNREADABLE),
    (CHANGE_QUESTIONS, LibraryQuestionKind.CHANGED),
    (FURTHER_CHANGES, LibraryQuestionKind.CHANGED),
    (CONTENTS_QUESTIONS, LibraryQuestionKind.CONTENTS),
    (FURTHER_CONTENTS, LibraryQuestionKind.CONTENTS),
    (COUNT_QUESTIONS, LibraryQuestionKind.FILES),
    (FURTHER_COUNTS, LibraryQuestionKind.FILES),
    (LIST_QUESTIONS, LibraryQuestionKind.FILES),
    (EXISTENCE_QUESTIONS, LibraryQuestionKind.FILES),
    (FURTHER_EXISTENCE, LibraryQuestionKind.FILES),
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
    if kind is LibraryQuestionKind.CHANGED and since is None:
        since = _midnight(today, -_RECENT_DAYS).timestamp()
    types, rest = _file_types(folded)
    words = _words(rest) if kind is LibraryQuestionKind.FILES else ()
    if kind is LibraryQuestionKind.CHANGED:  # other words say only that and when something changed
        words = tuple(dict.fromkeys(KINDS.findall(rest)))
    if len(words) > MOST_WORDS:
        return None
    return LibraryQuestion(kind=kind, words=words, types=types, since=since, until=until)


def _kind(folded: str) -> LibraryQuestionKind | None:
    for pattern, kind in _PATTERNS_BY_KIND:
        if pattern.search(folded):
            return kind
    ranked = RANKED_QUESTIONS.search(folded)
    if ranked is None:
        return _further_rank(folded)
    name = next((key for key, value in ranked.groupdict().items() if value), "")
    return LibraryQuestionKind(name.partition("_")[0]) if name else None


def _further_rank(folded: str) -> LibraryQuestionKind | None:
    if not FURTHER_RANKED.search(folded):
        return None
    name = next((name for name, pattern in FURTHER_RANKS if pattern.search(folded)), "")
    return LibraryQuestionKind(name) if name else None


def _file_types(folded: str) -> tuple[tuple[str, ...], str]:
    """Return the endings that a question names, and the question without their names."""
    found: dict[str, None] = {}
    for pattern, types in _TYPE_PATTERNS:
        if pattern.search(folded):
            found.update(dict.fromkeys(types))
            folded = pattern.sub(" ", folded)
    return tuple(found), folded


def _words(folded: str) -> tuple[str, ...]:
    left = FURTHER_FILLERS.sub(" ", FILLERS.sub(" ", folded))
    words = (word.strip("'.-") for word in _WORDS.findall(left))
    return tuple(dict.fromkeys(word for word in words if word and word not in _STOP_WORDS))


def _period(folded: str, today: dt.datetime) -> tuple[float | None, float | None]:
    """Return the begin and the end of the period that is named, None where it has none."""
    if days := _DAYS.search(folded):
        return _midnight(today, -int(days[1] or days[2])).timestamp(), None
    name = next((name for name, pattern in _PERIOD_PATTERNS if pattern.search(folded)), "")
    if not name:
        recently = lazy_pattern(_RECENTLY).search(folded)
        return (_midnight(today, -_RECENT_DAYS).timestamp() if recently else None), None
    begin, end = _bounds(name, today)
    if end is not None and _SINCE.search(folded):
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
