"""Rule-based verifier: which sentence of which source holds a statement's words, and by what rules.

A source supports a statement by rule if one or few of its sentences hold enough of the statement's
weighted words, and its numbers, names, negations and directions stand there in the same clause.
"""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from core.chat.citations.clause_rules import (
    RuleFinding,
    check_clauses,
    directions,
    has_clause_end,
    worse,
)
from core.chat.citations.contrasts.contrast_checks import check_contrasts
from core.chat.citations.contrasts.opposite_verdicts import (
    Comparison,
    compare_verdicts,
    verdict_words,
)
from core.chat.citations.contrasts.swapped_roles import check_swapped_roles
from core.chat.citations.evidence import Evidence, Statement
from core.chat.citations.missing_facts import check_code_names, check_foreign
from core.chat.citations.number_normalization import is_number
from core.chat.citations.opposite_words import FORBIDS, is_not_before
from core.chat.citations.read_passages import ReadPassage, read_passage
from core.chat.citations.referring_words import begins_with_pronoun
from core.chat.citations.sentence_features import (
    WHETHER,
    SentenceFeatures,
    answer_features,
    omitted_share,
    passage_features,
    question_features,
)
from core.chat.citations.tables.stated_values import ValueFinding, check_values
from core.chat.citations.tables.table_rows import check_columns
from core.chat.conversations.conversation import Source

MIN_SHARE = 0.6
"""Share of a sentence's weighted words that its source must hold."""
MIN_SHARE_OF_SHORT, SHORT_WORDS = 0.75, 4
"""The same for a sentence of at most SHORT_WORDS, in which every word matters."""
BRIEF_WORDS = 8
"""Content words of a statement that states one thing."""
MIN_WORDS = 3
"""A sentence with fewer content words says little without its question."""
MIN_CONTEXT_SHARE = 0.6
"""Share of the question's words that must stand around what supports a short answer."""
PAIR_MIN_GAIN, PAIR_MIN_WORDS = 0.25, 6
"""Share that each of two sources must add to a sentence that they support together; one with fewer
content words is taken to state one fact."""
PAIR_MIN_SHARE = 0.75
"""Share that the two must hold together: two sources hold more by chance than one."""
MIN_JOINED_SHARE = 0.16
"""Share of a sentence that a second sentence of the source must add to count as a part of it."""
MIN_REFUTED_SHARE = 0.6
"""Share of a statement's plain words in one sentence of a source that can refute it."""
MAX_PLACES = 3
"""Sentences of one source that may support a sentence together."""
MAX_CHECKED, MAX_EVIDENCE = 5, 3
"""Sources with most of a sentence's words that the rules are applied to; those a judge reads."""


@dataclass(frozen=True, slots=True)
class _Match:
    """The words of a statement that a source holds, and its sentences that do, the best first."""

    held: frozenset[str]
    negations: int
    places: tuple[int, ...]


