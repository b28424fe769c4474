"""Translation with gettext: every sentence a person reads passes through `_` or `ngettext`."""

import contextlib
import contextvars
import functools
import gettext
import os
from collections.abc import Iterator
from pathlib import Path

DOMAIN = "inglenook"
LOCALE_DIR = Path(__file__).resolve().parents[2] / "resources" / "locale"
SOURCE = "en"
"""The language the sentences are written in."""
LANGUAGE_VARIABLE = "INGLENOOK_LANGUAGE"
PSEUDO = "pseudo"
"""Name of a pseudo language in which every sentence is in ⟦brackets⟧: text without them in the
window was never passed to gettext."""

_WITH_COMMA = (
    "be bg bs ca cs da de el es et eu fi fr gl hr hu id is it ka kk lt lv mk nb nl nn pl pt ro ru "
    "sk sl sq sr sv tr uk uz vi"
)
"""Languages that write a comma before tenths; all others a point where digits are 0 to 9 (CLDR)."""


class LocalizedFloat(float):
    """A number that `format` writes with the decimal sign of the current language."""

    def __format__(self, form: str) -> str:
        """Format like a float, with a comma in languages that write one."""
        of_block = _override.get()
        sign = _sign if of_block is None else _decimal_sign(of_block)
        return super().__format__(form).replace(".", sign)


class _PseudoTranslations(gettext.NullTranslations):
    def gettext(self, message: str) -> str:
        return f"⟦{message}⟧"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return f"⟦{msgid1 if n == 1 else msgid2}⟧"


_current: gettext.NullTranslations = gettext.NullTranslations()
_override: contextvars.ContextVar[gettext.NullTranslations | None] = contextvars.ContextVar(
    "override", default=None
)
_sign = "."


def use_language(language: str | None = None) -> None:
    """Use `language` (a gettext code such as "de") from now on; None: that of the environment."""
    global _current, _sign  # noqa: PLW0603 - one language per process, set once at start
    if language is None:
        language = os.environ.get(LANGUAGE_VARIABLE)
    if language == PSEUDO:
        _current = _PseudoTranslations()
        return
    languages = [language] if language else None
    _current = gettext.translation(DOMAIN, LOCALE_DIR, languages=languages, fallback=True)
    _sign = _decimal_sign(_current)


def _decimal_sign(translations: gettext.NullTranslations) -> str:
    language = translations.info().get("language", "") or SOURCE
    return "," if language.partition("_")[0] in _WITH_COMMA.split() else "."


@contextlib.contextmanager
def translating_into(language: str) -> Iterator[None]:
    """Translate into `language` within this block; "", or one that isn't there: as before."""
    if language not in available_languages() or isinstance(_current, _PseudoTranslations):
        yield
        return
    languages = [] if language == SOURCE else [language]
    token = _override.set(gettext.translation(DOMAIN, LOCALE_DIR, languages, fallback=True))
    try:
        yield
    finally:
        _override.reset(token)


@contextlib.contextmanager
def translating_into_first_of(languages: tuple[str, ...]) -> Iterator[None]:
    """Translate into the first of these codes that there is, as gettext reads them."""
    token = _override.set(_first_translations(languages))
    try:
        yield
    finally:
        _override.reset(token)


@functools.cache
def _first_translations(languages: tuple[str, ...]) -> gettext.NullTranslations:
    if languages[:1] == (PSEUDO,):
        return _PseudoTranslations()
    return gettext.translation(DOMAIN, LOCALE_DIR, languages or (SOURCE,), fallback=True)


def current_language() -> str:
    """Return the code of the current language, "en" without a translation."""
    return (_override.get() or _current).info().get("language", "") or SOURCE


def available_languages() -> tuple[str, ...]:
    """Return the codes of all languages, first the one that the sentences are written in."""
    found = sorted(path.parts[-3] for path in LOCALE_DIR.glob(f"*/LC_MESSAGES/{DOMAIN}.mo"))
    return (SOURCE, *found)


def _(message: str) -> str:
    """Translate one sentence into the current language."""
    return (_override.get() or _current).gettext(message)


def ngettext(singular: str, plural: str, count: int) -> str:
    """Translate a sentence that depends on a number, which is filled in afterwards."""
    return (_override.get() or _current).ngettext(singular, plural, count)


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for "translate this later"
    """Mark a sentence for translation where it is declared; `_` translates it where it is shown."""
    return message
