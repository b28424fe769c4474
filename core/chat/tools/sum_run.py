"""Sum run: a message that is nothing but a sum, answered by the calculator without a model."""

import time
from collections.abc import Callable

from core.base.clock import Clock
from core.base.i18n import _
from core.chat.answering.answer_draft import AdoptedAnswer, AnswerDraft, ComposedAnswer
from core.chat.answering.answer_events import AnswerEvent, AnswerStarted
from core.chat.answering.answer_protocols import AnswerSaver
from core.chat.answering.answer_request import AnswerRequest
from core.chat.answering.retrieval_context import RetrievalContext
from core.chat.tools.calculator import calculate
from core.chat.tools.sum_reading import ParsedSum
from core.messages import AnswerDone


class SumRun:
    """An answer on its way that needs no engine and no library."""

    is_computing = False
    holds_engine = False

    def __init__(
        self,
        request: AnswerRequest,
        asked: ParsedSum,
        saver: AnswerSaver,
        call_soon: Callable[[Callable[[], object]], object],
        emit: Callable[[AnswerEvent], None],
        clock: Clock = time.monotonic,
    ) -> None:
        """`call_soon` calls a function when who asked knows which turn the answer is."""
        self._asked = asked
        self._call_soon = call_soon
        self._has_ended = False
        self.draft = AnswerDraft(request, RetrievalContext(request), saver, emit, clock)
        """Its turns, and the chat with them, as they are by now."""
        self.turn_id = self.draft.turn.turn_id
        """The id of the answer's turn."""

    def start(self) -> AnswerStarted:
        """Save the question; the value comes soon."""
        started = self.draft.start()
        self._call_soon(self._finish)
        return started

    def stop(self, instead: AdoptedAnswer | None = None) -> None:
        """End without an answer; an earlier one never stands `instead`."""
        if self._has_ended or instead is not None:
            return
        self._has_ended = True
        self.draft.finish_answer(AnswerDone(request_id=self.turn_id, stop="cancelled"), "")

    def close(self) -> None:
        """End now."""
        self.stop()

    def check_deadlines(self) -> None:
        """Do nothing: it takes no time."""

    def retry_engine(self) -> None:
        """Do nothing: it waits for no engine."""

    def _finish(self) -> None:
        if not self._has_ended:
            self._has_ended = True
            self.draft.adopt_answer(_compose_answer(self._asked))


def _compose_answer(asked: ParsedSum) -> ComposedAnswer:
    shown = asked.shown(asked.expression)
    note = _("Computed by the app itself, without a model.")
    try:
        value = calculate(asked.expression)
    except ValueError as error:
        text = _("{sum} can't be computed: {reason}.").format(sum=shown, reason=error)
        return ComposedAnswer(text=text, note=note)
    sign = "=" if value.is_exact else "≈"
    return ComposedAnswer(text=f"{shown} {sign} {asked.shown(value.digits)}", note=note)
