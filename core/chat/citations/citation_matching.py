"""Citation matching: the verdicts on an answer's sentences, and citations of what supports them."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.base.lazy_regex import lazy_pattern
from core.chat.citations.alike_spellings import spelled_alike
from core.chat.citations.answer_sentences import (
    AnswerSentence,
    answer_sentences,
    is_number_only,
)
from core.chat.citations.citation_markers import strip_markers
from core.chat.citations.evidence import Evidence, Statement
from core.chat.citations.lead_ins import lead_in_length
from core.chat.citations.rule_based_verifier import RuleBasedVerifier
from core.chat.citations.sentence_verdicts import SourceVerdict, SupportChance, sentence_verdict
from core.chat.citations.tables.cited_row import Span, cited_row
from core.chat.citations.tables.table_rows import with_column_heads
from core.chat.conversations.conversation import (
    Citation,
    JudgedSentence,
    SentenceVerdict,
    Source,
)

_BAR = lazy_pattern(r"\s*\|\s*")
_SENTENCE_END = lazy_pattern(r"[.!?…:;|。！？；؟۔।][\W_]*$")
NEAR_IN_RANK = 0.1
"""A second source is cited if it holds nearly as much of a sentence as the first."""


@dataclass(frozen=True, slots=True)
class JudgedAnswer:
    """An answer without the model's own markers, its citations, the verdicts on its sentences.

    Positions in sources count characters of the texts that were judged.
    """

    text: str
    citations: tuple[Citation, ...] = ()
    sentences: tuple[JudgedSentence, ...] = ()


class AnswerJudgement:
    """One answer beside its sources: what a judge is to be asked, and the verdicts.

    The rules are applied when it is made, in some 50 ms; a judge may be asked between.
    """

    def __init__(
        self, raw: str, sources: Sequence[Source], question: str = "", *, is_cut: bool = False
    ) -> None:
        """`is_cut`: it was stopped before its end, so that its last sentence may be none."""
        self.question = question
        self._is_cut = is_cut
        self._texts = {source.n: source.text for source in sources}
        self._text = strip_markers(raw) if sources else raw
        self._sentences = self._judged_sentences() if sources else []
        verifier = RuleBasedVerifier(sources)
        is_whole = len(self._sentences) == 1
        self._found = [
            verifier.find_evidence(self._statement(sentence, is_whole=is_whole))
            for sentence in self._sentences
        ]

    def statements(self) -> list[tuple[str, str]]:
        """Return the pairs (statement, evidence) that a judge is to be asked about."""
        return [
            spelled_alike(self._words(sentence), with_column_heads(self._texts[evidence.n]))
            for sentence, found in zip(self._sentences, self._found, strict=True)
            for evidence in found
        ]

    def result(self, chances: Sequence[SupportChance] = ()) -> JudgedAnswer:
        """Return the verdicts; `chances` are a judge's on the pairs, none if no judge was asked."""
        left = list(chances)
        citations: list[Citation] = []
        judged: list[JudgedSentence] = []
        for sentence, found in zip(self._sentences, self._found, strict=True):
            if left:
                mine, left = left[: len(found)], left[len(found) :]
                verdict, evidence = sentence_verdict(found, mine)
            else:
                verdict, evidence = sentence_verdict(found, [None] * len(found))
            places = [self._place(sentence, each) for each in evidence]
            if verdict.verdict is SentenceVerdict.SUPPORTED:
                citations += _citations(sentence, evidence, places)
            judged.append(_judged(sentence, verdict, evidence, places))
        return JudgedAnswer(self._text, tuple(citations), tuple(judged))

    def _judged_sentences(self) -> list[AnswerSentence]:
        """Return the sentences to judge; a bare number only where it is all of the answer."""
        found = answer_sentences(self._text)
        if self._is_cut and found and not _SENTENCE_END.search(self._text):
            found = [each for each in found if self._text[each.end :].strip()]
        if len(found) == 1:
            return found
        return [each for each in found if not is_number_only(self._text[each.start : each.end])]

    def _statement(self, sentence: AnswerSentence, *, is_whole: bool) -> Statement:
        context = f"{sentence.context} {self.question}".strip()
        return Statement(self._plain(sentence), context, is_whole)

    def _place(self, sentence: AnswerSentence, evidence: Evidence) -> Span:
        """Return where the sentence or row of a source stands that a sentence rests on."""
        span = evidence.start, evidence.end
        return cited_row(self._texts[evidence.n], span, self._words(sentence))

    def _words(self, sentence: AnswerSentence) -> str:
        """Return a sentence as a judge reads it: an entry with the line that leads to it."""
        words = self._plain(sentence)
        return f"{sentence.context} {words}" if sentence.context else words

    def _plain(self, sentence: AnswerSentence) -> str:
        """Return what a sentence states; a row without the bars between its cells."""
        words = self._text[sentence.start : sentence.end]
        if words.startswith("|"):
            return _BAR.sub(" ", words).strip()
        return words[lead_in_length(words) :] or words


def _citations(
    sentence: AnswerSentence, evidence: Sequence[Evidence], places: Sequence[Span]
) -> list[Citation]:
    best = max((each.share for each in evidence), default=0.0)
    return [
        Citation(
            n=each.n,
            start=sentence.start,
            end=sentence.end,
            source_start=start,
            source_end=end,
        )
        for each, (start, end) in zip(evidence, places, strict=True)
        if each.share >= best - NEAR_IN_RANK
    ]


def _judged(
    sentence: AnswerSentence,
    verdict: SourceVerdict,
    evidence: Sequence[Evidence],
    places: Sequence[Span],
) -> JudgedSentence:
    first = evidence[0] if evidence else None
    start, end = places[0] if places else (0, 0)
    return JudgedSentence(
        start=sentence.start,
        end=sentence.end,
        verdict=verdict.verdict,
        n=first.n if first else 0,
        source_start=start,
        source_end=end,
        support=verdict.support,
        contradiction=verdict.contradiction,
    )
