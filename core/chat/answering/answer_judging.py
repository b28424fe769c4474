"""Answer judging: the verdicts on an answer's sentences, and the answer with only what is proven.

The rules judge at once; a learned judge, where one is installed, is asked when the model has ended.
"""

from collections.abc import Sequence

from msgspec import structs

from core.base.i18n import _, ngettext
from core.chat.answering.answer_protocols import JudgingReply, StatementJudge
from core.chat.answering.answer_request import AnswerRequest
from core.chat.answering.retrieval_context import RetrievalContext
from core.chat.citations.answer_sentences import is_common_phrase
from core.chat.citations.citation_matching import AnswerJudgement, JudgedAnswer
from core.chat.citations.sentence_verdicts import SupportChance
from core.chat.conversations.conversation import JudgedSentence, SentenceVerdict, Source
from core.messages import StatementsJudged

JUDGING_SECONDS = 15.0
"""Seconds that the library's child, which may be indexing on a busy machine, has for an answer's
sentences. The answer stands there meanwhile; the rules alone mark less, and less surely."""
MAX_CORRECTIONS = 2
"""How often an answer is written again because its documents don't prove it."""
MAX_NAMED = 3
"""Sentences that a correction names: a small model can heed no more."""
_QUOTED = 200
"""Characters of a passage that a correction quotes."""


class AnswerJudging:
    """Judges one answer, maybe written several times. Belongs to its run."""

    def __init__(
        self, request: AnswerRequest, retrieval: RetrievalContext, judge: StatementJudge | None
    ) -> None:
        self._request = request
        self._retrieval = retrieval
        self._judge = judge
        self._judgement: AnswerJudgement | None = None
        self._raw = ""
        self._chances: Sequence[SupportChance] = ()
        self._corrections = 0
        self.is_cut = False
        """Whether the answer was stopped before its end; set before it is judged."""

    def ask_judge(self, raw: str) -> JudgingReply | None:
        """Ask about an answer that the model has ended; None if no judge or nothing is to ask.

        `set_judged` takes the result. Without one, the rules alone decide.
        """
        self._judgement_of(raw)
        if self._judge is None or not self._judge.judge_name or self._judgement is None:
            return None
        pairs = self._judgement.statements()
        return self._judge.judge_statements(self._request.text, pairs) if pairs else None

    def set_judged(self, done: StatementsJudged) -> None:
        """Keep what the judge says of the answer that it was last asked about."""
        self._chances = [SupportChance(each.supported, each.contradicted) for each in done.supports]

    def next_correction(self, raw: str) -> str:
        """Return what the model is told to write its answer again; "" to let it be."""
        if self._request.begun or not self._request.only_proven:
            return ""
        if self._corrections >= MAX_CORRECTIONS:
            return ""
        judged = self._judgement_of(raw).result(self._chances)
        unproven = [each for each in judged.sentences if not _is_proven(each)]
        if not unproven:
            return ""
        self._corrections += 1
        return _correction(judged.text, unproven, self._retrieval.sources_read)

    def finish(self, raw: str) -> tuple[JudgedAnswer, tuple[Source, ...], int]:
        """Return the judged answer, its sources as they are shown, and how much was left out.

        That is the number of sentences that are not proven, if only proven ones are wanted.
        """
        judged = self._judgement_of(raw).result(self._chances)
        left_out = 0
        if self._request.only_proven and judged.sentences:
            judged, left_out = _without_unproven(judged)
        sources, judged = self._retrieval.shown_parts(judged)
        return judged, sources, left_out

    def _judgement_of(self, raw: str) -> AnswerJudgement:
        if self._judgement is None or raw != self._raw:
            self._judgement = self._retrieval.judge_answer(raw, is_cut=self.is_cut)
            self._raw, self._chances = raw, ()
        return self._judgement


def left_out_note(count: int) -> str:
    """Return the note on sentences that were left out; "" for none."""
    if not count:
        return ""
    return ngettext(
        "{count} sentence left out: not in your documents.",
        "{count} sentences left out: not in your documents.",
        count,
    ).format(count=count)


def _is_proven(sentence: JudgedSentence) -> bool:
    return sentence.verdict is SentenceVerdict.SUPPORTED


def _correction(text: str, unproven: Sequence[JudgedSentence], sources: Sequence[Source]) -> str:
    """Return the words for the model: which sentences are wrong, and what is written instead."""
    texts = {source.n: source.text for source in sources}
    lines = []
    for sentence in unproven[:MAX_NAMED]:
        said = " ".join(text[sentence.start : sentence.end].split())
        read = texts.get(sentence.n, "")[sentence.source_start : sentence.source_end]
        quoted = " ".join(read.split())[:_QUOTED]
        lines.append(f"“{said}” (it says: “{quoted}”)" if quoted else f"“{said}”")
    wrong = "\n".join(f"- {line}" for line in lines)
    return f"Say only what is written above. This is not written there:\n{wrong}"


def _without_unproven(judged: JudgedAnswer) -> tuple[JudgedAnswer, int]:
    """Return the answer without its unproven sentences, and their number."""
    dropped = [each for each in judged.sentences if not _is_proven(each)]
    if not dropped:
        return judged, 0
    spans = [(each.start, _end_with_space(judged.text, each.end)) for each in dropped]
    kept = _cut(judged.text, spans).rstrip().lstrip("\n")
    if len(dropped) == len(judged.sentences) and _says_nothing(kept):
        return JudgedAnswer(_("Nothing of the answer was in your documents.")), len(dropped)
    lead = len(_cut(judged.text, spans)) - len(_cut(judged.text, spans).lstrip("\n"))

    def moved(at: int) -> int:
        return at - lead - sum(min(end, at) - start for start, end in spans if start < at)

    return JudgedAnswer(
        kept,
        tuple(
            structs.replace(each, start=moved(each.start), end=moved(each.end))
            for each in judged.citations
        ),
        tuple(
            structs.replace(each, start=moved(each.start), end=moved(each.end))
            for each in judged.sentences
            if _is_proven(each)
        ),
    ), len(dropped)


def _cut(text: str, spans: Sequence[tuple[int, int]]) -> str:
    for start, end in reversed(spans):
        text = text[:start] + text[end:]
    return text


def _end_with_space(text: str, end: int) -> int:
    """Return the end of a sentence with the white space behind it, up to its line's end."""
    while end < len(text) and text[end] in " \t":
        end += 1
    return end


def _says_nothing(text: str) -> bool:
    return all(is_common_phrase(line) for line in text.splitlines() if line.strip())
