"""Run of a document task, from the question to the saved answer; resumable at each part.

What the model writes of a part is saved at once: after a stop or a kill the same question goes on
where it was, and asked again it costs nothing.
"""

import time
from collections.abc import Callable
from functools import partial
from typing import Any, Protocol

from msgspec import Struct, structs

from core.base.clock import Clock
from core.base.errors import ErrorCode
from core.base.i18n import _
from core.chat.answering.answer_draft import AdoptedAnswer, AnswerDraft, ComposedAnswer
from core.chat.answering.answer_events import AnswerEvent, AnswerStarted
from core.chat.answering.answer_protocols import AnswerEngine, AnswerSaver
from core.chat.answering.answer_request import AnswerRequest
from core.chat.answering.retrieval_context import RetrievalContext
from core.chat.conversations.conversation import AnswerStatistics
from core.chat.store.digest_store import DigestOrigin, digest_key
from core.chat.whole_documents.document_parts import part_budget
from core.chat.whole_documents.document_task import TaskDocument, read_document_task
from core.chat.whole_documents.meant_documents import MeantDocuments, which_document_answer
from core.chat.whole_documents.task_answer import TaskAnswer
from core.chat.whole_documents.task_notes import cancelled_note, finished_note
from core.chat.whole_documents.task_steps import (
    AskModel,
    LoadPassages,
    ReportLine,
    ReportProgress,
    Steps,
    TaskResult,
    TaskStep,
    run_task,
)
from core.chat.whole_documents.working_time import WorkingTime
from core.ipc.awaited_reply import AwaitedReply
from core.ipc.reply import Reply
from core.messages import (
    AnswerChunk,
    AnswerDone,
    Failed,
    Generate,
    ModelLoaded,
    PromptTurn,
    SearchHit,
)


class Digests(Protocol):
    """What a model wrote of parts before."""

    def find_digest(self, key: bytes) -> str | None:
        """Return a text that is known, None for none."""

    def save_digest(self, key: bytes, text: str, origin: DigestOrigin) -> None:
        """Keep a text."""


class TaskDocuments(Protocol):
    """The documents that a question may be about."""

    unread_files: int
    """Files that are still to be read, once the documents are listed (see SearchDone)."""

    def find_documents(self) -> Reply[Any, MeantDocuments]:
        """Ask which are meant."""

    def load_passages(self, document: TaskDocument) -> Reply[Any, tuple[SearchHit, ...]]:
        """Ask for the passages of one, in reading order."""


class TaskTools(Struct, frozen=True):
    """What a task works with."""

    engine: AnswerEngine
    documents: TaskDocuments
    digests: Digests


