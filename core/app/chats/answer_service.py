"""Running answers: one in each chat, several chats at once, one engine for all of them."""

import functools
from collections.abc import Callable
from typing import Any, NamedTuple

from msgspec import structs

from core.app.chats.answer_cache_service import AnswerCacheService
from core.app.chats.past_reader import PastReader
from core.app.chats.question_documents import QuestionDocuments
from core.app.events.app_events import (
    AnswerChecked,
    AnswerEvent,
    AnswerFailed,
    AnswerFinished,
    AnswerStarted,
    AppEvent,
    ChatsChanged,
)
from core.app.judging.chat_judge import ChatJudge
from core.app.judging.statement_judges import StatementJudges
from core.app.loading.model_load_service import ModelLoadService
from core.app.models.adapter_service import check_adapters
from core.chat.answering.answer_protocols import AnswerEngine, AnswerSaver
from core.chat.answering.answer_request import AnswerRequest, DocumentUse
from core.chat.answering.answer_run import AnswerRun
from core.chat.answering.refusal_text import APP_NAME
from core.chat.answering.retrieval_context import understood_intent
from core.chat.answering.running_answers import AnswerUnderWay, RunningAnswers
from core.chat.consensus.consensus_run import ConsensusRun
from core.chat.consensus.shared_search import SharedSearch
from core.chat.conversations.assurance import SentenceCheck
from core.chat.conversations.tool_calls import CallDecision
from core.chat.intent.library_question import LibraryQuestion
from core.chat.intent.message_intent import Intent, library_question
from core.chat.library_answers.library_run import LibraryRun
from core.chat.store.digest_store import NoDigests
from core.chat.store.temporary_chats import TemporaryChats
from core.chat.tools.sum_reading import ParsedSum, read_sum
from core.chat.tools.sum_run import SumRun
from core.chat.tools.tool_box import ToolBox
from core.chat.tools.tool_run import ToolRun
from core.chat.verification.verification_run import CheckedTurn, VerificationRun
from core.chat.whole_documents.document_task_run import DocumentTaskRun, TaskTools
from core.ipc.reply import Reply
from core.library.client.library_client import LibraryClient
from core.messages import SearchDone
from core.models.server_registry import is_server_path


def search_sources(
    library: LibraryClient, request: AnswerRequest, query: str, passages: int, tokens: int
) -> Reply[Any, SearchDone]:
    """Search the single files, else the folders, that a question is asked about.

    At most so many `passages` are found; files of at most `tokens` together come as a whole.
    """
    if request.files:
        return library.search_files(query, request.files, passages, tokens)
    return library.search_folders(query, request.folder_ids, passages)


def library_question_of(request: AnswerRequest) -> LibraryQuestion | None:
    """Return what a request asks about the library itself, None if it asks anything else."""
    return library_question(request.text) if _intent(request) is Intent.LIBRARY else None


def is_document_task(request: AnswerRequest) -> bool:
    """Whether a request is a task over whole documents."""
    return _intent(request) is Intent.WHOLE


def _intent(request: AnswerRequest) -> Intent | None:
    """Return the intent of a new question to documents, None for any other."""
    is_left_alone = request.document_use is DocumentUse.NONE or request.begun is not None
    return None if is_left_alone or not request.is_grounded else understood_intent(request)


def sum_of(request: AnswerRequest) -> ParsedSum | None:
    """Return the sum that a new question is and nothing else; None where a model is wanted.

    That is so for one more answer to an earlier question, too.
    """
    is_plain = request.document_use in {DocumentUse.AUTO, DocumentUse.NONE}
    is_new = request.question is None and request.begun is None
    return read_sum(request.text) if is_plain and is_new and not request.agree else None


class AnswerDependencies(NamedTuple):
    """What answers draw on beside their model: earlier answers, the model as a judge, tools.

    `past` reads ahead for the next question; `call_soon` calls a function when the call that starts
    an answer has returned.
    """

    cache: AnswerCacheService
    judge: ChatJudge
    tools: ToolBox
    past: PastReader
    call_soon: Callable[[Callable[[], object]], object]


