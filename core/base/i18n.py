"""Translation with gettext: every sentence a person reads passes through `_` or `ngettext`."""

import gettext
import os
from pathlib import Path

DOMAIN = "inglenook"
LOCALE_DIR = Path(__file__).resolve().parents[2] / "resources" / "locale"
SOURCE = "en"
"""The language the sentences are written in."""
LANGUAGE_VARIABLE = "INGLENOOK_LANGUAGE"
PSEUDO = "pseudo"
"""Name of the made-up language whose every sentence stands in ⟦brackets⟧: what lacks them in the
window was never handed to gettext."""

_WITH_COMMA = (
    "be bg bs ca cs da de el es et eu fi fr gl hr hu id is it ka kk lt lv mk nb nl nn pl pt ro ru "
    "sk sl sq sr sv tr uk uz vi"
)
"""Languages that write a comma before tenths; all others a point where digits are 0 to 9 (CLDR)."""


class LocalizedFloat(float):
    """A number that `format` writes with the decimal sign of the language that is spoken."""

    def __format__(self, form: str) -> str:
        """Write it as a float is written; in a language that sets tenths off by a comma, so."""
        return super().__format__(form).replace(".", _sign)


class _PseudoTranslations(gettext.NullTranslations):
    def gettext(self, message: str) -> str:
        return f"⟦{message}⟧"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return f"⟦{msgid1 if n == 1 else msgid2}⟧"


_current: gettext.NullTranslations = gettext.NullTranslations()
_sign = "."


def use_language(language: str | None = None) -> None:
    """Speak `language` (a gettext code such as "de") from now on; None follows the environment."""
    global _current, _sign  # noqa: PLW0603 - one language per process, set once at start
    if language is None:
        language = os.environ.get(LANGUAGE_VARIABLE)
    if language == PSEUDO:
        _current = _PseudoTranslations()
        return
    languages = [language] if language else None
    _current = gettext.translation(DOMAIN, LOCALE_DIR, languages=languages, fallback=True)
    _sign = "," if current_language().partition("_")[0] in _WITH_COMMA.split() else "."


def current_language() -> str:
    """Return the code of the language that is spoken, "en" without a translation."""
    return _current.info().get("language", "") or SOURCE


def available_languages() -> tuple[str, ...]:
    """Return the codes of all languages there are, the one the sentences are written in first."""
    found = sorted(path.parts[-3] for path in LOCALE_DIR.glob(f"*/LC_MESSAGES/{DOMAIN}.mo"))
    return (SOURCE, *found)


def _(message: str) -> str:
    """Translate one sentence into the current language."""
    return _current.gettext(message)


def ngettext(singular: str, plural: str, count: int) -> str:
    """Translate a sentence that depends on a number; the number is still to be filled in."""
    return _current.ngettext(singular, plural, count)


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for "translate this later"
    """Mark a sentence for translation where it is declared; `_` translates it where it is shown."""
    return message
