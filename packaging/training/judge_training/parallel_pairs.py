"""Parallel pairs: statements beside evidence in another language, of runs of translated sentences.

The translation of a statement among its neighbours supports it; the neighbours alone, or those of
another place, say nothing of it; and with one fact changed on either side they contradict it.
"""

import re
from collections.abc import Sequence
from random import Random
from typing import NamedTuple

import msgspec

from judge_training import corruptions
from judge_training.loosening import loosen
from judge_training.parallel_sources import DENSE

_LIMITS = (120, 200, 300, 420, 520)
"""Lengths of evidence in characters, one of them by chance."""
_OWN_SHARE = 0.2
"""Share of rows that are read in one language, so that nothing is forgotten there."""
_ASKED_SHARE = 0.5
_WORD = re.compile(r"[^\W\d_]{4,}")
_UNSPACED = frozenset({"zh", "ja", "th"})
_ASKED = {
    "en": ("What does it say about {}?", "What about {}?", "Tell me something about {}."),
    "de": ("Was steht da über {}?", "Was ist mit {}?", "Sag mir etwas über {}."),
    "fr": ("Que dit le texte sur {} ?", "Qu’en est-il de {} ?"),
    "es": ("¿Qué dice sobre {}?", "¿Qué hay de {}?"),
    "pt": ("O que diz sobre {}?",),
    "it": ("Che cosa dice di {}?",),
    "nl": ("Wat staat er over {}?",),
    "pl": ("Co jest napisane o: {}?",),
    "ru": ("Что сказано про {}?", "А что насчёт {}?"),
    "uk": ("Що сказано про {}?",),
    "zh": ("关于{}说了什么？",),
    "ja": ("{}について何と書いてありますか？",),
    "ar": ("ماذا يقول النص عن {}؟",),
    "tr": ("{} hakkında ne yazıyor?",),
    "hi": ("{} के बारे में क्या लिखा है?",),
}
"""Questions that any sentence about something answers."""

Example = tuple[str, str, str, str]
"""Question, statement, evidence, and what the evidence says of the statement."""


class ParallelRow(msgspec.Struct, frozen=True):
    """A run of a document's sentences in two languages; number `place` is the statement."""

    source: str
    group: str
    lang: str
    evidence_lang: str
    statements: tuple[str, ...]
    evidence: tuple[str, ...]
    place: int


def parallel_examples(row: ParallelRow, rng: Random) -> list[Example]:
    """Return what one row gives; other examples each time."""
    is_own = rng.random() < _OWN_SHARE
    texts = row.statements if is_own else row.evidence
    language = row.lang if is_own else row.evidence_lang
    said = row.statements[row.place]
    statement = loosen(said, rng) if row.lang == "en" else said
    question = _question(said, row.lang, rng)
    run = _run(texts, row.place, language, rng)
    evidence = _joined([texts[n] for n in run], language)
    drawn = _Drawn(row, question, statement, texts, run, language)
    found = [(question, statement, evidence, "supported")]
    return [*found, *_changed(drawn, rng), *_absent(drawn, rng)]


class _Drawn(NamedTuple):
    """What was drawn of a row: a statement, and the `run` of `texts` that is its evidence."""

    row: ParallelRow
    question: str
    statement: str
    texts: Sequence[str]
    run: range
    language: str
    """That of the texts."""


def _changed(drawn: _Drawn, rng: Random) -> list[Example]:
    """Return the statement with a fact changed, or beside evidence in which it is changed."""
    row, question, statement, texts, run, language = drawn
    near = " ".join(row.statements)
    changed = corruptions.corrupt(statement, near, rng)
    if changed and (language != "en" or row.lang == "en" or rng.random() < 0.6):
        evidence = _joined([texts[n] for n in run], language)
        found = [(question, changed[0], evidence, "contradicted")]
        swapped = corruptions.change_name(statement, near, rng)
        if changed[1] != "name" and swapped and swapped != statement and rng.random() < 0.4:
            found.append((question, swapped, evidence, "contradicted"))
        return found
    other = corruptions.corrupt(texts[row.place], " ".join(texts), rng)
    if other is None:
        return []
    parts = [other[0] if n == row.place else texts[n] for n in run]
    return [(question, statement, _joined(parts, language), "contradicted")]


def _absent(drawn: _Drawn, rng: Random) -> list[Example]:
    """Return the statement, or one that says more than its evidence, beside what lacks it."""
    row, question, statement, texts, run, language = drawn
    rest = [n for n in range(len(texts)) if texts[n] != texts[row.place]]
    roll = rng.random()
    if roll < 0.45:
        beside = _run(texts, rng.choice(rest), language, rng) if rest else range(0)
        parts = [texts[n] for n in beside if n in rest]
        return [(question, statement, _joined(parts, language), "unsupported")] if parts else []
    if roll < 0.75:
        parts = [texts[n] for n in _run(texts, row.place, language, rng) if n in rest]
        return [(question, statement, _joined(parts, language), "unsupported")] if parts else []
    beyond = [n for n in rest if n not in run and row.statements[n] not in statement]
    evidence = _joined([texts[n] for n in run], language)
    inside = [n for n in run if n != row.place]
    if roll < 0.9 and beyond:
        both = _joined([statement, row.statements[rng.choice(beyond)]], row.lang)
        return [(question, both, evidence, "unsupported")]
    if inside and len(statement) < 140:
        both = _joined([statement, row.statements[rng.choice(inside)]], row.lang)
        return [(question, both, evidence, "supported")]
    mixed = corruptions.mix_predicates(statement, list(row.statements), rng)
    return [(question, mixed, evidence, "unsupported")] if mixed else []


def _question(statement: str, language: str, rng: Random) -> str:
    """Return a question that the statement answers, or none."""
    forms = _ASKED.get(language)
    words = _WORD.findall(statement)
    if not forms or not words or language in _UNSPACED or rng.random() > _ASKED_SHARE:
        return ""
    longest = sorted(words, key=len)[-3:]
    return rng.choice(forms).format(rng.choice(longest))


def _run(texts: Sequence[str], place: int, language: str, rng: Random) -> range:
    """Return a run of sentences around a place, of some length."""
    limit = rng.choice(_LIMITS) * DENSE.get(language, 1.0)
    first, last = place, place
    while True:
        wider = [
            (start, end)
            for start, end in ((first - 1, last), (first, last + 1))
            if start >= 0 and end < len(texts) and sum(map(len, texts[start : end + 1])) <= limit
        ]
        if not wider:
            return range(first, last + 1)
        first, last = rng.choice(wider)


def _joined(sentences: Sequence[str], language: str) -> str:
    return ("" if language in _UNSPACED else " ").join(sentences)
