"""Verification run: checks the doubtful sentences of one saved answer, all at once."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NamedTuple

from core.chat.answering.answer_events import AnswerChecked
from core.chat.answering.answer_protocols import AnswerEngine, SourceSearch
from core.chat.answering.turn_conversion import prompt_sources, sources_from_hits
from core.chat.conversations.assurance import SentenceCheck
from core.chat.conversations.conversation import Conversation, Source, Turn
from core.chat.verification.sentence_checks import (
    PASSAGES,
    answer_request,
    check_question,
    doubtful_sentences,
    judge_sentence,
    question_request,
)
from core.ipc.reply import Reply
from core.messages import AnswerDone, Failed, ModelLoaded, SearchDone


class CheckedTurn(NamedTuple):
    """The answer that is checked, in its chat."""

    conversation: Conversation
    turn: Turn


class _Check:
    """One sentence on its way; `result` is None until it is judged."""

    def __init__(self, span: tuple[int, int], sentence: str) -> None:
        self.span, self.sentence, self.question = span, sentence, sentence
        self.result: SentenceCheck | None = None


class VerificationRun:
    """Looks like a running answer to the engine's other users; what is stopped stays doubtful."""

    def __init__(
        self,
        draft: CheckedTurn,
        model_path: str,
        search: SourceSearch,
        engine: AnswerEngine,
        save: Callable[[tuple[SentenceCheck, ...]], None],
        emit: Callable[[AnswerChecked], None],
    ) -> None:
        """`save` keeps the checks with the answer, when all of them have ended."""
        self.draft = draft
        self.turn_id = draft.turn.turn_id
        """The id of the answer's turn."""
        self._model_path = model_path
        self._search = search
        self._engine = engine
        self._save = save
        self._emit = emit
        self._replies: list[Reply[Any, Any]] = []
        self._is_waiting = False
        self.is_computing = self.holds_engine = False
        text = draft.turn.text
        self._checks = [_Check(span, text[slice(*span)]) for span in doubtful_sentences(draft.turn)]

    def start(self) -> None:
        """Begin with the first question; nothing is saved before the end."""
        self._report()
        self._prepare_model()

    def stop(self) -> None:
        """End with what is judged by now."""
        for reply in self._replies:
            reply.detach()
            reply.cancel()
        self._replies.clear()
        for check in self._checks:
            self._judge(check, "", ())

    def close(self) -> None:
        """The same: it never waits for the engine."""
        self.stop()

    def check_deadlines(self) -> None:
        """Do nothing: nothing is due before the end."""

    def retry_engine(self) -> None:
        """Another answer has ended: ask for the engine again if this waits for it."""
        if self._is_waiting:
            self._prepare_model()

    def _prepare_model(self) -> None:
        prepared = self._engine.prepare_model(self._model_path)
        self._is_waiting = prepared is None
        if isinstance(prepared, ModelLoaded):
            self._ask_questions(prepared)
        elif prepared is not None:
            self.holds_engine = True
            self._follow(prepared, self._ask_questions, lambda _failed: self.stop())

    def _ask_questions(self, prepared: ModelLoaded | AnswerDone) -> None:
        if isinstance(prepared, AnswerDone):  # its load was cancelled
            self.stop()
            return
        self.holds_engine = self.is_computing = True
        for number, check in enumerate(self._checks):
            request = question_request(f"{self.turn_id} check {number}", check.sentence)
            reply = self._engine.start_generation(request)
            self._follow(reply, partial(self._on_question, check), partial(self._give_up, check))

    def _on_question(self, check: _Check, done: AnswerDone) -> None:
        check.question = check_question(done.text, check.sentence)
        reply = self._search(check.question, PASSAGES, 0)
        self._follow(reply, partial(self._on_found, check), partial(self._give_up, check))

    def _on_found(self, check: _Check, done: SearchDone) -> None:
        if not done.hits:
            self._judge(check, "", ())
            return
        number = self._checks.index(check)
        request = answer_request(
            f"{self.turn_id} checked {number}", check.question, prompt_sources(done.hits)
        )
        reply = self._engine.start_generation(request)
        on_answer = partial(self._on_answer, check, done)
        self._follow(reply, on_answer, partial(self._give_up, check))

    def _on_answer(self, check: _Check, found: SearchDone, done: AnswerDone) -> None:
        self._judge(check, done.text.strip(), sources_from_hits(found.hits))

    def _give_up(self, check: _Check, _failed: Failed) -> None:
        self._judge(check, "", ())

    def _follow(
        self,
        reply: Reply[Any, Any],
        on_done: Callable[[Any], None],
        on_error: Callable[[Failed], None],
    ) -> None:
        self._replies.append(reply)
        reply.on_done(on_done).on_error(on_error)

    def _judge(self, check: _Check, answer: str, sources: Sequence[Source]) -> None:
        """Judge one sentence, once; save and report the whole when it was the last."""
        if check.result is not None:
            return
        check.result = judge_sentence(check.span, check.sentence, check.question, answer, sources)
        results = tuple(each.result for each in self._checks if each.result is not None)
        if len(results) == len(self._checks):
            self.holds_engine = self.is_computing = False
            self._save(results)
        self._report()

    def _report(self) -> None:
        results = tuple(each.result for each in self._checks if each.result is not None)
        self._emit(
            AnswerChecked(
                chat_id=self.draft.conversation.chat_id,
                turn_id=self.turn_id,
                checks=results,
                total=len(self._checks),
            )
        )
