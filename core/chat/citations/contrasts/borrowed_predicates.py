"""Borrowed predicates: a statement that says of one subject what its source says of another one.

Its first words then stand in one sentence of the source and the rest in another, which has a
subject of its own. No language is needed for that: what counts is which sentence holds which words.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from core.base.lazy_regex import lazy_pattern
from core.chat.citations.clause_rules import RuleFinding, has_clause_end
from core.chat.citations.referring_words import DEFINITE, POINTS_BACK
from core.chat.citations.sentence_features import PlacedWord, SentenceFeatures

MIN_BORROWED = 2
"""Content words that a predicate must have; fewer stand together by chance."""
MIN_BORROWED_SHARE = 0.3
"""Share of the statement's content words that it must have."""
MAX_SHARED = 0.5
"""Share of its words that may stand in the sentence of the subject, too."""
MIN_KNOWN = 0.8
"""Share of the statement's content words that must stand somewhere in the source."""


_ENTRY = lazy_pattern(r"\s*(?:[-*+•‣–]\s|\d{1,3}[.)]\s|[^:.!?\n]{1,40}:\s)")
"""An entry of a list, or a field: "Pressure: 128 over 82"."""


class _Cut(NamedTuple):
    """A statement whose words from `at` on stand in sentence number `second`."""

    at: int
    second: int


def check_predicate(
    said: SentenceFeatures, sentences: Sequence[SentenceFeatures], label: frozenset[str]
) -> RuleFinding:
    """Return LACKING where a predicate is told of another subject, WITHHELD where it may be.

    `label` are words that count as standing in every sentence. A paraphrase brings words of its
    own, of which nothing is said: one without any may be stitched together.
    """
    known = _known_words(said, sentences, label)
    is_paraphrase = len(known) < MIN_KNOWN * len(said.places)
    if len(known) <= MIN_BORROWED or is_paraphrase or any(_holds(s, known) for s in sentences):
        return RuleFinding.HOLDS
    findings = [_check_cut(said, known, cut, sentences) for cut in _cuts(known, sentences)]
    finding = min(findings, key=_SEVERITY.index, default=RuleFinding.HOLDS)
    is_stitched = len(known) == len(said.places)
    if finding is RuleFinding.LACKING and not is_stitched:
        return RuleFinding.WITHHELD
    return finding


_SEVERITY = (RuleFinding.HOLDS, RuleFinding.WITHHELD, RuleFinding.LACKING)


def _known_words(
    said: SentenceFeatures, sentences: Sequence[SentenceFeatures], label: frozenset[str]
) -> list[PlacedWord]:
    """Return the statement's content words that stand in some sentence, in their order."""
    read = frozenset[str]().union(*(each.words for each in sentences)) - label
    return [place for place in said.places if not read.isdisjoint(place.forms)]


def _holds(sentence: SentenceFeatures, words: Sequence[PlacedWord]) -> bool:
    return all(not sentence.words.isdisjoint(word.forms) for word in words)


def _cuts(known: Sequence[PlacedWord], sentences: Sequence[SentenceFeatures]) -> Iterator[_Cut]:
    """Yield where the longest end of a statement begins that one sentence holds."""
    cuts: list[_Cut] = []
    for number, sentence in enumerate(sentences):
        at = len(known)
        while at and not sentence.words.isdisjoint(known[at - 1].forms):
            at -= 1
        cuts.append(_Cut(at, number))
    first = min(cut.at for cut in cuts)
    length = len(known) - first
    if length >= max(MIN_BORROWED, MIN_BORROWED_SHARE * len(known)):
        yield from (cut for cut in cuts if cut.at == first)


def _check_cut(
    said: SentenceFeatures,
    known: Sequence[PlacedWord],
    cut: _Cut,
    sentences: Sequence[SentenceFeatures],
) -> RuleFinding:
    """Return the least severe finding over the sentences that hold the statement's beginning."""
    subject, predicate = known[: cut.at], known[cut.at :]
    findings = []
    for number, sentence in enumerate(sentences):
        if number == cut.second or not _holds(sentence, subject):
            continue
        shared = sum(not sentence.words.isdisjoint(word.forms) for word in predicate)
        if shared > MAX_SHARED * len(predicate):
            return RuleFinding.HOLDS
        is_told_whole = sentence.words <= said.words
        findings.append(
            RuleFinding.HOLDS
            if is_told_whole
            else _own_subject(
                said,
                subject[-1].end,
                predicate,
                sentences,
                (number, cut.second),
            )
        )
    return min(findings, key=_SEVERITY.index, default=RuleFinding.HOLDS)


def _own_subject(
    said: SentenceFeatures,
    subject_end: int,
    predicate: Sequence[PlacedWord],
    sentences: Sequence[SentenceFeatures],
    pair: tuple[int, int],
) -> RuleFinding:
    """Return what the words before a predicate say: whether it is told of something else."""
    first, second = pair
    sentence = sentences[second]
    if _ENTRY.match(sentence.text):  # it may be told of what the whole list is about
        return RuleFinding.WITHHELD
    wanted = {form for word in predicate for form in word.forms}
    starts = next((n for n, w in enumerate(sentence.places) if not wanted.isdisjoint(w.forms)), 0)
    before = sentence.places[:starts]
    words = {form for place in before for form in place.forms}
    if words & said.words:
        return RuleFinding.HOLDS
    if POINTS_BACK.search(sentence.text[: sentence.places[starts].start]):
        return RuleFinding.HOLDS if second == first + 1 else RuleFinding.LACKING
    if not before:  # "There are …", or a sentence of the source with its own subject
        is_apart = has_clause_end(said.text[subject_end : predicate[0].start])
        return RuleFinding.HOLDS if is_apart else RuleFinding.LACKING
    elsewhere = frozenset[str]().union(
        *(each.words for number, each in enumerate(sentences) if number != second)
    )
    may_be_same = second == first + 1 and DEFINITE.match(sentence.text)
    return RuleFinding.WITHHELD if may_be_same and not words & elsewhere else RuleFinding.LACKING
