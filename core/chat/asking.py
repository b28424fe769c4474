"""What the engine is asked for an answer: a summary of early turns first if need be."""

import time
from collections.abc import Sequence

import uuid_utils
from msgspec import structs

from core.chat.conversation import Conversation, Summary
from core.chat.grounds import Grounds
from core.chat.history import left_out_note, said, searched_note
from core.chat.order import Order
from core.chat.summary import (
    LEAVE_OUT,
    MOST_ROUNDS,
    SUMMARISE,
    Said,
    ask_for_summary,
    whole_sentences,
)
from core.messages import AnswerDone, Failed, Generate, PromptFitted, PromptTurn
from core.words import ngettext


class Asking:
    """Belongs to one answer, whose turn's id all its requests carry; knows no engine."""

    def __init__(self, order: Order, grounds: Grounds) -> None:
        self._order = order
        self._grounds = grounds
        self._may_leave_out = order.when_full == LEAVE_OUT
        self._fingerprint = ""
        self._said: Sequence[Said] = ()
        self._covered: Sequence[Said] = ()
        self._asked: Generate | None = None
        self._rounds = self._summed_up = 0

    def question(self, conversation: Conversation, turn_id: str, fingerprint: str) -> Generate:
        """Return the request for the answer `turn_id` of the model with `fingerprint`."""
        self._fingerprint = fingerprint
        manner = conversation.manner.after(self._order.system)
        told = [Said("", turn) for turn in manner.turns()]
        self._said = (*told, *said(conversation, turn_id, fingerprint))
        begun = self._order.begun
        self._asked = Generate(
            request_id=turn_id,
            turns=self._turns(),
            sources=self._grounds.prompt(),
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
    def sums_up(self) -> bool:
        """Whether a full context is a reason to sum up, and not to end."""
        return self._order.when_full == SUMMARISE

    def summary(self, full: Failed) -> Generate | None:
        """Return the request for a summary after the engine refused the question as `full` says.

        None when no summary would help: the question is to be asked again, without early turns.
        """
        self._covered = self._said[: int(full.facts["early"])]
        self._rounds += 1
        new = any(each.turn_id for each in self._covered)
        if self._asked is None or not new or self._rounds > MOST_ROUNDS:
            self.give_up()
            return None
        return ask_for_summary(self._asked, len(self._covered), int(full.facts["context"]))

    def give_up(self) -> None:
        """Leave early turns out after all."""
        self._may_leave_out = True

    def take(self, done: AnswerDone, conversation: Conversation) -> Summary | None:
        """Return the summary that came; None when the model wrote none, and turns are left out."""
        text, token_ids = whole_sentences(done)
        if not text:
            self.give_up()
            return None
        covered = [each.turn_id for each in self._covered if each.turn_id]
        self._summed_up += len(covered)
        path = [turn.turn_id for turn in conversation.path()]
        return Summary(
            summary_id=str(uuid_utils.uuid7()),
            last_id=covered[-1],
            turns=path.index(covered[-1]) + 1,
            text=text,
            created=time.time(),
            model=self._order.model,
            token_ids=token_ids,
            fingerprint=self._fingerprint,
        )

    def note(self, fitted: PromptFitted) -> str:
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