class RuleBasedVerifier:
    """Compares statements with the sources of one answer.

    A word's weight grows with the number of sources without it (inverse document frequency).
    """

    def __init__(self, sources: Sequence[Source]) -> None:
        self._passages = {source.n: read_passage(source) for source in sources}
        spread = Counter(word for passage in self._passages.values() for word in passage.words)
        every = len(self._passages)
        self._weights = {word: math.log(1 + every / count) for word, count in spread.items()}
        # A word that no source holds weighs as the rarest word does.
        self._unseen = math.log(1 + every)

    def find_evidence(self, statement: Statement) -> list[Evidence]:
        """Return what the sources hold of a statement: at most MAX_EVIDENCE, best first."""
        sentence = answer_features(statement.text)
        if not sentence.words:
            return []
        context = question_features(statement.context)
        matches = {n: self._match(sentence, context, each) for n, each in self._passages.items()}
        best = sorted(matches, key=lambda n: (-self._weigh(matches[n].held), n))[:MAX_CHECKED]
        told = {n: check_values(sentence, context, self._passages[n].values) for n in best}
        found = [
            _stated(n, value, sentence, self._passages[n])
            if (value := told[n])
            else self._look_at(statement, sentence, context, n, matches[n])
            for n in best
        ]
        found.sort(key=lambda each: (not each.supports, -each.share))  # equal ones by words held
        if not found[0].supports and (pair := self._pair(sentence, matches)):
            numbers = {half.n for half in pair}
            found = [*pair, *(each for each in found if each.n not in numbers)]
        return self._with_foreign(found, statement, sentence, context, matches)

    def _with_foreign(
        self,
        found: Sequence[Evidence],
        statement: Statement,
        sentence: SentenceFeatures,
        context: SentenceFeatures,
        matches: dict[int, _Match],
    ) -> list[Evidence]:
        """Return what a judge reads: where no rule supports it, also the first foreign source.

        Such a source shares no words with the statement, so that words never choose it.
        """
        first = list(found[:MAX_EVIDENCE])
        if first[0].supports or any(each.is_foreign for each in first):
            return first
        for n, passage in self._passages.items():
            if passage.is_foreign_to(statement.text, statement.context):
                foreign = self._look_at(statement, sentence, context, n, matches[n])
                return [*first[: MAX_EVIDENCE - 1], foreign]
        return first

    def _look_at(
        self,
        statement: Statement,
        sentence: SentenceFeatures,
        context: SentenceFeatures,
        n: int,
        match: _Match,
    ) -> Evidence:
        passage = self._passages[n]
        if not passage.is_foreign_to(statement.text, statement.context):
            return self._weigh_up(statement, sentence, context, n, match)
        held = match.held | (sentence.names & passage.words)
        share = self._weigh(held) / self._weigh(sentence.words)
        start, end = passage.spans[match.places[0]] if match.held else (0, len(passage.text))
        return Evidence(
            n, start, end, share, 0.0, check_foreign(statement.text, sentence, passage),
            is_enough=False, is_brief=len(sentence.words) <= SHORT_WORDS, is_foreign=True,
        )  # fmt: skip

    def _match(
        self, sentence: SentenceFeatures, context: SentenceFeatures, passage: ReadPassage
    ) -> _Match:
        """Return what the source's best sentences hold of a statement."""
        held = sentence.words & passage.label
        total = self._weigh(sentence.words)
        negations = 0
        places: list[int] = []
        for _ in range(MAX_PLACES):
            missing = sentence.words - held
            if places and not missing:
                break
            wanted = missing or sentence.words
            place = self._best_place(passage, wanted, context.words, places)
            best = passage.sentences[place]
            gain = self._weigh(missing & best.words)
            if places and not gain:
                break
            held |= sentence.words & best.words
            places.append(place)
            if gain > PAIR_MIN_GAIN * total / 2 or not missing:
                negations += sum(beside in sentence.words for beside in best.negations)
        return _Match(held, negations, tuple(places))

    def _best_place(
        self,
        passage: ReadPassage,
        wanted: frozenset[str],
        context: frozenset[str],
        near: Sequence[int],
    ) -> int:
        """Return the sentence with most of the wanted words; equal ones by context, nearness."""

        def rank(place: int) -> tuple[float, float, int]:
            words = passage.sentences[place].words
            apart = min((abs(place - each) for each in near), default=0)
            return self._weigh(wanted & words), self._weigh(context & words), -apart

        return max(range(len(passage.sentences)), key=rank)

    def _weigh_up(
        self,
        statement: Statement,
        sentence: SentenceFeatures,
        context: SentenceFeatures,
        n: int,
        match: _Match,
    ) -> Evidence:
        """Return what a source's best sentences say, by words and by rules."""
        passage = self._passages[n]
        held = match.held | (sentence.names & passage.words)
        share = self._weigh(held) / self._weigh(sentence.words)
        bar = MIN_SHARE_OF_SHORT if len(sentence.words) <= SHORT_WORDS else MIN_SHARE
        in_context = len(sentence.words) >= MIN_WORDS or self._is_in_context(
            statement, sentence, context, passage, match
        )
        is_enough = share >= bar and in_context
        share = share if in_context else 0.0
        plain = sentence.words - _facts(sentence)
        main = (passage.sentences[match.places[0]].words | passage.label) & plain
        plain_share = self._weigh(main) / self._weigh(plain) if plain else share
        finding = self._check(sentence, _asked(statement, sentence), passage, match, held)
        (start, end), best = passage.spans[match.places[0]], passage.sentences[match.places[0]]
        finding = worse(finding, check_code_names(statement.text, passage))
        columns = RuleFinding.HOLDS
        if any(passage.spans[place][0] in passage.rows for place in match.places):
            columns = check_columns(sentence, context, passage.rows.values())
            finding = worse(finding, columns)
        # A row is a fact of its own.
        there = best.numbers if start in passage.rows else held
        is_about_it = plain_share >= MIN_REFUTED_SHARE and in_context
        if finding is RuleFinding.REFUTED and not (is_about_it or _is_swapped(sentence, best)):
            is_lacking = sentence.numbers - there or columns is RuleFinding.LACKING
            finding = RuleFinding.LACKING if is_lacking else RuleFinding.WITHHELD
        omitted = omitted_share(sentence, best) if len(sentence.places) >= MIN_WORDS else None
        return Evidence(
            n, start, end, share, plain_share, finding, is_enough,
            is_brief=len(sentence.words) <= BRIEF_WORDS, omitted=omitted,
        )  # fmt: skip

    def _check(
        self,
        sentence: SentenceFeatures,
        said: SentenceFeatures,
        passage: ReadPassage,
        match: _Match,
        held: frozenset[str],
    ) -> RuleFinding:
        """Return what the rules say of a statement beside the sentences that hold its words.

        `said` is the statement as its clauses are compared: a short one with its question.
        """
        texts = [passage.said[place] for place in sorted(match.places)]
        if sentence.numbers & passage.label:
            texts.append(passage.name)
        read = passage_features(" | ".join(texts))
        finding = check_clauses(said, read)
        elsewhere = sentence.names - read.words - passage.label
        start = passage.spans[match.places[0]][0]
        goes_on = begins_with_pronoun(passage.text[start : start + 80])
        if sentence.numbers - held or elsewhere - held or (elsewhere and not goes_on):
            finding = worse(finding, RuleFinding.WITHHELD)
        if len(match.places) > 1 and self._is_joined(sentence, passage, match):
            finding = worse(finding, RuleFinding.WITHHELD)
        best = passage.sentences[match.places[0]]
        verdicts = compare_verdicts(sentence, best)
        is_opposite = verdicts is Comparison.OPPOSITE
        if verdicts is Comparison.NOTHING:
            is_opposite = not _negations_agree(sentence, passage, match)
        if is_opposite:
            finding = worse(finding, RuleFinding.REFUTED)
        return worse(finding, check_contrasts(sentence, passage, match.places[0], read))

    def _is_joined(self, sentence: SentenceFeatures, passage: ReadPassage, match: _Match) -> bool:
        """Whether one part is from one sentence of the source, the other part from another one.

        With nothing between them that joins two statements, they are one that the source hasn't,
        unless the later sentence goes on about the earlier one's subject ("It is …").
        """
        places = match.places[:2]
        first, second = (passage.sentences[place].words for place in places)
        one = [each for each in sentence.places if set(each.forms) & (first - second)]
        other = [each for each in sentence.places if set(each.forms) & (second - first)]
        forms = frozenset(form for each in other for form in each.forms)
        if not one or self._weigh(forms) < MIN_JOINED_SHARE * self._weigh(sentence.words):
            return False
        last = max(places)
        goes_on = last - min(places) == 1 and begins_with_pronoun(passage.sentences[last].text)
        before, after = (one, other) if one[0].start < other[0].start else (other, one)
        if goes_on or before[-1].start > after[0].start:
            return False
        return not has_clause_end(sentence.text[before[-1].end : after[0].start])

    def _is_in_context(
        self,
        statement: Statement,
        sentence: SentenceFeatures,
        context: SentenceFeatures,
        passage: ReadPassage,
        match: _Match,
    ) -> bool:
        """Whether a short answer stands where its question's words do.

        Without a question, a number or a whole answer counts.
        """
        asked = context.words - sentence.words
        if not asked:
            return bool(sentence.numbers) or statement.is_whole
        around = {place + by for place in match.places for by in (-1, 0, 1)}
        near = passage.label.union(
            *(passage.sentences[at].words for at in around if 0 <= at < len(passage.sentences))
        )
        return self._weigh(asked & near) >= MIN_CONTEXT_SHARE * self._weigh(asked)

    def _pair(self, sentence: SentenceFeatures, matches: dict[int, _Match]) -> list[Evidence]:
        """Return the two sources that support a sentence of two facts together, if any do."""
        if len(sentence.words) < PAIR_MIN_WORDS:
            return []
        total = self._weigh(sentence.words)
        shares = {n: self._weigh(match.held) / total for n, match in matches.items()}
        found: list[tuple[float, tuple[int, int]]] = []
        good = [n for n, share in shares.items() if share >= PAIR_MIN_GAIN]
        for one, other in combinations(good, 2):
            held = matches[one].held | matches[other].held
            share = self._weigh(held) / total
            adds = share - max(shares[one], shares[other])
            if (
                adds >= PAIR_MIN_GAIN
                and share >= PAIR_MIN_SHARE
                and self._holds_together(sentence, one, other, matches)
            ):
                found.append((share, (one, other)))
        if not found:
            return []
        share, numbers = max(found)
        return [
            Evidence(
                n, *self._passages[n].spans[matches[n].places[0]], share, share,
                RuleFinding.HOLDS, is_enough=True, is_half=True,
            )
            for n in numbers
        ]  # fmt: skip

    def _holds_together(
        self, sentence: SentenceFeatures, one: int, other: int, matches: dict[int, _Match]
    ) -> bool:
        """Whether the rules have nothing against two sources as the evidence of a sentence."""
        first, second = self._passages[one], self._passages[other]
        held = matches[one].held | matches[other].held
        text = " | ".join(
            passage.said[place]
            for passage, n in ((first, one), (second, other))
            for place in sorted(matches[n].places)
        )
        negations = matches[one].negations + matches[other].negations
        return (
            sentence.numbers | sentence.names <= held
            and len(sentence.negations) % 2 == negations % 2
            and check_clauses(sentence, passage_features(text)) is RuleFinding.HOLDS
        )

    def _weigh(self, words: frozenset[str]) -> float:
        """Return the sum of weights; `fsum`, since sets have no order. A number counts twice."""
        weights = self._weights
        return math.fsum(
            weights.get(word, self._unseen) * (2 if is_number(word) else 1) for word in words
        )


