"""Statements made by rule from free texts: true ones, and ones that differ in one thing.

A statement is a sentence of a text in the same or other words; what is changed is a number, a unit,
a date, an ordinal, a name, a negation, a direction, or the clause beside it.
"""

import html
import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from core.base.sentences import sentence_spans

SENTENCES_PER_PASSAGE = 6
MIN_WORDS, MAX_WORDS = 6, 35
_TEXTS = {".txt", ".md", ".rst", ".html", ".htm", ".eml"}
_SPELT = """zero one two three four five six seven eight nine ten eleven twelve"""
_ORDINALS = """first second third fourth fifth sixth seventh eighth ninth tenth"""
_MONTHS = """January February March April May June July August September October November
    December"""
_UNITS = """seconds minutes hours days weeks months years euros dollars bytes kilobytes megabytes
    percent metres kilometres cm km kg"""
_OPPOSITES = (
    ("first", "last"), ("before", "after"), ("more", "less"), ("always", "never"),
    ("increases", "decreases"), ("opens", "closes"), ("above", "below"), ("maximum", "minimum"),
    ("with", "without"), ("earlier", "later"), ("start", "end"), ("enabled", "disabled"),
    ("upper", "lower"), ("morning", "evening"), ("larger", "smaller"), ("left", "right"),
    ("highest", "lowest"), ("true", "false"), ("inside", "outside"), ("most", "least"),
)  # fmt: skip
_SWAPPED = {word: other for pair in _OPPOSITES for word, other in (pair, pair[::-1])}
_AUXILIARY = re.compile(r"\b(is|are|was|were|can|will|should|must|does|has|have|may)\b(?! not|n't)")
_NEGATED = re.compile(
    r"\b(is|are|was|were|can|will|should|must|does|do|has|have|may)(?:n't| not)\b"
)


class Case(NamedTuple):
    """A statement beside a passage. `holds`: the passage supports it; `source` is its file."""

    kind: str
    statement: str
    passage: str
    holds: bool
    source: str


def cases_from_folder(folder: Path, *, seed: int = 1, most: int = 4000) -> Iterator[Case]:
    """Yield cases from the texts below a folder, the same ones each time."""
    chance = random.Random(seed)
    files = sorted(path for path in folder.rglob("*") if path.suffix in _TEXTS and path.is_file())
    chance.shuffle(files)
    made = 0
    for path in files:
        passages = list(_passages(_text(path)))
        chance.shuffle(passages)
        for passage, sentences in passages[:12]:
            for case in _cases(passage, sentences, passages, str(path), chance):
                yield case
                made += 1
        if made >= most:
            return


def _text(path: Path) -> str:
    text = path.read_bytes()[:300_000].decode(errors="replace")
    if path.suffix in {".html", ".htm"}:
        text = re.sub(r"(?s)<(script|style|pre|head|table)\b.*?</\1>", " ", text)
        text = re.sub(r"</(p|li|h\d|dt|dd|div)>", "\n\n", text)
        text = html.unescape(re.sub(r"(?s)<[^>]+>", "", text)).replace("¶", "")
    return "\n\n".join(" ".join(part.split()) for part in re.split(r"\n\s*\n", text))


def _passages(text: str) -> Iterator[tuple[str, list[str]]]:
    """Yield passages of a few sentences that are prose."""
    sentences = [text[start:end] for start, end in sentence_spans(text)]
    for first in range(0, len(sentences), SENTENCES_PER_PASSAGE):
        part = sentences[first : first + SENTENCES_PER_PASSAGE]
        prose = [each for each in part if _is_prose(each)]
        if len(prose) >= 3:
            yield " ".join(part), prose


def _is_prose(sentence: str) -> bool:
    words = sentence.split()
    letters = sum(letter.isalpha() or letter.isspace() for letter in sentence)
    return (
        MIN_WORDS <= len(words) <= MAX_WORDS
        and sentence[0].isupper()
        and sentence[-1] in ".!"
        and letters > 0.85 * len(sentence)
    )


def _cases(
    passage: str,
    sentences: list[str],
    passages: list[tuple[str, list[str]]],
    source: str,
    chance: random.Random,
) -> Iterator[Case]:
    sentence = chance.choice(sentences)
    yield Case("true: verbatim", sentence, passage, True, source)
    for kind, change in _PARAPHRASES.items():
        said = change(sentence, passage, chance)
        if said and said != sentence:
            yield Case(f"true: {kind}", said, passage, True, source)
    for kind, change in CORRUPTIONS.items():
        for candidate in chance.sample(sentences, len(sentences)):
            said = change(candidate, passage, chance)
            if said and said not in passage and said != candidate:
                yield Case(f"false: {kind}", said, passage, False, source)
                break
    without = passage.replace(sentence, "").strip()
    yield Case("false: its sentence is not there", sentence, without, False, source)
    other, foreign = chance.choice(passages)
    if other != passage:
        said = chance.choice(foreign)
        if said not in passage:
            yield Case("false: of another passage", said, passage, False, source)


Change = Callable[[str, str, random.Random], str]


def _without_clause(sentence: str, _passage: str, _chance: random.Random) -> str:
    """Leave a last clause or what stands in brackets out."""
    shorter = re.sub(r"\s*\([^)]*\)", "", sentence)
    if shorter != sentence:
        return shorter
    head, comma, tail = sentence.rpartition(", ")
    plain = comma and len(head.split()) >= 7 and not re.match(r"(?:and|or|but|not)\b", tail)
    return f"{head}." if plain else ""


