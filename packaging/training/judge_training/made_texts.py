"""Texts that papers are made of: kinds and what they state, other wordings, rules, additions.

They stand in `training_texts` and, those of the kinds that are held back, in `held_texts`.
"""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from judge_training.made_values import LANGUAGES

HERE = Path(__file__).parent


class Thing(NamedTuple):
    """What a paper may state: the type of its value and its name in each language."""

    value_type: str
    names: dict[str, str]

    @property
    def plain_type(self) -> str:
        """The type without its unit and range."""
        return self.value_type.partition(":")[0]


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
    """Something that is so or not."""

    allowed: str
    forbidden: str
    question: str


class Addition(NamedTuple):
    """What is paid on top or inside, each as it stands and as it is said."""

    on_top: str
    inside: str
    said_on_top: str
    said_inside: str


class MadeTexts(NamedTuple):
    """All texts of a folder.

    Wordings are by language and thing, rules by language, the same rule in several of them;
    additions and the things that they are about are by language.
    """

    kinds: list[Kind]
    languages: tuple[str, ...]
    wordings: dict[tuple[str, str], Wording]
    rules: list[dict[str, Rule]]
    additions: dict[str, list[Addition]]
    added_things: dict[str, list[str]]


def read_texts(name: str) -> MadeTexts:
    """Return the texts of `training_texts` or `held_texts`."""
    folder = HERE / name
    kinds = _read_kinds(folder)
    additions, things = _read_additions(folder)
    return MadeTexts(
        kinds=kinds,
        languages=tuple(kinds[0].titles),
        wordings=_read_wordings(folder),
        rules=_read_rules(folder),
        additions=additions,
        added_things=things,
    )


def read_questions_abroad() -> dict[tuple[str, str], list[str]]:
    """Return translations of a question by its source and words."""
    found = {}
    for line in _lines(HERE / "training_texts" / "questions_abroad.txt"):
        source, question, *translated = (part.strip() for part in line.split(" | "))
        found[source, question] = translated
    return found


class AnswerAbroad(NamedTuple):
    """An answer as its passage has it, and in the languages of the questions in their order.

    One of a kind can stand in for another of it, as a wrong answer.
    """

    kind: str
    answer: str
    translated: tuple[str, ...]


def read_answers_abroad() -> dict[str, AnswerAbroad]:
    """Return translations of answers by the answer."""
    found = {}
    for line in _lines(HERE / "training_texts" / "answers_abroad.txt"):
        kind, answer, *translated = (part.strip() for part in line.split(" | "))
        found[answer] = AnswerAbroad(kind, answer, tuple(translated))
    return found


def _lines(path: Path) -> Iterator[str]:
    text = path.read_text(encoding="utf-8")
    return (line for line in text.splitlines() if line.strip() and not line.startswith("#"))


def _by_language(parts: list[str]) -> dict[str, str]:
    return dict(zip(LANGUAGES, (part.strip() for part in parts), strict=False))


def _read_kinds(folder: Path) -> list[Kind]:
    kinds: list[Kind] = []
    for line in _lines(folder / "papers.txt"):
        head, *parts = line.split("|")
        if line.startswith("="):
            name, _colon, title = head.removeprefix("=").partition(":")
            kinds.append(Kind(name.strip(), _by_language([title, *parts]), [], {}, []))
        elif line.startswith("rows"):
            named = _by_language(parts).items()
            kinds[-1].rows.update({language: text.split("; ") for language, text in named})
        elif line.startswith("columns"):
            columns = [part.strip().split("; ") for part in parts]
            for place, value_type in enumerate(head.split()[1:]):
                names = _by_language([column[place] for column in columns])
                kinds[-1].columns.append(Thing(value_type, names))
        else:
            kinds[-1].things.append(Thing(head.strip(), _by_language(parts)))
    return kinds


def _read_wordings(folder: Path) -> dict[tuple[str, str], Wording]:
    found = {}
    for line in _lines(folder / "wordings.txt"):
        language, thing, sentence, *rest = (part.strip() for part in line.split(" | "))
        found[language, thing] = Wording("" if sentence == "-" else sentence, *rest)
    return found


def _read_rules(folder: Path) -> list[dict[str, Rule]]:
    found: dict[str, dict[str, Rule]] = defaultdict(dict)
    for line in _lines(folder / "rules.txt"):
        number, language, *parts = (part.strip() for part in line.split(" | "))
        found[number][language] = Rule(*parts)
    return list(found.values())


def _read_additions(folder: Path) -> tuple[dict[str, list[Addition]], dict[str, list[str]]]:
    found: dict[str, list[Addition]] = defaultdict(list)
    things: dict[str, list[str]] = {}
    for line in _lines(folder / "additions.txt"):
        first, *parts = (part.strip() for part in line.split(" | "))
        if first.startswith("things"):
            things[first.split()[1]] = parts[0].split("; ")
        else:
            found[first].append(Addition(*parts))
    return found, things
