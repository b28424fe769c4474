"""API generation: one answer for another program, from waiting for its model to its last token."""

from collections.abc import Callable

from core.chat.answering.answer_protocols import AnswerEngine
from core.chat.conversations.conversation import Conversation
from core.ipc.awaited_reply import AwaitedReply
from core.messages import (
    AnswerDone,
    ApiWaiting,
    CallOutcome,
    CallProgress,
    Failed,
    Generate,
    LoadProgress,
    ModelLoaded,
)

NO_CONVERSATION = Conversation(chat_id="", title="", created=0.0, updated=0.0, turns={})


class ApiGeneration:
    """It stands among the running answers, so that its model stays while it is needed.

    `report` gets its progress and `finish` its end, once. It holds no thread; replies drive it.
    """

    def __init__(
        self,
        request: Generate,
        model_path: str,
        engine: AnswerEngine,
        report: Callable[[CallProgress], None],
        finish: Callable[["ApiGeneration", CallOutcome], None],
    ) -> None:
        self.turn_id = request.request_id
        self.conversation = NO_CONVERSATION
        """It belongs to no chat."""
        self._request = request
        self.model_path = model_path
        self._engine = engine
        self._report = report
        self._finish = finish
        self._awaited = AwaitedReply()
        self._is_waiting = True
        self._is_generating = False
        self._has_ended = False

    @property
    def draft(self) -> "ApiGeneration":
        """Itself: there is no turn."""
        return self

    @property
    def is_computing(self) -> bool:
        """Whether the model computes for it."""
        return self._is_generating and not self._has_ended

    @property
    def holds_engine(self) -> bool:
        """Whether it needs the model that is loaded or being loaded now."""
        return not self._is_waiting and not self._has_ended

    @property
    def is_waiting(self) -> bool:
        """Whether answers of another model must end first."""
        return self._is_waiting and not self._has_ended

    def start(self) -> None:
        """Begin, with the load of the model if that is needed."""
        prepared = self._engine.prepare_model(self.model_path)
        if prepared is None:
            return
        self._is_waiting = False
        if isinstance(prepared, ModelLoaded):
            self._generate(prepared)
        else:
            self._report(ApiWaiting(ahead=0))
            self._awaited.wait_for(prepared).on_progress(self._on_load_progress)
            prepared.on_done(self._generate).on_error(self._end)

    def report_place(self, ahead: int) -> None:
        """Say how many wait before it."""
        self._report(ApiWaiting(ahead=ahead))

    def stop(self) -> None:
        """End it; the model goes on loading for the next one."""
        if self._is_generating:
            self._awaited.cancel()  # the engine's last event ends it
        else:
            self._end(AnswerDone(request_id=self.turn_id, stop="cancelled"))

    def close(self) -> None:
        """End now, without waiting for the engine."""
        self.stop()
        self._end(AnswerDone(request_id=self.turn_id, stop="cancelled"))

    def check_deadlines(self) -> None:
        """Nothing of it is saved."""

    def retry_engine(self) -> None:
        """Another answer has ended: ask for the engine again if this one waits for it."""
        if self.is_waiting:
            self.start()

    def _on_load_progress(self, progress: LoadProgress) -> None:
        self._report(ApiWaiting(ahead=0, share=progress.share))

    def _generate(self, prepared: ModelLoaded | AnswerDone) -> None:
        if self._has_ended:
            return
        if isinstance(prepared, AnswerDone):  # its load was cancelled
            self._end(prepared)
            return
        request = self._request
        if not (request.turns or request.prompt or request.prompt_ids or request.suffix):
            self._end(AnswerDone(request_id=self.turn_id, stop="load"))
            return
        self._is_generating = True
        reply = self._awaited.wait_for(self._engine.start_generation(request))
        reply.on_progress(self._report).on_done(self._end).on_error(self._end)

    def _end(self, outcome: AnswerDone | Failed) -> None:
        if self._has_ended:
            return
        self._has_ended = True
        self._awaited.give_up()
        self._finish(self, outcome)