def _led_in(sentence: str, _passage: str, _chance: random.Random) -> str:
    return f"According to the document, {sentence[0].lower()}{sentence[1:]}"


def _turned(sentence: str, _passage: str, _chance: random.Random) -> str:
    """Put a leading clause behind."""
    lead_words = r"(?:If|When|In|After|Before|For|On|At|Since|Because)"
    found = re.match(rf"({lead_words}\b[^,]{{6,60}}), (.+)\.$", sentence)
    if not found:
        return ""
    lead, main = found[1], found[2]
    return f"{main[0].upper()}{main[1:]} {lead[0].lower()}{lead[1:]}."


def _respelt(sentence: str, _passage: str, _chance: random.Random) -> str:
    """Write a number in words as figures or the other way round, or "not" as "n't"."""
    for number, word in enumerate(_SPELT.split()[2:], start=2):
        if re.search(rf"\b{word}\b", sentence):
            return re.sub(rf"\b{word}\b", str(number), sentence, count=1)
        if re.search(rf"(?<![\d.,:/-]){number}(?![\d.,:/%-])\b", sentence):
            return re.sub(rf"(?<![\d.,:/-]){number}(?![\d.,:/%-])\b", word, sentence, count=1)
    return re.sub(r"\b(is|are|was|were|does|do|has|have|should) not\b", r"\1n't", sentence, count=1)


def _number(sentence: str, _passage: str, chance: random.Random) -> str:
    found = list(re.finditer(r"(?<![\w.[-])\d+(?![\w.-]*\d)", sentence))
    if not found:
        return ""
    hit = chance.choice(found)
    value = int(hit[0])
    changed = value + chance.choice([-1, 1, 2, 10]) if value > 2 else value + 3
    return f"{sentence[: hit.start()]}{changed}{sentence[hit.end() :]}"


def _number_of_passage(sentence: str, passage: str, chance: random.Random) -> str:
    """Put another number of the passage in."""
    figures = r"(?<![\w.[-])\d+(?![\w-]|\.\d)"
    here = list(re.finditer(figures, sentence))
    others = sorted(set(re.findall(figures, passage)) - {hit[0] for hit in here})
    if not here or not others:
        return ""
    hit = chance.choice(here)
    same = [other for other in others if len(other) == len(hit[0])] or others
    return f"{sentence[: hit.start()]}{chance.choice(same)}{sentence[hit.end() :]}"


def _word_of(words: list[str]) -> Change:
    """Return the change of one word of a list into another one of it."""

    def change(sentence: str, passage: str, chance: random.Random) -> str:
        here = [word for word in words if re.search(rf"\b{word}\b", sentence)]
        if not here:
            return ""
        word = chance.choice(here)
        there = [each for each in words if each not in here and re.search(rf"\b{each}\b", passage)]
        other = chance.choice(there or [each for each in words if each not in here])
        return re.sub(rf"\b{word}\b", other, sentence, count=1)

    return change


_NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]{2,}(?: [A-Z][a-z]+)*")


def _name(sentence: str, passage: str, chance: random.Random) -> str:
    """Put another name of the passage in the place of one."""
    here = _NAME.findall(sentence)
    others = sorted({name for name in _NAME.findall(passage) if name not in sentence})
    if not here or not others:
        return ""
    return sentence.replace(chance.choice(here), chance.choice(others), 1)


def _negation(sentence: str, _passage: str, _chance: random.Random) -> str:
    if _NEGATED.search(sentence):
        return _NEGATED.sub(r"\1", sentence, count=1)
    return _AUXILIARY.sub(r"\1 not", sentence, count=1) if _AUXILIARY.search(sentence) else ""


def _direction(sentence: str, _passage: str, _chance: random.Random) -> str:
    for word in re.findall(r"\w+", sentence):
        if other := _SWAPPED.get(word):
            return re.sub(rf"\b{word}\b", other, sentence, count=1)
    return ""


def _neighbour(sentence: str, passage: str, chance: random.Random) -> str:
    """Say of the subject of a sentence what another one says of its own."""
    others = [passage[start:end] for start, end in sentence_spans(passage)]
    verb = re.search(r" (?:is|are|was|were|can|will|should|must|has|have) ", sentence)
    if not verb or not 1 < len(sentence[: verb.start()].split()) < 8:
        return ""
    said = [each.partition(verb[0])[2] for each in others if each != sentence and _is_prose(each)]
    said = [each for each in said if len(each.split()) > 3]
    return f"{sentence[: verb.end()]}{chance.choice(said)}" if said else ""


_PARAPHRASES: dict[str, Change] = {
    "a clause left out": _without_clause,
    "led in": _led_in,
    "turned round": _turned,
    "respelt": _respelt,
}
CORRUPTIONS: dict[str, Change] = {
    "number": _number,
    "number of the passage": _number_of_passage,
    "number word": _word_of(_SPELT.split()[2:]),
    "unit": _word_of(_UNITS.split()),
    "month": _word_of(_MONTHS.split()),
    "ordinal": _word_of(_ORDINALS.split()),
    "name of the passage": _name,
    "negation": _negation,
    "direction": _direction,
    "predicate of the next": _neighbour,
}
