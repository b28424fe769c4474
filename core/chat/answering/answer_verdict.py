"""Answer verdict: whether an answer holds what its documents say, beside what they say themselves.

The documents may answer a question, and a model may yet write what contradicts them, or a figure
that stands nowhere in them.
"""

from collections.abc import Sequence

from core.base.i18n import _
from core.chat.citations.sentence_features import answer_features, passage_features
from core.chat.conversations.conversation import JudgedSentence, SentenceVerdict, Turn
from core.messages import SearchVerdict

CONTRADICTED, UNPROVEN = "contradicted", "unproven"


def answer_verdict(found: str, turn: Turn, left_out: int = 0) -> str:
    """Return what is known of a finished answer; `found` is what the documents say on its question.

    CONTRADICTED: they contradict one of its sentences. UNPROVEN: they support none, or one that
    they don't support has a figure which stands in no source; or all are `left_out`. Else `found`.
    """
    if found != SearchVerdict.ANSWERED:
        return found
    if not turn.sentences:
        return UNPROVEN if left_out else found
    verdicts = {sentence.verdict for sentence in turn.sentences}
    if SentenceVerdict.CONTRADICTED in verdicts:
        return CONTRADICTED
    unsupported = [each for each in turn.sentences if each.verdict is SentenceVerdict.UNSUPPORTED]
    if SentenceVerdict.SUPPORTED not in verdicts or _has_new_figures(turn, unsupported):
        return UNPROVEN
    return found


def verdict_note(verdict: str) -> str:
    """Return the sentence on an answer that its documents don't prove, "" for any other."""
    if verdict == CONTRADICTED:
        return _("The documents contradict a sentence of this answer: read the sources.")
    if verdict == UNPROVEN:
        return _("The documents don't prove this answer: read the sources.")
    return ""


def _has_new_figures(turn: Turn, sentences: Sequence[JudgedSentence]) -> bool:
    """Whether a sentence has a figure that neither the sources nor their names have."""
    if not sentences:
        return False
    read = (f"{each.file} {each.heading}\n{each.text}" for each in turn.sources)
    known = frozenset[str]().union(*(passage_features(text).words for text in read))
    said = (answer_features(turn.text[each.start : each.end]).numbers for each in sentences)
    return any(numbers - known for numbers in said)
