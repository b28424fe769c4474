"""Answer draft: the turns of a growing answer, saved and reported as they grow."""

import time
from collections.abc import Callable
from typing import Any

from msgspec import Struct, structs

from core.base.clock import Clock
from core.base.errors import describe_error
from core.chat.answering.answer_events import (
    AnswerEvent,
    AnswerFailed,
    AnswerFinished,
    AnswerSources,
    AnswerStage,
    AnswerStarted,
    AnswerSummarised,
    AnswerTextAdded,
    AnswerThinkingAdded,
    Problem,
)
from core.chat.answering.answer_judging import AnswerJudging, left_out_note
from core.chat.answering.answer_protocols import AnswerSaver, StatementJudge
from core.chat.answering.answer_request import AnswerRequest, add_question_and_answer
from core.chat.answering.answer_verdict import answer_verdict
from core.chat.answering.refusal_text import APP_NAME, refusal_text
from core.chat.answering.retrieval_context import RetrievalContext
from core.chat.answering.turn_conversion import answer_statistics, thought_only_note
from core.chat.conversations.assurance import Assurance
from core.chat.conversations.conversation import (
    AnswerStatistics,
    Citation,
    ConversationSummary,
    JudgedSentence,
    SentPrompt,
    Source,
    Turn,
    TurnState,
)
from core.chat.intent.message_intent import Intent
from core.messages import AnswerDone, Failed, PromptFitted

SAVE_SECONDS = 1.0
"""Seconds between saves of an answer on its way: a crash loses no more."""


class AdoptedAnswer(Struct, frozen=True, kw_only=True):
    """An answer that was written for another turn, and why it stands here.

    `sent` is the question as the model got it then. `has_cost`: it was computed for this question.
    """

    answer: Turn
    assurance: Assurance
    sent: str
    has_cost: bool = False


class ComposedAnswer(Struct, frozen=True, kw_only=True):
    """An answer that was put together by the app. `model` wrote its sentences, or the app itself.

    `raw` is what a model may read of it later, "" for nothing.
    """

    text: str
    model: str = APP_NAME
    fingerprint: str = ""
    sources: tuple[Source, ...] = ()
    citations: tuple[Citation, ...] = ()
    sentences: tuple[JudgedSentence, ...] = ()
    statistics: AnswerStatistics = AnswerStatistics(stop="stop")
    note: str = ""


