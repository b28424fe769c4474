"""Library patterns: questions about the library itself, made of the phrases of all languages.

All match folded text. Where a name stands for several patterns, they are those of the groups of
languages, in their order.
"""

import re
from collections.abc import Iterable, Mapping, Sequence

from core.base.lazy_regex import lazy_pattern
from core.chat.intent.all_languages import FIRST, FURTHER, Choice, any_of, words_of
from core.chat.intent.language import Language
from core.chat.intent.message_patterns import END

_Group = tuple[Language, ...]
_NAMED_PERIODS: Mapping[str, Choice] = {
    "yesterday": lambda each: each.library.yesterday,
    "today": lambda each: each.library.today,
    "last week": lambda each: each.library.last_week,
    "last month": lambda each: each.library.last_month,
    "last year": lambda each: each.library.last_year,
    "this week": lambda each: each.library.this_week,
    "this month": lambda each: each.library.this_month,
    "this year": lambda each: each.library.this_year,
}
_RANKS: Mapping[str, Choice] = {
    "newest": lambda each: each.library.newest,
    "oldest": lambda each: each.library.oldest,
    "largest": lambda each: each.library.largest,
    "smallest": lambda each: each.library.smallest,
}
_TYPES: Mapping[tuple[str, ...], Choice] = {
    ("docx", "doc", "odt"): lambda each: each.library.word_files,
    ("xlsx", "xls", "ods", "csv"): lambda each: each.library.spreadsheets,
    ("pptx", "ppt", "odp"): lambda each: each.library.presentations,
    ("png", "jpg", "jpeg", "tif", "tiff", "webp", "bmp", "gif"): (
        lambda each: each.library.pictures
    ),
    ("eml", "msg", "mbox"): lambda each: each.library.mails,
}


def _has_any(choose: Choice, group: _Group) -> bool:
    return any(choose(each) for each in group)


def _files(group: _Group) -> str:
    return any_of(lambda each: each.library.files, languages=group)


def _kinds(group: Iterable[Language]) -> str:
    return any_of(lambda each: each.library.kinds, languages=group)


def _holders(group: _Group) -> str:
    return any_of(lambda each: each.library.holders, languages=group)


def _periods(group: _Group) -> str:
    if _has_any(lambda each: each.library.periods, group):
        return any_of(lambda each: each.library.periods, languages=group)
    return any_of(*_NAMED_PERIODS.values(), languages=group)


def _filled(choose: Choice, group: _Group) -> str:
    """Return the patterns that are chosen from a group, filled with the words of all of it."""
    gathered = {
        "<files>": _files(group),
        "<kinds>": _kinds(group),
        "<any>": any_of(
            lambda each: each.library.files, lambda each: each.library.kinds, languages=group
        ),
        "<holder>": _holders(group),
        "<period>": _periods(group),
        "<says>": any_of(lambda each: each.library.says, languages=group),
        "<ranks>": any_of(*_RANKS.values(), languages=group),
        "<end>": END,
    }
    filled = any_of(choose, languages=group)
    for name, pattern in gathered.items():
        filled = filled.replace(name, pattern)
    return filled


def _questions(choose: Choice) -> Sequence[re.Pattern[str]]:
    groups = (group for group in (FIRST, FURTHER) if _has_any(choose, group))
    return tuple(lazy_pattern(_filled(choose, group)) for group in groups)


COUNT_QUESTIONS = _questions(lambda each: each.library.counts)
UNREADABLE_QUESTIONS = _questions(lambda each: each.library.unreadable)
CHANGE_QUESTIONS = _questions(lambda each: each.library.changes)
LAST_CHANGED_QUESTIONS = _questions(lambda each: each.library.last_changed)
CONTENTS_QUESTIONS = _questions(lambda each: each.library.contents)
LIST_QUESTIONS = _questions(lambda each: each.library.lists)
EXISTENCE_QUESTIONS = _questions(lambda each: each.library.existence)
RANKED_QUESTIONS = lazy_pattern(_filled(lambda each: each.library.ranked, FIRST))
"""Matches a question for the newest, oldest, largest or smallest files; its groups name which."""
_RANKED_PARTS = any_of(
    lambda each: each.library.rank_words,
    lambda each: each.library.files,
    *_RANKS.values(),
    languages=FURTHER,
)
FURTHER_RANKED_QUESTIONS = lazy_pattern(
    rf"^(?=.*{_files(FURTHER)})(?:{_RANKED_PARTS}(?:\s+|(?=[.!?।]*$)))+[.!?।]*$"
    rf"|{_filled(lambda each: each.library.ranked, FURTHER)}"
)
"""Matches such a question if nothing else stands in it; `FURTHER_RANKS` tell which."""
FURTHER_RANKS = tuple(
    (name, lazy_pattern(rf"(?<!\w){any_of(choose, languages=FURTHER)}"))
    for name, choose in _RANKS.items()
)
"""Patterns of an order of files by the names of `LibraryQuestionKind`."""
FILLERS = (
    lazy_pattern(
        any_of(lambda each: each.library.fillers, languages=FIRST)
        + rf"|(?<!\w)(?:{_holders(FIRST)}|{_files(FIRST)}|{_periods(FIRST)})(?!\w)|"
        + any_of(lambda each: each.library.last_fillers, languages=FIRST)
    ),
    lazy_pattern(
        rf"(?<!\w)(?:{_holders(FURTHER)}|{_files(FURTHER)})(?!\w)|{_periods(FURTHER)}|"
        + any_of(lambda each: each.library.last_fillers, languages=FURTHER)
    ),
)
"""Match what is no word to look for in such a question."""
STOP_WORDS = words_of(lambda each: each.library.stop_words)
"""Other words that files are not looked up by."""
KINDS = (
    lazy_pattern(rf"(?<![^\W一-鿿]){_kinds(FIRST)}(?![^\W一-鿿])"),
    lazy_pattern(
        rf"(?<!\w){_kinds(each for each in FURTHER if each.has_spaces)}(?!\w)"
        rf"|{_kinds(each for each in FURTHER if not each.has_spaces)}"
    ),
)
"""Match words for kinds of documents; between Chinese and Japanese signs nothing stands."""
TYPES = (
    (("pdf",), lazy_pattern(r"pdfs?\b|pdf")),
    *((endings, lazy_pattern(any_of(choose))) for endings, choose in _TYPES.items()),
)
"""Endings of files, and patterns of the words for them."""
PERIODS = tuple(
    (name, lazy_pattern(any_of(choose, languages=group)))
    for group in (FIRST, FURTHER)
    for name, choose in _NAMED_PERIODS.items()
)
"""Patterns of periods by their names in English."""
RECENTLY = lazy_pattern(any_of(lambda each: each.library.recently))
SINCE = lazy_pattern(any_of(lambda each: each.library.since))
DAYS = lazy_pattern(rf"(\d{{1,3}}){any_of(lambda each: each.library.days)}")
"""Matches a number of days, its first group."""
