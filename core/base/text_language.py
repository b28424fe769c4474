"""Text language: which language a text is in, as far as two texts need to be told apart.

The letters decide between scripts, function words between languages in Latin letters. Code, tables
and lists of names hold no function words: nothing is said of them.
"""

import re
from collections import Counter

_WORD = re.compile(r"[^\W\d_]+")
_SCRIPTS = (
    ("kana", "\u3041-\u30ff"),
    ("hangul", "\uac00-\ud7a3\u1100-\u11ff"),
    ("han", "\u3400-\u9fff"),
    ("cyrillic", "\u0400-\u052f"),
    ("greek", "\u0370-\u03ff"),
    ("arabic", "\u0600-\u06ff"),
    ("hebrew", "\u0590-\u05ff"),
    ("devanagari", "\u0900-\u097f"),
    ("thai", "\u0e00-\u0e7f"),
)
_LETTERS = tuple((name, re.compile(f"[{letters}]")) for name, letters in _SCRIPTS)
_FUNCTION_WORDS = {
    "english": "the of and to in is that it was with be by are this from or an which what who when"
    " where how many did does do has have were can at as for on",
    "german": "der die das und ist nicht mit den von zu dem ein eine auf für sich des wer was wann"
    " wo wie wird wurde welche welcher welches warum hat haben im in am an",
    "french": "le la les des et est une dans que qui pour pas sur au avec ce il du de quel quelle"
    " quand où comment combien un en par",
    "spanish": "el la los las en y una por con para del se un de qué quién cuándo dónde cómo cuál"
    " cuántos es que al fue su",
    "portuguese": "o os uma não com da do na em dos ao é um de que qual quem quando onde como por"
    " para são foi no e a",
    "italian": "il di che non per è della con del una sono gli nel alla un la chi quando dove come"
    " quale cosa in e",
    "dutch": "het een van dat niet zijn op te voor met de en is wie wat waar wanneer hoe welke in",
    "scandinavian": "og det er en et på av til som har ikke med den for hva hvem hvor når hvilken"
    " och att är som på av i vad vem var hvad hvornår",
}
_WORDS = {name: frozenset(words.split()) for name, words in _FUNCTION_WORDS.items()}
_FEWEST, _CLEARLY = 2, 2
"""Function words that tell a language from another one, and how many for one of the other."""


def detect_language(text: str) -> str:
    """Return a script or, in Latin letters, a language; "" if that can't be told.

    Kana stands for Japanese, even among more Chinese characters.
    """
    counts = {name: len(letters.findall(text)) for name, letters in _LETTERS}
    if counts["kana"] * 5 >= counts["han"]:
        counts["kana"] += counts.pop("han")
    most = max(counts, key=lambda name: counts[name])
    if counts[most] * 2 > sum(letter.isalpha() for letter in text):
        return most
    return _latin_language(text)


def is_other_language(text: str, question: str, evidence: str) -> bool:
    """Return whether evidence is in another language than a text, as far as that can be told.

    Names may look like function words: each side must have twice as many of its own language as of
    the other's. A text that doesn't tell its own is taken to be in the language of its question.
    """
    read = detect_language(evidence)
    if not read:
        return False
    said = detect_language(text)
    if not said or (said in _WORDS and not _is_clearly(text, said, read)):
        said = detect_language(question)
    if not said or said == read:
        return False
    return said not in _WORDS or read not in _WORDS or _is_clearly(evidence, read, said)


def _is_clearly(text: str, language: str, other: str) -> bool:
    counts = _function_words(text)
    return counts[language] >= max(_FEWEST, _CLEARLY * counts[other])


def _latin_language(text: str) -> str:
    found = _function_words(text)
    (first, most), (_second, next_most) = found.most_common(2) or (("", 0), ("", 0))
    return first if most > next_most else ""


def _function_words(text: str) -> Counter[str]:
    found = Counter[str]()
    for word in _WORD.findall(text.lower()):
        for name, words in _WORDS.items():
            found[name] += word in words
    return found