class AnswerDraft:
    """The question's and the answer's turn of one run. Each change is saved and emitted."""

    def __init__(
        self,
        request: AnswerRequest,
        retrieval: RetrievalContext,
        saver: AnswerSaver,
        emit: Callable[[AnswerEvent], None],
        clock: Clock = time.monotonic,
        judge: StatementJudge | None = None,
    ) -> None:
        self.judging = AnswerJudging(request, retrieval, judge)
        """The verdicts on its sentences."""
        self._request = request
        self._retrieval = retrieval
        self._saver = saver
        self._emit = emit
        self._clock = clock
        self._started = self._saved_at = clock()
        self._first_at: float | None = None
        self._thinking_since: float | None = None
        self._seconds_of_thinking = 0.0
        self._begun = request.begun
        self._raw = request.begun.raw if request.begun else ""
        self._thinking = request.begun.thinking if request.begun else ""
        self._unsaved = self._is_refused = self._is_corrected = False
        self._left_out = 0
        self.conversation, self.question, self.turn = add_question_and_answer(request)

    def start(self) -> AnswerStarted:
        """Save the question and an empty answer."""
        intent = self._retrieval.intent if self._request.is_grounded else ""
        started = AnswerStarted(
            chat_id=self.conversation.chat_id,
            question_id=self.question.turn_id,
            turn_id=self.turn.turn_id,
            model=self._request.model,
            intent=intent,
            is_provisional=self._request.only_proven or intent == Intent.WHOLE,
        )
        self._save()
        self._emit(started)
        return started

    def emit_stage(
        self, stage: str, tokens: int = 0, *, total: int = 0, seconds_left: float | None = None
    ) -> None:
        """Emit what the answer waits for, or what comes of it."""
        if stage == "searching" and self._request.files:
            stage = "files"
        self._emit(
            AnswerStage(
                chat_id=self.conversation.chat_id,
                turn_id=self.turn.turn_id,
                stage=stage,
                tokens=tokens,
                total=total,
                seconds_left=seconds_left,
            )
        )

    def add_summary(self, summary: ConversationSummary) -> None:
        """Save a summary, which replaces early turns in prompts from now on."""
        self.conversation = self.conversation.with_summary(summary)
        self._save()
        chat_id, turn_id = self.conversation.chat_id, self.turn.turn_id
        self._emit(AnswerSummarised(chat_id=chat_id, turn_id=turn_id, summary=summary))

    def set_sent_prompt(self, fitted: PromptFitted, sources: tuple[Source, ...], note: str) -> None:
        """Save what was really sent; text from an engine that was ended before is dropped."""
        prompt = SentPrompt(
            text=fitted.prompt,
            query=self._retrieval.searched_for,
            cut=self._retrieval.unsent_sources(sources),
            sampling=self._request.sampling,
        )
        if self._begun is not None:
            self._raw, self._thinking = self._begun.raw, self._begun.thinking
            self.turn = structs.replace(self.turn, note=note, prompt=prompt)
            self._save()
            return
        self._raw = self._thinking = ""
        if not self._is_corrected:
            self.question = structs.replace(self.question, sent=fitted.sent)
        self.turn = structs.replace(self.turn, sources=sources, note=note, prompt=prompt)
        if self._retrieval.uses_documents:
            self.emit_sources()
        self._save()

    def emit_sources(self) -> None:
        """Emit the sources that were found."""
        chat_id, turn = self.conversation.chat_id, self.turn
        retrieval = self._retrieval
        self._emit(
            AnswerSources(
                chat_id=chat_id,
                turn_id=turn.turn_id,
                sources=turn.sources,
                query=retrieval.searched_for,
                verdict=retrieval.verdict,
                confidence=retrieval.confidence,
                unread_files=retrieval.unread_files,
            )
        )

    def refuse(self) -> str:
        """Return what the app says since the documents don't answer; its author is the app."""
        nearest = self._retrieval.nearest_sources
        self._is_refused = True
        self.turn = structs.replace(self.turn, sources=nearest, model=APP_NAME)
        self.emit_sources()
        retrieval = self._retrieval
        reason, all_read = retrieval.refusal_reason, not retrieval.unread_files
        return refusal_text(self._request, retrieval.verdict, nearest, reason, all_read=all_read)

    def add_thinking(self, text: str) -> None:
        """Append the next piece of thinking."""
        now = self._clock()
        self._first_at = now if self._first_at is None else self._first_at
        self._thinking_since = now if self._thinking_since is None else self._thinking_since
        self._thinking += text
        self._unsaved = True
        chat_id, turn_id = self.conversation.chat_id, self.turn.turn_id
        self._emit(AnswerThinkingAdded(chat_id=chat_id, turn_id=turn_id, text=text))
        self.save_if_due()

    def add_text(self, text: str) -> None:
        """Append the next piece of the answer."""
        self._first_at = self._clock() if self._first_at is None else self._first_at
        if not self._raw:
            self._stop_thinking()
        self._raw += text
        self._unsaved = True
        chat_id, turn_id = self.conversation.chat_id, self.turn.turn_id
        self._emit(AnswerTextAdded(chat_id=chat_id, turn_id=turn_id, text=text))
        self.save_if_due()

    def save_if_due(self) -> None:
        """Save new text once a second; to be called often, also while nothing arrives."""
        if self._unsaved and self._clock() - self._saved_at >= SAVE_SECONDS:
            self._saver.save_partial_answer(self.turn.turn_id, self._raw, self._thinking)
            self._saved_at = self._clock()
            self._unsaved = False

    def whole_text(self, done: AnswerDone) -> str:
        """Return all that the model has written of the answer when it has ended."""
        before = self._begun.raw if self._begun else ""
        return before + done.text if done.text else self._raw

    def begin_again(self) -> None:
        """The answer is written again, since its documents don't prove it."""
        self._is_corrected = True

    def finish_answer(self, done: AnswerDone, fingerprint: str, context: int = 0) -> None:
        """Save and emit the whole answer of a model with this fingerprint and context."""
        first = 0.0 if self._first_at is None else self._first_at - self._started
        if not self._raw:
            self._stop_thinking()
        state = TurnState.CANCELLED if done.stop == "cancelled" else TurnState.DONE
        self._end(self.whole_text(done), state, fingerprint)
        note = self.turn.note
        if self._thinking and not self.turn.raw and state is TurnState.DONE:
            note = f"{note} {thought_only_note()}".lstrip()
        statistics = structs.replace(
            answer_statistics(done, first, self._seconds_of_thinking, context),
            reason=self._request.reason,
            **_way_of_answering(self._request, self._retrieval),
            verdict=answer_verdict(self._retrieval.verdict, self.turn, self._left_out),
            confidence=self._retrieval.confidence,
            is_refused=self._is_refused,
            unread_files=self._retrieval.unread_files,
            left_out=self._left_out,
        )
        ids = self._all_ids(done, fingerprint)
        self.turn = structs.replace(self.turn, token_ids=ids, statistics=statistics, note=note)
        self._save()
        self._emit(finished_event(self.conversation.chat_id, self.turn))

    def adopt_answer(self, adopted: AdoptedAnswer | ComposedAnswer) -> None:
        """Save and emit an answer that was put together, or written for another turn."""
        if isinstance(adopted, ComposedAnswer):
            self.turn = composed_turn(self.turn, adopted, self._request, self._retrieval.intent)
            if adopted.sources:
                self.emit_sources()
            self._save()
            self._emit(finished_event(self.conversation.chat_id, self.turn))
            return
        answer = adopted.answer
        mine = self.turn
        self.question = structs.replace(self.question, sent=adopted.sent)
        self.turn = structs.replace(
            answer,
            turn_id=mine.turn_id,
            parent_id=mine.parent_id,
            created=mine.created,
            statistics=answer.statistics
            if adopted.has_cost
            else AnswerStatistics(
                seconds_to_first_token=self._clock() - self._started,
                stop=answer.statistics.stop,
                context=answer.statistics.context,
                reason=self._request.reason,
                intent=answer.statistics.intent,
                folders=answer.statistics.folders,
            ),
            rating=0,
            rating_note="",
            assurance=adopted.assurance,
        )
        if self._request.is_grounded:
            self.emit_sources()
        self._save()
        self._emit(finished_event(self.conversation.chat_id, self.turn))

    def fail_answer(self, failed: Failed, fingerprint: str) -> None:
        """Save what has come, and emit why no more does."""
        message, hint = describe_error(failed.code, failed.facts)
        problem = Problem(code=failed.code, message=message, hint=hint)
        self.fail_with_problem(problem, fingerprint)

    def fail_with_problem(self, problem: Problem, fingerprint: str = "") -> None:
        """The same, for a problem that is put into words already."""
        self._end(self._raw, TurnState.FAILED, fingerprint)
        self.turn = structs.replace(self.turn, note=f"{problem.message} {problem.hint}")
        self._save()
        chat_id, turn_id = self.conversation.chat_id, self.turn.turn_id
        self._emit(AnswerFailed(chat_id=chat_id, turn_id=turn_id, problem=problem))

    def _end(self, raw: str, state: TurnState, fingerprint: str) -> None:
        judged, sources, left_out = self.judging.finish(raw)
        self._left_out = left_out
        note = f"{self.turn.note} {left_out_note(left_out)}".strip()
        self.turn = structs.replace(
            self.turn,
            state=state,
            text=judged.text,
            raw=judged.text if left_out else raw,
            thinking=self._thinking,
            sources=sources or self.turn.sources,
            citations=judged.citations,
            sentences=judged.sentences,
            note=note,
            fingerprint=fingerprint,
        )

    def _all_ids(self, done: AnswerDone, fingerprint: str) -> tuple[int, ...]:
        """Return the tokens of the whole answer, none if a part of them isn't known."""
        if self.turn.raw != self.whole_text(done):
            return ()
        if self._begun is None:
            return done.token_ids
        known = self._begun.token_ids if self._begun.fingerprint == fingerprint else ()
        return (*known, *done.token_ids) if known and done.token_ids else ()

    def _stop_thinking(self) -> None:
        if self._thinking_since is not None:
            self._seconds_of_thinking = self._clock() - self._thinking_since

    def _save(self) -> None:
        turns = (self.question, self.turn)
        for turn in turns:
            self.conversation = self.conversation.with_turn(turn)
        self._saver.save_turns(self.conversation, *turns)