class DocumentTaskRun:
    """One task over documents. It holds no thread; replies drive it, one at a time."""

    def __init__(
        self,
        request: AnswerRequest,
        saver: AnswerSaver,
        tools: TaskTools,
        emit: Callable[[AnswerEvent], None],
        clock: Clock = time.monotonic,
    ) -> None:
        self._request = request
        self._tools = tools
        self._task = read_document_task(request.text)
        self._documents: tuple[TaskDocument, ...] = ()
        self._steps: Steps | None = None
        self._answer = TaskAnswer(self._task.kind, several=False)
        self._model: ModelLoaded | None = None
        self._awaited = AwaitedReply()
        self._time = WorkingTime(clock)
        self._statistics = AnswerStatistics(stop="stop")
        self._done = 0
        self._has_ended = self._is_stopped = False
        self._has_engine = self._is_waiting = False
        self.is_computing = False
        """Whether the model computes for it."""
        self.draft = AnswerDraft(request, RetrievalContext(request), saver, emit, clock)
        """Its turns, and the chat with them, as they are by now."""
        self.turn_id = self.draft.turn.turn_id
        """The id of the answer's turn."""

    @property
    def holds_engine(self) -> bool:
        """Whether it needs the model that is loaded or being loaded now."""
        return self._has_engine and not self._has_ended

    def start(self) -> AnswerStarted:
        """Save the question and ask which documents there are."""
        started = self.draft.start()
        if not self._has_ended:  # by who heard of the start
            self.draft.emit_stage("searching")
            self._wait_for(self._tools.documents.find_documents(), self._on_documents)
        return started

    def stop(self, instead: AdoptedAnswer | None = None) -> None:
        """End with what is done so far; an earlier answer never stands `instead`."""
        if self._has_ended or instead is not None:
            return
        self._is_stopped = True
        if self.is_computing:
            self._awaited.cancel()
        else:
            self._finish(TaskResult())

    def close(self) -> None:
        """End now, without waiting for the engine."""
        self.stop()
        if not self._has_ended:
            self._finish(TaskResult())

    def check_deadlines(self) -> None:
        """Save what is due; to be called often."""
        self.draft.save_if_due()

    def retry_engine(self) -> None:
        """Another answer has ended: ask for the engine again if this one waits for it."""
        if self._is_waiting:
            self._prepare_model()

    # ------------------------------------------------------------ before the first step

    def _on_documents(self, meant: MeantDocuments) -> None:
        documents = self._documents = meant.documents
        self._answer = TaskAnswer(self._task.kind, several=len(documents) > 1)
        if documents:
            self._prepare_model()
        elif meant.nearest:
            self._end()
            answer = which_document_answer(self._request.text, meant, self._cost())
            self.draft.adopt_answer(answer)
        else:
            self._end()
            text = _("There is no document to go through yet.")
            self.draft.adopt_answer(ComposedAnswer(text=text, statistics=self._cost()))

    def _prepare_model(self) -> None:
        prepared = self._tools.engine.prepare_model(self._request.model_path)
        self._is_waiting = prepared is None
        self._has_engine = prepared is not None
        if isinstance(prepared, ModelLoaded):
            self._begin(prepared)
        elif prepared is None:
            self.draft.emit_stage("waiting")
        else:
            self.draft.emit_stage("loading")
            self._wait_for(prepared, self._begin)

    def _begin(self, model: ModelLoaded | AnswerDone) -> None:
        if isinstance(model, AnswerDone):  # its load was cancelled
            self._is_stopped = True
            self._finish(TaskResult())
            return
        self._model = model
        words = sum(each.words for each in self._documents)
        self._time.expect_documents(len(self._documents), words)
        budget = part_budget(model.context)
        self._steps = run_task(self._task, self._documents, budget)
        self._report(ReportProgress(documents=0, words=0))
        self._advance(None)

    # ------------------------------------------------------------ steps

    def _advance(self, value: object) -> None:
        """Take steps until one has to be waited for; what is known already is sent at once."""
        self.is_computing = False
        while self._steps is not None and not self._has_ended:
            if self._is_stopped:
                self._finish(TaskResult())
                return
            try:
                step = self._steps.send(value)
            except StopIteration as ended:
                self._finish(ended.value)
                return
            value = self._take(step)
            if value is _WAITING:
                return

    def _take(self, step: TaskStep) -> object:
        """Take one step; return what the task is sent, or _WAITING for a reply."""
        match step:
            case ReportProgress():
                self._report(step)
            case ReportLine():
                self.draft.add_text(self._answer.add_line(step))
            case LoadPassages():
                self._wait_for(self._tools.documents.load_passages(step.document), self._advance)
                return _WAITING
            case AskModel():
                key = _key(self._request, self._model, step)
                known = self._tools.digests.find_digest(key)
                if known is not None:
                    return known
                self._ask(step, key)
                return _WAITING
        return None

    def _report(self, step: ReportProgress) -> None:
        self._done = step.documents
        total = len(self._documents)
        if self._done == total:
            self.draft.emit_stage("joining")
            return
        left = self._time.seconds_left(step.documents, step.words)
        self.draft.emit_stage("documents", self._done, total=total, seconds_left=left)

    def _ask(self, step: AskModel, key: bytes) -> None:
        self.is_computing = True
        request = self._request
        reply = self._tools.engine.start_generation(
            Generate(
                request_id=f"{self.turn_id} {key.hex()[:16]}",
                turns=(PromptTurn(role="user", text=step.prompt, plain=step.prompt),),
                sampling=structs.replace(
                    request.sampling, temperature=0.0, grammar="", json_schema="", stop=()
                ),
                max_tokens=step.max_tokens,
                adapters=request.adapters,
                drafting=request.drafting,
            )
        )
        if step.is_shown:
            reply.on_progress(partial(_show, self.draft))
        self._awaited.wait_for(reply)
        self._time.start_part()
        reply.on_done(partial(self._on_part_done, step, key))
        reply.on_error(self._on_failed)

    def _on_part_done(self, step: AskModel, key: bytes, done: AnswerDone) -> None:
        self._time.end_part()
        self._statistics = _added(self._statistics, done)
        if done.stop == "cancelled" or self._is_stopped:
            self._is_stopped = True
            shown = TaskResult(text=done.text) if step.is_shown else TaskResult()
            self._finish(shown)
            return
        origin = DigestOrigin()
        if step.document is not None:
            hits = step.document.hits[:1]
            content_hash = step.document.content_hash or (hits[0].content_hash if hits else "")
            origin = DigestOrigin(step.document.folder_id, content_hash)
        self._tools.digests.save_digest(key, done.text, origin)
        self._advance(done.text)

    # ------------------------------------------------------------ the end

    def _on_failed(self, failed: Failed) -> None:
        """End in a problem, unless it was stopped or a part only is too long."""
        if self._is_stopped:
            self._finish(TaskResult())
        elif failed.code == ErrorCode.PROMPT_TOO_LONG and self.is_computing:
            self._advance(None)
        else:
            self._end()
            self.draft.fail_answer(failed, "")

    def _finish(self, result: TaskResult) -> None:
        """End with a result, or with what is done so far."""
        self._end()
        model, total = self._model, len(self._documents)
        composed = self._answer.compose(
            result, self._request.model, model.fingerprint if model else ""
        )
        stop = "cancelled" if self._is_stopped else "stop"
        self.draft.adopt_answer(
            structs.replace(
                composed,
                statistics=structs.replace(
                    self._cost(), stop=stop, context=model.context if model else 0
                ),
                note=cancelled_note(self._done, total)
                if self._is_stopped
                else finished_note(total),
            )
        )

    def _cost(self) -> AnswerStatistics:
        """Return what it took, and how many files could not be gone through yet."""
        return structs.replace(self._statistics, unread_files=self._tools.documents.unread_files)

    def _wait_for(self, reply: Reply[Any, Any], then: Callable[[Any], object]) -> None:
        self._awaited.wait_for(reply).on_done(then).on_error(self._on_failed)

    def _end(self) -> None:
        self._has_ended = True
        self.is_computing = False
        self._awaited.give_up()


_WAITING = object()
"""Sent to nobody: a reply has to come first."""


def _show(draft: AnswerDraft, event: object) -> None:
    """Show what is written of a result while it is."""
    if isinstance(event, AnswerChunk):
        draft.add_text(event.text)


def _added(before: AnswerStatistics, done: AnswerDone) -> AnswerStatistics:
    """Return the statistics with one more part."""
    return structs.replace(
        before,
        prompt_tokens=before.prompt_tokens + done.prompt_tokens,
        completion_tokens=before.completion_tokens + done.completion_tokens,
        thinking_tokens=before.thinking_tokens + done.thinking_tokens,
        tokens_per_second=done.tokens_per_second,
    )


def _key(request: AnswerRequest, model: ModelLoaded | None, step: AskModel) -> bytes:
    """Return the key of all that the text of a step depends on."""
    settings = (request.sampling, request.adapters, step.max_tokens)
    return digest_key(model.fingerprint if model else "", repr(settings), step.prompt)
