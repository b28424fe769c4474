"""Answer events: frozen values that report the progress of one question."""

from msgspec import Struct

from core.base.errors import InglenookError
from core.chat.conversations.assurance import NO_ASSURANCE, Assurance, SentenceCheck
from core.chat.conversations.conversation import (
    AnswerStatistics,
    Citation,
    ConversationSummary,
    JudgedSentence,
    Source,
)
from core.chat.conversations.tool_calls import RecordedCall


class Problem(Struct, frozen=True, kw_only=True):
    """An error in words: a stable code, what happened (`message`), what to do next (`hint`)."""

    code: str
    message: str
    hint: str


def problem_of(error: InglenookError) -> Problem:
    """Put an error into words, in the current language."""
    return Problem(code=error.code, message=error.message, hint=error.hint)


class AnswerStarted(Struct, frozen=True, kw_only=True):
    """A question was saved and is on its way. `question_id` and `turn_id` are its two turns.

    `intent` is what it was taken for (see `core.chat.intent`), "" in a chat without documents.
    `is_provisional`: what streams need not be the end of it, since sentences may be left out, or a
    text may be made of it.
    """

    chat_id: str
    question_id: str
    turn_id: str
    model: str
    intent: str = ""
    is_provisional: bool = False


class AnswerStage(Struct, frozen=True, kw_only=True):
    """What the answer waits for, or what is generated.

    `stage` is "rewriting" (the question), "searching", "files" (beside the question are read and
    searched), "waiting" (for the end of an answer of another model), "loading", "summarising",
    "reading", "thinking", "writing" or "sampling" (of several answers, to compare them), "calling"
    (tools) or "results" (of tools, which are read). `tokens` is the length of the prompt once it is
    known; while "sampling" it is the number of answers that are complete. "documents": so many
    (`tokens`) of `total` documents are gone through, and the rest takes about `seconds_left`;
    "joining": one text is made of all.
    """

    chat_id: str
    turn_id: str
    stage: str
    tokens: int
    total: int
    seconds_left: float | None


class AnswerSummarised(Struct, frozen=True, kw_only=True):
    """Early turns were summarised to make room for the answer; the summary is saved."""

    chat_id: str
    turn_id: str
    summary: ConversationSummary


class AnswerSources(Struct, frozen=True, kw_only=True):
    """The sources that were found for the question, maybe none.

    `query` is what was searched for, "" if it is the question as it was asked. `verdict` is what
    the documents say on it (see `core.messages.SearchVerdict`), "" if they weren't searched;
    `confidence` the probability, 0 to 1, that the best of them answer it. `unread_files` of the
    folders were not read yet, maybe `core.messages.UNKNOWN_COUNT`.
    """

    chat_id: str
    turn_id: str
    sources: tuple[Source, ...]
    query: str
    verdict: str
    confidence: float
    unread_files: int


class AnswerThinkingAdded(Struct, frozen=True, kw_only=True):
    """The next piece of a reasoning model's thinking before its answer."""

    chat_id: str
    turn_id: str
    text: str


class AnswerTextAdded(Struct, frozen=True, kw_only=True):
    """The next piece of the answer."""

    chat_id: str
    turn_id: str
    text: str


class AnswerToolCalls(Struct, frozen=True, kw_only=True):
    """All calls of tools of an answer as they are now; one that is asking waits for the person."""

    chat_id: str
    turn_id: str
    calls: tuple[RecordedCall, ...]


class AnswerFinished(Struct, frozen=True, kw_only=True):
    """The answer as saved: final text, its citations, `note` on what was left out.

    `thinking` is "" for a model that doesn't think. `sentences` are the verdicts on its sentences.
    `model` has written it, which may be the app itself; "" for the one that began.
    """

    chat_id: str
    turn_id: str
    text: str
    citations: tuple[Citation, ...]
    sources: tuple[Source, ...]
    statistics: AnswerStatistics
    note: str
    thinking: str = ""
    sentences: tuple[JudgedSentence, ...] = ()
    assurance: Assurance = NO_ASSURANCE
    tool_calls: tuple[RecordedCall, ...] = ()
    model: str = ""


class AnswerFailed(Struct, frozen=True, kw_only=True):
    """The answer failed; what had come of it is saved."""

    chat_id: str
    turn_id: str
    problem: Problem


class AnswerChecked(Struct, frozen=True, kw_only=True):
    """Doubtful sentences of a saved answer are being checked: `checks` of `total` have ended.

    With the last one, all are saved.
    """

    chat_id: str
    turn_id: str
    checks: tuple[SentenceCheck, ...]
    total: int

    @property
    def has_ended(self) -> bool:
        """Whether this is the last event of the checks."""
        return len(self.checks) == self.total


AnswerEvent = (
    AnswerStarted
    | AnswerStage
    | AnswerSummarised
    | AnswerSources
    | AnswerThinkingAdded
    | AnswerTextAdded
    | AnswerToolCalls
    | AnswerFinished
    | AnswerFailed
    | AnswerChecked
)
