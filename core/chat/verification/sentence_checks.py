"""Sentence checks: which sentences are doubtful, what is asked about them, what comes of it."""

from collections.abc import Sequence

from core.base.lazy_regex import lazy_pattern
from core.chat.answering.refusal_text import APP_NAME
from core.chat.citations.answer_sentences import answer_sentence_spans
from core.chat.citations.evidence import Statement
from core.chat.citations.rule_based_verifier import RuleBasedVerifier
from core.chat.citations.sentence_features import answer_features
from core.chat.consensus.answer_agreement import say_the_same
from core.chat.conversations.assurance import CheckOutcome, SentenceCheck
from core.chat.conversations.conversation import SentenceVerdict, Source, Turn
from core.chat.intent.message_intent import Intent
from core.messages import Generate, PromptSource, PromptTurn, Sampling

MOST_CHECKS = 5
PASSAGES = 4
"""Passages that a check question is answered from."""
_MIN_WORDS = 3
"""Content words of a sentence that states something; one with a number always does."""
_MIN_SHARED = 0.25
"""Share of a sentence's content words that an answer must have to be about the same."""
_QUESTION_TOKENS, _ANSWER_TOKENS = 48, 96
_SAMPLING = Sampling(temperature=0.0, repeat_penalty=1.0, thinking=False)
_NOT_STATED = lazy_pattern(
    r"not stated|not (?:mentioned|specified|given)|(?:don't|do not|doesn't|does not) (?:say|state)"
    r"|nicht (?:genannt|erwähnt|angegeben)"
)
_ASK = (
    "Write one short question whose answer shows whether the sentence is true. Keep its names and"
    " things, and leave out what it says of them. Write the question alone.\n\nSentence: {sentence}"
)
_ANSWER = (
    "{question}\n\nAnswer in one short sentence, from the passages alone. If they do not say it,"
    " write: not stated."
)


def doubtful_sentences(turn: Turn) -> tuple[tuple[int, int], ...]:
    """Return start and end of the sentences to check, at most MOST_CHECKS, in their order.

    Those that their sources contradict or don't hold, contradicted ones first. An answer without
    verdicts has those that state something and cite nothing; what the app said itself has none.
    """
    is_of_the_app = turn.model == APP_NAME or turn.statistics.intent == Intent.LIBRARY
    if turn.statistics.is_refused or is_of_the_app:
        return ()
    if turn.sentences:
        doubtful = [each for each in turn.sentences if each.verdict != SentenceVerdict.SUPPORTED]
        doubtful.sort(key=lambda each: each.verdict != SentenceVerdict.CONTRADICTED)
        spans = [(each.start, each.end) for each in doubtful]
    else:
        cited = {(cite.start, cite.end) for cite in turn.citations}
        every = answer_sentence_spans(turn.text) if turn.sources else []
        spans = [
            span for span in every if span not in cited and _states(turn.text[span[0] : span[1]])
        ]
    return tuple(sorted(spans[:MOST_CHECKS]))


def question_request(request_id: str, sentence: str) -> Generate:
    """Return the request to write a question that shows whether a sentence is true."""
    return _request(request_id, _ASK.format(sentence=sentence), _QUESTION_TOKENS)


def answer_request(request_id: str, question: str, sources: tuple[PromptSource, ...]) -> Generate:
    """Return the request to answer a question from passages alone."""
    text = _ANSWER.format(question=question)
    return _request(request_id, text, _ANSWER_TOKENS, sources)


def check_question(written: str, sentence: str) -> str:
    """Return the question that the model wrote, or the sentence if it is no use for a search."""
    line = next((line.strip(" \"'“”*") for line in written.splitlines() if line.strip()), "")
    shared = answer_features(line).words & answer_features(sentence).words
    return line if shared else sentence


def judge_sentence(
    span: tuple[int, int],
    sentence: str,
    question: str,
    answer: str,
    sources: Sequence[Source],
) -> SentenceCheck:
    """Return what a check has shown.

    CONFIRMED: a passage supports the sentence, or the answer, which says the same. CORRECTED: a
    passage supports an answer about the same that says otherwise. `answer` "": there was none.
    """
    check = SentenceCheck(
        start=span[0], end=span[1], question=question, answer=answer, outcome=CheckOutcome.OPEN
    )
    if not sources:
        return check
    if found := _support(sentence, sources):
        return _with_passage(check, CheckOutcome.CONFIRMED, *found)
    found = None
    if answer and not _NOT_STATED.search(answer.casefold()):
        found = _support(answer, sources)
    if found is None:
        return check
    if say_the_same(sentence, answer, None):
        return _with_passage(check, CheckOutcome.CONFIRMED, *found)
    if _is_about_the_same(sentence, answer):
        return _with_passage(check, CheckOutcome.CORRECTED, *found)
    return check


def _request(
    request_id: str, text: str, tokens: int, sources: tuple[PromptSource, ...] = ()
) -> Generate:
    return Generate(
        request_id=request_id,
        turns=(PromptTurn(role="user", text=text, plain=text),),
        sources=sources,
        sampling=_SAMPLING,
        max_tokens=tokens,
    )


def _states(sentence: str) -> bool:
    read = answer_features(sentence)
    return bool(read.numbers) or len(read.words) >= _MIN_WORDS


def _support(sentence: str, sources: Sequence[Source]) -> tuple[Source, str] | None:
    """Return the source that supports a sentence, and the sentence of it that does."""
    found = RuleBasedVerifier(sources).find_evidence(Statement(sentence, is_whole=True))
    best = next((each for each in found if each.supports), None)
    if best is None:
        return None
    source = next(each for each in sources if each.n == best.n)
    return source, source.text[best.start : best.end]


def _with_passage(
    check: SentenceCheck, outcome: CheckOutcome, source: Source, passage: str
) -> SentenceCheck:
    return SentenceCheck(
        start=check.start,
        end=check.end,
        question=check.question,
        answer=check.answer,
        outcome=outcome,
        passage=passage,
        file=source.file,
        page=source.page,
    )


def _is_about_the_same(sentence: str, answer: str) -> bool:
    words = answer_features(sentence).words
    return bool(words) and len(words & answer_features(answer).words) / len(words) >= _MIN_SHARED
