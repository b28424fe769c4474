"""Generate requests to the engine for one answer, with a summary of early turns where needed."""

import time
from collections.abc import Sequence

import uuid_utils
from msgspec import structs

from core.base.i18n import ngettext
from core.chat.answering.answer_request import AnswerRequest
from core.chat.answering.history_summary import (
    LEAVE_OUT,
    MAX_SUMMARY_ROUNDS,
    SUMMARISE,
    HistoryTurn,
    complete_sentences,
    summary_request,
)
from core.chat.answering.retrieval_context import RetrievalContext
from core.chat.answering.turn_conversion import left_out_note, searched_note, turns_for_model
from core.chat.conversations.conversation import Conversation, HistorySummary
from core.messages import AnswerDone, Failed, Generate, PromptFitted, PromptTurn


class GenerateRequests:
    """Belongs to one answer, whose turn's id all its requests carry; knows no engine."""

    def __init__(self, order: AnswerRequest, grounds: RetrievalContext) -> None:
        self._order = order
        self._grounds = grounds
        self._may_leave_out = order.when_full == LEAVE_OUT
        self._fingerprint = ""
        self._said: Sequence[HistoryTurn] = ()
        self._covered: Sequence[HistoryTurn] = ()
        self._asked: Generate | None = None
        self._rounds = self._summed_up = 0

    def answer_request(
        self, conversation: Conversation, turn_id: str, fingerprint: str
    ) -> Generate:
        """Return the request for the answer `turn_id` of the model with `fingerprint`."""
        self._fingerprint = fingerprint
        manner = conversation.manner.with_fallback_system_prompt(self._order.system)
        told = [HistoryTurn("", turn) for turn in manner.leading_turns()]
        self._said = (*told, *turns_for_model(conversation, turn_id, fingerprint))
        begun = self._order.begun
        self._asked = Generate(
            request_id=turn_id,
            turns=self._turns(),
            sources=self._grounds.sources_for_prompt(),
            sampling=self._order.sampling,
            max_tokens=self._order.max_tokens,
            adapters=self._order.adapters,
            state_folder=self._order.state_folder,
            drafting=self._order.drafting,
            may_leave_out=self._may_leave_out,
            begun=begun.raw if begun else "",
            begun_ids=begun.token_ids if begun and begun.fingerprint == fingerprint else (),
        )
        return self._asked

    def _turns(self) -> tuple[PromptTurn, ...]:
        """Return the prompt's turns; a question whose answer goes on is sent as it was."""
        turns = tuple(each.turn for each in self._said)
        if self._order.begun is None:
            return turns
        return (*turns[:-1], structs.replace(turns[-1], plain=""))

    @property
    def summarises_when_full(self) -> bool:
        """Whether a full context is a reason to sum up, and not to end."""
        return self._order.when_full == SUMMARISE

    def early_summary_request(self, full: Failed) -> Generate | None:
        """Return the request for a summary after the engine refused the question as `full` says.

        None when no summary would help: the question is to be asked again, without early turns.
        """
        self._covered = self._said[: int(full.facts["early"])]
        self._rounds += 1
        new = any(each.turn_id for each in self._covered)
        if self._asked is None or not new or self._rounds > MAX_SUMMARY_ROUNDS:
            self.allow_leaving_out()
            return None
        return summary_request(self._asked, len(self._covered), int(full.facts["context"]))

    def allow_leaving_out(self) -> None:
        """Leave early turns out after all."""
        self._may_leave_out = True

    def finish_summary(self, done: AnswerDone, conversation: Conversation) -> HistorySummary | None:
        """Return the summary that came; None when the model wrote none, and turns are left out."""
        text, token_ids = complete_sentences(done)
        if not text:
            self.allow_leaving_out()
            return None
        covered = [each.turn_id for each in self._covered if each.turn_id]
        self._summed_up += len(covered)
        path = [turn.turn_id for turn in conversation.path()]
        return HistorySummary(
            summary_id=str(uuid_utils.uuid7()),
            last_id=covered[-1],
            turns=path.index(covered[-1]) + 1,
            text=text,
            created=time.time(),
            model=self._order.model,
            token_ids=token_ids,
            fingerprint=self._fingerprint,
        )

    def answer_note(self, fitted: PromptFitted) -> str:
        """Say what was searched for and what of the chat is not sent, if that is not as it was."""
        searched = searched_note(self._grounds.searched_for)
        if not self._summed_up:
            return f"{searched} {left_out_note(fitted)} {fitted.note}".strip()
        summed_up = ngettext(
            "{count} early message was summarised to make room.",
            "{count} early messages were summarised to make room.",
            self._summed_up,
        ).format(count=self._summed_up)
        return f"{searched} {summed_up} {left_out_note(fitted)} {fitted.note}".strip()
