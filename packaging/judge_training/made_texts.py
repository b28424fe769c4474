"""Texts that papers are made of: kinds and what they state, other wordings, rules, additions.

They stand in `made_papers.txt`, `made_wordings.txt`, `made_rules.txt` and `made_addition.txt`.
"""

from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

LANGUAGES = ("en", "de", "fr", "es")
HERE = Path(__file__).parent


class Thing(NamedTuple):
    """What a paper may state: the type of its value and its name in each language."""

    value_type: str
    names: dict[str, str]


class Kind(NamedTuple):
    """A kind of paper; a table has `rows` and `columns`, another paper `things`."""

    name: str
    titles: dict[str, str]
    things: list[Thing]
    rows: dict[str, list[str]]
    columns: list[Thing]


class Wording(NamedTuple):
    """Another way to state, ask and claim a thing; `sentence` is "" where there is none."""

    sentence: str
    question: str
    statement: str


class Rule(NamedTuple):
    """Something that is allowed or not."""

    allowed: str
    forbidden: str
    question: str


class Addition(NamedTuple):
    """What is paid on top or inside, each as it stands and as it is said."""

    on_top: str
    inside: str
    said_on_top: str
    said_inside: str


def _lines(name: str) -> list[str]:
    text = (HERE / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line.strip() and not line.startswith("#")]


def _by_language(parts: list[str]) -> dict[str, str]:
    return dict(zip(LANGUAGES, (part.strip() for part in parts), strict=True))


def read_kinds() -> list[Kind]:
    """Return the kinds of papers in the order of the file."""
    kinds: list[Kind] = []
    for line in _lines("made_papers.txt"):
        head, *parts = line.split("|")
        if line.startswith("="):
            name, _colon, title = head.removeprefix("=").partition(":")
            kinds.append(Kind(name.strip(), _by_language([title, *parts]), [], {}, []))
        elif line.startswith("rows"):
            named = _by_language(parts).items()
            kinds[-1].rows.update({language: text.split("; ") for language, text in named})
        elif line.startswith("columns"):
            types = head.split()[1:]
            columns = [part.strip().split("; ") for part in parts]
            for place, value_type in enumerate(types):
                names = _by_language([column[place] for column in columns])
                kinds[-1].columns.append(Thing(value_type, names))
        else:
            kinds[-1].things.append(Thing(head.strip(), _by_language(parts)))
    return kinds


def read_wordings() -> dict[tuple[str, str], Wording]:
    """Return other wordings by language and thing."""
    found = {}
    for line in _lines("made_wordings.txt"):
        language, thing, sentence, *rest = (part.strip() for part in line.split(" | "))
        found[language, thing] = Wording("" if sentence == "-" else sentence, *rest)
    return found


def read_rules() -> dict[str, list[Rule]]:
    """Return rules by language."""
    found: dict[str, list[Rule]] = defaultdict(list)
    for line in _lines("made_rules.txt"):
        language, *parts = (part.strip() for part in line.split(" | "))
        found[language].append(Rule(*parts))
    return found


def read_additions() -> tuple[dict[str, list[Addition]], dict[str, list[str]]]:
    """Return additions and the things that they are about, by language."""
    found: dict[str, list[Addition]] = defaultdict(list)
    things: dict[str, list[str]] = {}
    for line in _lines("made_addition.txt"):
        first, *parts = (part.strip() for part in line.split(" | "))
        if first.startswith("things"):
            things[first.split()[1]] = parts[0].split("; ")
        else:
            found[first].append(Addition(*parts))
    return found, things
