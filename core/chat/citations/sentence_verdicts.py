"""Sentence verdicts: rules and the learned judge weighed together, with all thresholds.

The thresholds were fitted on one half of the development part of WiCE and of statements made from
free texts (`tests/benchmarks/sentences/verdicts.py`), and looked at on the other half of both.
"""

from collections.abc import Sequence
from typing import NamedTuple

from core.chat.citations.clause_rules import RuleFinding
from core.chat.citations.evidence import Evidence
from core.chat.conversations.conversation import SentenceVerdict

MIN_SUPPORT = 0.1
"""Probability without which nothing is supported where a judge is."""
MIN_SUPPORT_WITHHELD = 0.5
"""The same where the rules miss a name, unit or direction, or suspect another subject's words."""
MIN_SUPPORT_BRIEF, MIN_SHARE_BRIEF = 0.5, 0.8
"""The same for a brief statement of which fewer words are there than MIN_SHARE_BRIEF: the word that
is missing may be what it says."""
MIN_SCORE = 0.85
"""Sum of the judge's probability and the share of words that are there, from which a statement is
supported; each of them alone ranks worse."""
MIN_SUPPORT_ALONE = 0.85
"""Probability from which no words need be there, as in a translation."""
WITHHELD_COST = 0.2
"""What that sum loses where the rules miss a number, name or direction."""
MIN_SUPPORT_REFUTED = 0.9
"""Probability from which a statement that the rules refute is not called contradicted."""
MIN_CONTRADICTION = 0.75
"""Probability from which the judge alone contradicts a statement."""
MIN_CONTRADICTION_ELSEWHERE, MIN_SHARE_ELSEWHERE = 0.85, 0.5
"""The same where one sentence has fewer than this share of its plain words: it may speak of
something else."""
MIN_CONTRADICTION_STATED = 0.95
"""The same where a cell or a field states it: the judge misreads figures without words."""
MIN_SUPPORT_FOREIGN, MIN_CONTRADICTION_FOREIGN = 0.6, 0.85
"""The same for a source in another language, of which the judge alone can tell: chosen on the
Open Source Guides, where one false sentence of 460 is above it."""
MIN_SUPPORT_FOREIGN_BRIEF = 0.85
"""The same of a few words, or where a figure may be written in words: the judge hardly tells a name
from another one across languages."""
MAX_OMITTED = 0.25
"""Share of words that a quotation may omit; a longer gap may hold another subject or a condition.
Quoted words stand there, whatever the judge says of them."""
MAX_SUPPORTING = 2
"""Sources that are cited for one sentence."""


class SupportChance(NamedTuple):
    """The judge's probabilities for a statement and one source; the rest is "says nothing"."""

    supported: float
    contradicted: float


class SourceVerdict(NamedTuple):
    """What one source says of a statement, with the probabilities of it."""

    verdict: SentenceVerdict
    support: float
    contradiction: float


def judge_evidence(evidence: Evidence, chance: SupportChance | None) -> SourceVerdict:
    """Return what a source says of a statement; `chance` None: no judge has looked at it.

    The rules may refute and withhold; words alone support only where no judge is.
    """
    is_refuted = evidence.finding is RuleFinding.REFUTED
    if chance is None or evidence.is_half:
        support = evidence.share if evidence.finding is RuleFinding.HOLDS else 0.0
        against = evidence.plain_share if is_refuted else 0.0
        return SourceVerdict(_verdict(evidence.supports, is_refuted), support, against)
    if is_refuted:
        contradicts = chance.supported < MIN_SUPPORT_REFUTED
        against = max(chance.contradicted, evidence.plain_share) if contradicts else 0.0
        return SourceVerdict(_verdict(False, contradicts), 0.0, against)  # noqa: FBT003
    if evidence.is_stated and chance.contradicted < MIN_CONTRADICTION_STATED:
        return SourceVerdict(SentenceVerdict.SUPPORTED, chance.supported, chance.contradicted)
    if evidence.is_foreign:
        return _judge_foreign(evidence, chance)
    is_quoted = evidence.supports and evidence.omitted is not None
    is_elsewhere = evidence.plain_share < MIN_SHARE_ELSEWHERE
    least_against = MIN_CONTRADICTION_ELSEWHERE if is_elsewhere else MIN_CONTRADICTION
    contradicts = chance.contradicted >= least_against and not is_quoted
    if evidence.finding is RuleFinding.LACKING:
        return SourceVerdict(_verdict(False, contradicts), 0.0, chance.contradicted)  # noqa: FBT003
    score, least = chance.supported + evidence.share, MIN_SUPPORT
    if evidence.finding is RuleFinding.WITHHELD:
        score, least = score - WITHHELD_COST, MIN_SUPPORT_WITHHELD
    if evidence.is_brief and evidence.share < MIN_SHARE_BRIEF:
        least = max(least, MIN_SUPPORT_BRIEF)
    is_likely = chance.supported >= MIN_SUPPORT_ALONE or (
        chance.supported >= least and score >= MIN_SCORE
    )
    supports = is_likely and chance.supported > chance.contradicted
    if is_quoted and (evidence.omitted or 0.0) <= MAX_OMITTED:
        supports = True
    return SourceVerdict(_verdict(supports, contradicts), chance.supported, chance.contradicted)


def _judge_foreign(evidence: Evidence, chance: SupportChance) -> SourceVerdict:
    """Return what a source in another language says of a statement: what the judge says."""
    is_doubtful = evidence.is_brief or evidence.finding is RuleFinding.WITHHELD
    least = MIN_SUPPORT_FOREIGN_BRIEF if is_doubtful else MIN_SUPPORT_FOREIGN
    is_there = evidence.finding is not RuleFinding.LACKING
    supports = is_there and chance.supported >= max(least, chance.contradicted)
    contradicts = chance.contradicted >= MIN_CONTRADICTION_FOREIGN
    return SourceVerdict(_verdict(supports, contradicts), *chance)


def _verdict(supports: bool, contradicts: bool) -> SentenceVerdict:  # noqa: FBT001 - of one function
    if supports:
        return SentenceVerdict.SUPPORTED
    return SentenceVerdict.CONTRADICTED if contradicts else SentenceVerdict.UNSUPPORTED


def sentence_verdict(
    found: Sequence[Evidence], chances: Sequence[SupportChance | None]
) -> tuple[SourceVerdict, tuple[Evidence, ...]]:
    """Return the verdict on a statement and the evidence of it, best first.

    One source that supports it is enough, whatever others say: an older version of a document may
    contradict what the newer one says.
    """
    judged = [
        (judge_evidence(evidence, chance), evidence)
        for evidence, chance in zip(found, chances, strict=True)
    ]
    for verdict in (SentenceVerdict.SUPPORTED, SentenceVerdict.CONTRADICTED):
        those = [each for each in judged if each[0].verdict is verdict]
        if those:
            those.sort(key=lambda each: -max(each[0].support, each[0].contradiction))
            most = MAX_SUPPORTING if verdict is SentenceVerdict.SUPPORTED else 1
            return those[0][0], tuple(evidence for _, evidence in those[:most])
    support = max((each.support for each, _ in judged), default=0.0)
    against = max((each.contradiction for each, _ in judged), default=0.0)
    return SourceVerdict(SentenceVerdict.UNSUPPORTED, support, against), ()