def _facts(said: SentenceFeatures) -> frozenset[str]:
    """Return the words by which two statements on the same thing differ."""
    return said.numbers | said.names | directions(said) | verdict_words(said)


def _stated(
    n: int, told: ValueFinding, sentence: SentenceFeatures, passage: ReadPassage
) -> Evidence:
    """Return what a cell or field of source `n` says as evidence."""
    finding = told.finding
    if row := passage.rows.get(told.start):  # "from" and "to" may be its columns
        finding = worse(finding, check_swapped_roles(sentence, passage_features(row.headed)))
    return Evidence(n, told.start, told.end, 1.0, 1.0, finding, is_enough=True, is_stated=True)


def _is_swapped(said: SentenceFeatures, read: SentenceFeatures) -> bool:
    return check_swapped_roles(said, read) is RuleFinding.REFUTED


def _negations_agree(sentence: SentenceFeatures, passage: ReadPassage, match: _Match) -> bool:
    """Whether both negate the same; "cannot keep" is also said by "keeping is not allowed"."""
    is_negated = len(sentence.negations) % 2
    if is_negated == match.negations % 2:
        return True
    best = passage.sentences[match.places[0]]
    if is_not_before(sentence.text) and is_not_before(best.text):
        return True
    others = [beside for beside in best.negations if beside not in sentence.words]
    return bool(is_negated and (len(others) % 2 or FORBIDS.search(best.text)))


def _asked(statement: Statement, sentence: SentenceFeatures) -> SentenceFeatures:
    """Return a short answer's figures together with what its question asks for."""
    is_short = len(sentence.words - sentence.numbers) < MIN_WORDS and bool(sentence.numbers)
    if not is_short or not statement.context or WHETHER.match(statement.context):
        return sentence
    words = statement.text.strip().rstrip(".!")
    return answer_features(f"{words} {statement.context.rstrip('?？ ')}")