class AnswerService:
    """Starts and ends answers, and slows indexing down while a model computes for one of them.

    An answer that needs another model than the loaded one waits until no answer needs that any
    more.
    """

    def __init__(
        self,
        running: RunningAnswers,
        library: LibraryClient,
        loading: ModelLoadService,
        engine_for: Callable[[str], AnswerEngine],
        dependencies: AnswerDependencies,
        emit: Callable[[AppEvent], None],
    ) -> None:
        """`engine_for` returns who answers with the model at a path, for who asks now."""
        self._cache, self._judge, self._tools, self._past, self._call_soon = dependencies
        self._running = running
        self._library = library
        self._loading = loading
        self._engine_for = engine_for
        self._emit = emit
        self._is_indexing_throttled = False

    def start_answer(
        self, request: AnswerRequest, saver: AnswerSaver, samples: int = 1
    ) -> AnswerStarted:
        """Answer a question, `samples` times at once; the first one's start is returned.

        The answers stand side by side under one question, those of a request to `agree` become one.
        Those after the first draw other seeds. Raises ModelError for an adapter that can't be used,
        before anything is saved.
        """
        asked = sum_of(request) if samples == 1 else None
        if asked is not None:
            return self._start_sum(request, asked, saver)
        if request.uses_tools:
            check_adapters(request.adapters, request.model_path)
            return self._start_with_tools(request, saver)
        question = library_question_of(request)
        if question is not None:
            return self._start_library_answer(request, question, saver)
        check_adapters(request.adapters, request.model_path)
        if is_document_task(request):
            return self._start_document_task(request, saver)
        if request.agree:
            return self._start_consensus(request, saver, samples)
        is_cached = samples == 1 and not isinstance(saver, TemporaryChats)
        lookup = self._cache.start_lookup(request) if is_cached else None
        first = self._add_answer(request, saver)
        if lookup is not None:
            self._cache.follow_answer(lookup, first)
        started = first.start()
        for number in range(1, samples):
            seed = request.sampling.seed
            sampling = structs.replace(
                request.sampling, seed=None if seed is None else (seed + number) % 2**32
            )
            again = structs.replace(request, question=first.draft.question, sampling=sampling)
            self._add_answer(again, saver).start()
        return started

    def start_verification(
        self,
        checked: CheckedTurn,
        model_path: str,
        save: Callable[[tuple[SentenceCheck, ...]], None],
    ) -> None:
        """Check the doubtful sentences of an answer, with a model, in the folders of its chat."""
        folder_ids = checked.conversation.folder_ids

        def search(query: str, passages: int, _tokens: int) -> Reply[Any, SearchDone]:
            return self._library.search_folders(query, folder_ids, passages)

        run = VerificationRun(
            checked, model_path, search, self._engine_for(model_path), save, self._on_event
        )
        self._running.add_answer(run, is_remote=is_server_path(model_path))
        run.start()

    def stop_answer(self, turn_id: str | None = None) -> None:
        """Stop an answer, whatever it is doing, or all of them."""
        for run in self._running:
            if turn_id in {None, run.turn_id}:
                run.stop()

    def end_answers_in_chat(self, chat_id: str) -> None:
        """End the answers in a chat now; what has come of them is saved."""
        for run in self._running:
            if run.draft.conversation.chat_id == chat_id:
                run.close()

    def add_outside_answer(self, run: AnswerUnderWay) -> None:
        """Count an answer for another program, which needs the engine as those in chats do."""
        self._running.add_answer(run, is_remote=False)

    def end_outside_answer(self, run: AnswerUnderWay) -> None:
        """Count it no more; answers that waited for the engine may go on."""
        if self._running.remove_answer(run.turn_id):
            self.update_indexing()
            self._start_waiting_answers()

    def close(self) -> None:
        """End all answers now; none that waited goes on."""
        for run in self._running.remove_all_answers():
            run.close()

    def save_due_answers(self) -> None:
        """Save what is due of each; to be called often."""
        for run in self._running:
            run.check_deadlines()

    def decide_call(self, turn_id: str, n: int, decision: CallDecision) -> None:
        """Tell an answer the person's word on a call that asks; a late one changes nothing.

        Raises StorageError where “always” can't be kept.
        """
        for run in self._running:
            if run.turn_id == turn_id and isinstance(run, ToolRun):
                run.decide_call(n, decision)

    def _start_with_tools(self, request: AnswerRequest, saver: AnswerSaver) -> AnswerStarted:
        """Answer once, with tools; such an answer is never given again for another question."""
        run = ToolRun(
            request,
            saver,
            self._engine_for(request.model_path),
            self._tools,
            self._on_event,
            judge=StatementJudges(self._library, self._judge),
        )
        self._running.add_answer(run, is_remote=False)
        return run.start()

    def _start_sum(
        self, request: AnswerRequest, asked: ParsedSum, saver: AnswerSaver
    ) -> AnswerStarted:
        """Compute it: small models are often wrong, and none has to be loaded."""
        signed = structs.replace(request, model=APP_NAME)
        run = SumRun(signed, asked, saver, self._call_soon, self._on_event)
        self._running.add_answer(run, is_remote=False)
        return run.start()

    def _start_library_answer(
        self, request: AnswerRequest, question: LibraryQuestion, saver: AnswerSaver
    ) -> AnswerStarted:
        """Answer by the library's records: at once, once, and without a model."""
        signed = structs.replace(request, model=APP_NAME)
        run = LibraryRun(signed, question, saver, self._library.send, self._on_event)
        self._running.add_answer(run, is_remote=False)
        return run.start()

    def _start_document_task(self, request: AnswerRequest, saver: AnswerSaver) -> AnswerStarted:
        """Go through whole documents, once; nothing is kept of what a temporary chat reads."""
        is_saved = not isinstance(saver, TemporaryChats)
        tools = TaskTools(
            self._engine_for(request.model_path),
            QuestionDocuments(self._library, request),
            self._cache.digests if is_saved else NoDigests(),
        )
        run = DocumentTaskRun(request, saver, tools, self._on_event)
        self._running.add_answer(run, is_remote=is_server_path(request.model_path))
        return run.start()

    def _start_consensus(
        self, request: AnswerRequest, saver: AnswerSaver, samples: int
    ) -> AnswerStarted:
        engine = self._engine_for(request.model_path)
        search = SharedSearch(functools.partial(self._search, request))

        def make_run(
            sample: AnswerRequest, nowhere: AnswerSaver, emit: Callable[[AnswerEvent], None]
        ) -> AnswerRun:
            return AnswerRun(sample, nowhere, search, engine, emit)

        run = ConsensusRun(
            request, samples, saver, make_run, self._library.embed_texts, self._on_event
        )
        self._running.add_answer(run, is_remote=is_server_path(request.model_path))
        return run.start()

    def _add_answer(self, request: AnswerRequest, saver: AnswerSaver) -> AnswerRun:
        search = functools.partial(self._search, request)
        run = AnswerRun(
            request,
            saver,
            search,
            self._engine_for(request.model_path),
            self._on_event,
            judge=StatementJudges(self._library, self._judge),
        )
        self._running.add_answer(run, is_remote=is_server_path(request.model_path))
        self._past.follow_answer(request, run.turn_id)
        return run

    def _search(
        self, request: AnswerRequest, query: str, passages: int, tokens: int
    ) -> Reply[Any, SearchDone]:
        """Search; whether folders answer the question is judged by an able model as well."""
        found = search_sources(self._library, request, query, passages, tokens)
        if request.files:  # they are read in any case
            return found
        return found.then(functools.partial(self._judge.judge_search, query, request.model_path))

    def _on_event(self, event: AnswerEvent) -> None:
        has_ended = isinstance(event, AnswerFinished | AnswerFailed)
        if isinstance(event, AnswerChecked):
            has_ended = event.has_ended
        was_running = has_ended and self._running.remove_answer(event.turn_id)
        self.update_indexing()
        self._emit(event)
        if isinstance(event, AnswerStarted):
            self._cache.repeat_answer(event.turn_id)
        if has_ended or isinstance(event, AnswerStarted):
            self._emit(ChatsChanged())
        if was_running:
            self._start_waiting_answers()

    def update_indexing(self) -> None:
        """Slow indexing down while a model computes."""
        is_computing = self._running.is_computing
        if is_computing != self._is_indexing_throttled:
            self._is_indexing_throttled = is_computing
            self._library.throttle_indexing(active=is_computing)

    def _start_waiting_answers(self) -> None:
        """An answer has ended: start those that waited for it, the first asked first."""
        for run in self._running:
            run.retry_engine()
        if not self._running.uses_engine:
            self._loading.load_pending_model()
