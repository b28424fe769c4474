"""All languages, in two groups, and what is gathered from them; a new one is added here.

Words of one group complete each other's questions ("wie viele PDFs"): a list that all shared would
take more time and find questions where none is, since some languages have endings for anything.
"""

from collections.abc import Callable, Iterable

from core.chat.intent.language import Language
from core.chat.intent.languages.arabic import ARABIC
from core.chat.intent.languages.chinese import CHINESE
from core.chat.intent.languages.dutch import DUTCH
from core.chat.intent.languages.english import ENGLISH
from core.chat.intent.languages.french import FRENCH
from core.chat.intent.languages.german import GERMAN
from core.chat.intent.languages.hindi import HINDI
from core.chat.intent.languages.italian import ITALIAN
from core.chat.intent.languages.japanese import JAPANESE
from core.chat.intent.languages.korean import KOREAN
from core.chat.intent.languages.polish import POLISH
from core.chat.intent.languages.portuguese import PORTUGUESE
from core.chat.intent.languages.russian import RUSSIAN
from core.chat.intent.languages.spanish import SPANISH
from core.chat.intent.languages.thai import THAI
from core.chat.intent.languages.turkish import TURKISH
from core.chat.intent.languages.ukrainian import UKRAINIAN

FIRST = (ENGLISH, GERMAN, FRENCH, SPANISH, RUSSIAN, ARABIC, CHINESE)
FURTHER = (
    ITALIAN,
    PORTUGUESE,
    DUTCH,
    POLISH,
    TURKISH,
    UKRAINIAN,
    JAPANESE,
    HINDI,
    THAI,
    KOREAN,
)
LANGUAGES = (*FIRST, *FURTHER)

Choice = Callable[[Language], str]


def any_of(*choices: Choice, languages: Iterable[Language] = LANGUAGES) -> str:
    """Return a group of all alternatives that are chosen from languages, choice by choice."""
    languages = tuple(languages)
    found = (choose(each) for choose in choices for each in languages)
    return f"(?:{'|'.join(filter(None, found))})"


def words_of(choose: Choice, languages: Iterable[Language] = LANGUAGES) -> frozenset[str]:
    """Return all words, separated by spaces, that are chosen from languages."""
    return frozenset(word for each in languages for word in choose(each).split())