def _searched_folders(request: AnswerRequest) -> int:
    """Return how many folders are searched: none where files are asked alone."""
    return 0 if request.files else len(request.folder_ids)


def _way_of_answering(request: AnswerRequest, retrieval: RetrievalContext) -> dict[str, Any]:
    """Return the parts of statistics that say how the question was taken."""
    begun = request.begun
    if begun is not None and not request.is_grounded:  # one that goes on is as it began
        return {"intent": begun.statistics.intent, "folders": begun.statistics.folders}
    return {
        "intent": retrieval.intent if request.is_grounded else "",
        "folders": _searched_folders(request) if retrieval.uses_documents else 0,
    }


def composed_turn(
    turn: Turn, composed: ComposedAnswer, request: AnswerRequest, intent: str
) -> Turn:
    """Return the answer's turn with what was put together."""
    stop = composed.statistics.stop
    statistics = structs.replace(
        composed.statistics,
        intent=intent,
        folders=_searched_folders(request),
        reason=request.reason,
    )
    return structs.replace(
        turn,
        state=TurnState.CANCELLED if stop == "cancelled" else TurnState.DONE,
        text=composed.text,
        raw=composed.text,
        model=composed.model,
        fingerprint=composed.fingerprint,
        sources=composed.sources,
        citations=composed.citations,
        sentences=composed.sentences,
        statistics=statistics,
        note=composed.note,
    )


def finished_event(chat_id: str, turn: Turn) -> AnswerFinished:
    """Return the event that says that an answer has ended."""
    return AnswerFinished(
        chat_id=chat_id,
        turn_id=turn.turn_id,
        text=turn.text,
        citations=turn.citations,
        sources=turn.sources,
        statistics=turn.statistics,
        note=turn.note,
        thinking=turn.thinking,
        sentences=turn.sentences,
        assurance=turn.assurance,
        tool_calls=turn.tool_calls,
        model=turn.model,
    )
