"""Past reader: what the next question of a chat begins with is read before it is asked."""

import contextlib
from collections.abc import Callable

import apsw
from msgspec import structs

from core.app.chats.chat_stores import ChatStores
from core.app.events.app_events import (
    AnswerFailed,
    AnswerFinished,
    AnswerStarted,
    AnswerSummarised,
    AppEvent,
)
from core.app.loading.model_load_service import ModelLoadService
from core.base.errors import ErrorCode, InglenookError
from core.chat.answering.answer_request import AnswerRequest, add_question_and_answer
from core.chat.answering.generate_requests import GenerateRequests
from core.chat.answering.retrieval_context import RetrievalContext
from core.chat.answering.running_answers import RunningAnswers
from core.chat.conversations.conversation import Conversation
from core.engine.client.engine_client import EngineClient
from core.ipc.awaited_reply import AwaitedReply
from core.ipc.client import new_request_id
from core.messages import AnswerDone, Failed, ReadAhead
from core.models.server_registry import is_server_path

ANY_QUESTION = "?"
"""Stands for the question that will be asked."""


class PastReader:
    """Listens to the application's events: after an answer, the engine reads ahead.

    Mostly there is nothing to read, since the answer was computed from all of it. But a past that
    was shortened is read anew, and one that is full is summed up first, as it would be for the next
    question. Once for each answer, while no answer needs the engine, with the model that is loaded
    here; whatever is asked meanwhile goes first.
    """

    def __init__(
        self,
        engine: EngineClient,
        loading: ModelLoadService,
        running: RunningAnswers,
        stores: ChatStores,
        emit: Callable[[AppEvent], None],
    ) -> None:
        self._engine = engine
        self._loading = loading
        self._running = running
        self._stores = stores
        self._emit = emit
        self._followed: dict[str, AnswerRequest] = {}  # by the turns of running answers
        self._due: AnswerRequest | None = None
        self._awaited = AwaitedReply()
        self._requests: GenerateRequests | None = None  # while it is at work
        self.is_enabled = False
        """Set by a front end that stays, as a window does: a single command asks nothing more."""

    def follow_answer(self, request: AnswerRequest, turn_id: str) -> None:
        """Note how an answer was asked for; the next question will be asked like it."""
        if self.is_enabled and not is_server_path(request.model_path):
            self._followed[turn_id] = request

    def on_app_event(self, event: AppEvent) -> None:
        """Begin again after each answer, and make way for the next one."""
        match event:
            case AnswerStarted():
                self.pause_for_answer()
            case AnswerFinished():
                self._due = self._followed.pop(event.turn_id, None)
            case AnswerFailed():
                self._followed.pop(event.turn_id, None)
            case _:
                pass

    def pause_for_answer(self) -> None:
        """Cancel what is written or asked for: the engine is needed for an answer."""
        self._due = self._requests = None
        self._awaited.cancel()
        self._awaited.give_up()

    def read_when_idle(self) -> None:
        """Begin if an answer has ended and nothing needs the engine; to be called often."""
        if self._due is None or self._running.turn_ids:
            return
        request, self._due = self._due, None
        loaded = self._loading.loaded_model(request.model_path)
        if loaded is None:
            return
        with contextlib.suppress(InglenookError, apsw.Error):  # deleted meanwhile, or unreadable
            before = self._load_chat(request)
            asked = structs.replace(
                request, conversation=before, text=ANY_QUESTION, question=None, begun=None
            )
            self._requests = GenerateRequests(asked, RetrievalContext(asked))
            self._expect_question(asked, loaded.fingerprint)

    def _load_chat(self, request: AnswerRequest) -> Conversation:
        """Return the chat as it is by now. Raises StorageError."""
        chat_id = request.conversation.chat_id
        return self._stores.store_of_chat(chat_id).load_conversation(chat_id)

    def _expect_question(self, asked: AnswerRequest, fingerprint: str) -> None:
        if self._requests is None:
            return
        conversation, _question, answer = add_question_and_answer(asked)
        question = self._requests.answer_request(conversation, answer.turn_id, fingerprint)
        ahead = ReadAhead(request_id=new_request_id(), question=question)
        reply = self._awaited.wait_for(self._engine.send(ahead))
        reply.on_error(lambda failed: self._sum_up(asked, fingerprint, failed))

    def _sum_up(self, asked: AnswerRequest, fingerprint: str, failed: Failed) -> None:
        """Have early turns summed up if that is why the past can't be read."""
        requests = self._requests
        is_full = failed.code == ErrorCode.CONTEXT_FULL
        if requests is None or not is_full or not requests.summarises_when_full:
            return
        summary = requests.early_summary_request(failed)
        if summary is None:  # nothing is left to sum up: the next question leaves it out
            return
        reply = self._awaited.wait_for(self._loading.start_generation(summary))
        reply.on_done(lambda done: self._on_summary(asked, fingerprint, done))

    def _on_summary(self, asked: AnswerRequest, fingerprint: str, done: AnswerDone) -> None:
        if self._requests is None or done.stop == "cancelled":
            return
        before = asked.conversation
        summary = self._requests.finish_summary(done, before)
        if summary is None:
            return
        with contextlib.suppress(InglenookError, apsw.Error):
            kept = self._load_chat(asked).with_summary(summary)
            self._stores.store_of_chat(kept.chat_id).save_turns(kept)
            self._emit(
                AnswerSummarised(
                    chat_id=before.chat_id, turn_id=before.leaf_id or "", summary=summary
                )
            )
            self._expect_question(structs.replace(asked, conversation=kept), fingerprint)
