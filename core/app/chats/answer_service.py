"""Running answers: one in each chat, several chats at once, one engine for all of them."""

from collections.abc import Callable

from msgspec import structs

from core.app.events.app_events import AnswerEvent, AnswerFailed, AnswerFinished, AnswerStarted
from core.app.models.adapter_service import check_adapters
from core.chat.answering.answer_protocols import AnswerEngine, AnswerSaver, SourceSearch
from core.chat.answering.answer_request import AnswerRequest
from core.chat.answering.answer_run import AnswerRun
from core.messages import EngineEvent, Hello, LibraryEvent, SearchDone
from core.messages import Failed as RequestDied
from core.models.server_registry import is_server_path


class AnswerService:
    """Begins answers, hands each what is heard for it, and ends them.

    An answer that needs another model than the loaded one waits until no answer needs that any
    more; `on_idle` is called when none needs the engine.
    """

    def __init__(
        self,
        library: SourceSearch,
        engine: AnswerEngine,
        emit: Callable[[AnswerEvent], None],
        on_idle: Callable[[], None],
        elsewhere: Callable[[str], AnswerEngine] | None = None,
    ) -> None:
        self._elsewhere = elsewhere
        self._remote: set[str] = set()  # turns that a server answers
        self._library = library
        self._engine = engine
        self._emit = emit
        self._on_idle = on_idle
        self._running: dict[str, AnswerRun] = {}
        self._computing: set[str] = set()  # ids of the answers the library gives way to

    @property
    def turn_ids(self) -> tuple[str, ...]:
        """The turns that are being answered, the first asked first."""
        return tuple(self._running)

    @property
    def uses_engine(self) -> bool:
        """Whether an answer needs the model that is loaded or being loaded."""
        here = (each for turn, each in self._running.items() if turn not in self._remote)
        return any(answer.holds_engine for answer in here)

    def start_answer(
        self, order: AnswerRequest, saving: AnswerSaver, samples: int = 1
    ) -> AnswerStarted:
        """Answer a question, `samples` times at once; the first one's start is returned.

        The answers stand side by side under one question. Those after the first draw other seeds.
        Raises ModelError for an adapter that can't be used, before anything is saved.
        """
        check_adapters(order.adapters, order.model_path)
        first = self._answer(order, saving)
        started = first.start()
        for number in range(1, samples):
            seed = order.sampling.seed
            sampling = structs.replace(
                order.sampling, seed=None if seed is None else (seed + number) % 2**32
            )
            again = structs.replace(order, question=first.draft.question, sampling=sampling)
            self._answer(again, saving).start()
        return started

    def stop_answer(self, turn_id: str | None = None) -> None:
        """Stop an answer, whatever it is doing, or all of them."""
        for answer in list(self._running.values()):
            if turn_id in {None, answer.turn_id}:
                answer.stop()

    def end_answers_in_chat(self, chat_id: str) -> None:
        """End the answers in a chat now; what has come of them is saved."""
        for answer in list(self._running.values()):
            if answer.conversation.chat_id == chat_id:
                answer.close()

    def close(self) -> None:
        """End all answers now; none that waited goes on."""
        running, self._running = self._running, {}
        for answer in running.values():
            answer.close()

    def on_engine_event(self, event: EngineEvent) -> bool:
        """Hand on what the engine said; returns whether an answer had waited for it."""
        if isinstance(event, Hello):
            return False
        awaiting = [each for each in self._running.values() if each.awaits_event(event.request_id)]
        for answer in awaiting:
            answer.on_engine_event(event)
        return bool(awaiting)

    def retry_load(self, request_id: str) -> None:
        """A load has failed, and another try may not: let those who waited for it ask again."""
        for answer in list(self._running.values()):
            if answer.awaits_event(request_id):
                answer.retry_engine(again=True)
        self._start_waiting()

    def stop_waiting_for_load(self, request_id: str) -> None:
        """A load is given up: stop those who waited for it."""
        for answer in list(self._running.values()):
            if answer.awaits_event(request_id):
                answer.stop()

    def on_library_event(self, event: LibraryEvent) -> bool:
        """Hand on what the library said; returns whether an answer had searched for it."""
        if not isinstance(event, SearchDone | RequestDied):
            return False
        for answer in list(self._running.values()):
            if event.request_id and answer.awaits_event(event.request_id):
                answer.on_library_event(event)
                return True
        return False

    def save_due_answers(self) -> None:
        """Save what is due of each."""
        for answer in self._running.values():
            answer.check_deadlines()

    def _answer(self, order: AnswerRequest, saving: AnswerSaver) -> AnswerRun:
        library = _IndexingPauser(self._library, self._computing)
        engine = self._engine
        is_remote = self._elsewhere is not None and is_server_path(order.model_path)
        if self._elsewhere is not None and is_remote:
            engine = self._elsewhere(order.model_path)
        answer = AnswerRun(order, saving, library, engine, self._on_event)
        self._remote |= {answer.turn_id} if is_remote else set()
        library.reader = answer.turn_id
        self._running[answer.turn_id] = answer
        return answer

    def _on_event(self, event: AnswerEvent) -> None:
        is_last = isinstance(event, AnswerFinished | AnswerFailed)
        ended = self._running.pop(event.turn_id, None) if is_last else None
        self._remote -= {event.turn_id} if is_last else set()
        self._emit(event)
        if ended:
            self._start_waiting()

    def _start_waiting(self) -> None:
        """An answer has ended: let those go on that waited for it, the first asked first."""
        for answer in list(self._running.values()):
            answer.retry_engine()
        if not self.uses_engine:
            self._on_idle()


class _IndexingPauser(SourceSearch):
    """The library as one answer sees it; indexing goes on when the last answer has computed."""

    def __init__(self, library: SourceSearch, computing: set[str]) -> None:
        self._library = library
        self._computing = computing
        self.reader = ""

    def search_folders(self, query: str, folder_ids: tuple[str, ...], k: int) -> str:
        return self._library.search_folders(query, folder_ids, k)

    def search_files(self, query: str, paths: tuple[str, ...], k: int, tokens: int) -> str:
        return self._library.search_files(query, paths, k, tokens)

    def cancel(self, request_id: str) -> None:
        self._library.cancel(request_id)

    def pause_indexing(self, *, active: bool) -> None:
        before = bool(self._computing)
        if active:
            self._computing.add(self.reader)
        else:
            self._computing.discard(self.reader)
        if bool(self._computing) != before:
            self._library.pause_indexing(active=bool(self._computing))
