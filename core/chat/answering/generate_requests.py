"""Generate requests to the engine for one answer, with a summary of early turns where needed."""

import time
from collections.abc import Sequence

import uuid_utils
from msgspec import structs

from core.base.i18n import ngettext
from core.chat.answering.answer_request import AnswerRequest
from core.chat.answering.conversation_summary import (
    LEAVE_OUT,
    MAX_SUMMARY_ROUNDS,
    SUMMARISE,
    TranscriptTurn,
    complete_sentences,
    summary_request,
)
from core.chat.answering.retrieval_context import RetrievalContext
from core.chat.answering.turn_conversion import left_out_note, searched_note, turns_for_model
from core.chat.conversations.conversation import Conversation, ConversationSummary, Source
from core.messages import USER_ROLE, AnswerDone, Failed, Generate, PromptFitted, PromptTurn


class GenerateRequests:
    """The requests of one answer; all carry the id of its turn. It sends nothing."""

    def __init__(self, request: AnswerRequest, retrieval: RetrievalContext) -> None:
        self._request = request
        self._retrieval = retrieval
        self._may_leave_out = request.when_full == LEAVE_OUT
        self._fingerprint = ""
        self._history: Sequence[TranscriptTurn] = ()
        self._covered: Sequence[TranscriptTurn] = ()
        self._last_request: Generate | None = None
        self._rounds = self._summarised_turns = 0
        self.correction = ""
        """What the model is told to write its answer again, "" at first."""

    def answer_request(
        self, conversation: Conversation, turn_id: str, fingerprint: str
    ) -> Generate:
        """Return the request for the answer `turn_id` of the model with `fingerprint`."""
        self._fingerprint = fingerprint
        chat_style = conversation.chat_style.with_fallback_system_prompt(self._request.system)
        leading = [TranscriptTurn("", turn) for turn in chat_style.leading_turns()]
        self._history = (*leading, *turns_for_model(conversation, turn_id, fingerprint))
        begun = self._request.begun
        self._last_request = Generate(
            request_id=turn_id,
            turns=self._turns(),
            sources=self._retrieval.sources_for_prompt(),
            sampling=self._request.sampling,
            max_tokens=self._request.max_tokens,
            adapters=self._request.adapters,
            state_folder=self._request.state_folder,
            drafting=self._request.drafting,
            may_leave_out=self._may_leave_out,
            shortens_ahead=True,
            begun=begun.raw if begun else "",
            begun_ids=begun.token_ids if begun and begun.fingerprint == fingerprint else (),
        )
        return self._last_request

    def _turns(self) -> tuple[PromptTurn, ...]:
        """Return the prompt's turns; a question whose answer is continued is sent as it was."""
        turns = tuple(each.turn for each in self._history)
        if self.correction:
            text = f"{turns[-1].text}\n\n{self.correction}"
            turns = (*turns[:-1], structs.replace(turns[-1], text=text))
        if self._request.begun is None:
            return turns
        return (*turns[:-1], structs.replace(turns[-1], plain=""))

    @property
    def summarises_when_full(self) -> bool:
        """Whether early turns are summarised when the context is full, else the answer fails."""
        return self._request.when_full == SUMMARISE

    def early_summary_request(self, full: Failed) -> Generate | None:
        """Return the request for a summary after the engine failed with CONTEXT_FULL.

        None if no summary would help: then the question is to be sent again, without early turns.
        """
        early = int(full.facts["early"])
        # Results that the engine reads as one turn are several here: no exchange is cut in two.
        while 0 < early < len(self._history) and self._history[early].turn.role != USER_ROLE:
            early += 1
        self._covered = self._history[:early]
        self._rounds += 1
        new = any(each.turn_id for each in self._covered)
        if self._last_request is None or not new or self._rounds > MAX_SUMMARY_ROUNDS:
            self.allow_leaving_out()
            return None
        return summary_request(self._last_request, len(self._covered), int(full.facts["context"]))

    def allow_leaving_out(self) -> None:
        """Allow the engine to leave early turns out after all."""
        self._may_leave_out = True

    def finish_summary(
        self, done: AnswerDone, conversation: Conversation
    ) -> ConversationSummary | None:
        """Return the summary; None if the model wrote none: then turns may be left out."""
        text, token_ids = complete_sentences(done)
        if not text:
            self.allow_leaving_out()
            return None
        covered = [each.turn_id for each in self._covered if each.turn_id]
        self._summarised_turns += len(covered)
        path = [turn.turn_id for turn in conversation.path()]
        return ConversationSummary(
            summary_id=str(uuid_utils.uuid7()),
            last_id=covered[-1],
            turns=path.index(covered[-1]) + 1,
            text=text,
            created=time.time(),
            model=self._request.model,
            token_ids=token_ids,
            fingerprint=self._fingerprint,
        )

    def answer_note(self, fitted: PromptFitted, sources: Sequence[Source]) -> str:
        """Return the note on what was searched for, read, summarised and left out, "" for nothing.

        `sources` are those that were sent.
        """
        searched = searched_note(self._retrieval.searched_for)
        if read := self._retrieval.read_note(sources):
            searched = f"{searched} {read}".strip()
        if not self._summarised_turns:
            return f"{searched} {left_out_note(fitted)} {fitted.note}".strip()
        summarised = ngettext(
            "{count} early message was summarised to make room.",
            "{count} early messages were summarised to make room.",
            self._summarised_turns,
        ).format(count=self._summarised_turns)
        return f"{searched} {summarised} {left_out_note(fitted)} {fitted.note}".strip()
