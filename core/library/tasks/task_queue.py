"""Task queue: searches of single files, evaluations and reranker changes, one after the other."""

import logging
from collections import deque
from collections.abc import Callable, Iterator

from core.base.errors import ErrorCode, InglenookError
from core.library.embedding.embedder_loader import EmbedderLoader
from core.library.tasks.picked_file_search import search_picked_files
from core.library.tasks.reranker_switch import switch_reranker
from core.library.tasks.retrieval_evaluation import evaluate_retrieval
from core.library.tasks.task_context import TaskContext
from core.messages import ChooseReranker, EvaluateRetrieval, Failed, SearchFiles

LibraryTask = SearchFiles | EvaluateRetrieval | ChooseReranker
Steps = Iterator[bool]
_log = logging.getLogger(__name__)


class LibraryTaskQueue:
    """One after the other, each a machine of short steps that ends by itself or with Failed.

    A step of False means that there is nothing to do at this moment.
    """

    def __init__(
        self,
        desk: TaskContext,
        loading: EmbedderLoader,
        in_words: Callable[[Exception], InglenookError],
    ) -> None:
        self._desk = desk
        self._loading = loading
        self._in_words = in_words
        self._waiting: deque[tuple[str, Steps]] = deque()

    def __bool__(self) -> bool:
        return bool(self._waiting)

    def add_task(self, request: LibraryTask) -> None:
        """Let an errand wait for its turn; the embedder is loaded when it begins."""
        match request:
            case SearchFiles():
                steps = search_picked_files(request, self._desk)
            case EvaluateRetrieval():
                steps = evaluate_retrieval(request, self._desk)
            case ChooseReranker():
                steps = switch_reranker(request, self._desk)
        self._loading.start_loading()
        self._waiting.append((request.request_id, steps))

    def cancel(self, request_id: str) -> None:
        """Leave an errand off; it ends with CANCELLED."""
        for errand in [each for each in self._waiting if each[0] == request_id]:
            self._end(errand, InglenookError(ErrorCode.CANCELLED))

    def close(self) -> None:
        """Leave everything off without a word: the process ends."""
        while self._waiting:
            _close(self._waiting.popleft()[1])

    def fail_all_tasks(self, error: InglenookError) -> None:
        """End every errand with the same reason."""
        while self._waiting:
            self._end(self._waiting[0], error)

    def run_task_step(self) -> bool:
        """Take one step; return whether the next can follow at once."""
        if not self._loading.is_finished:
            return False
        errand = self._waiting[0]
        try:
            if self._loading.error:
                raise self._loading.error
            going_on = next(errand[1], _ENDED)
        except Exception as error:  # noqa: BLE001 - the border: an errand never ends the child
            _log.exception("an errand failed")
            self._end(errand, self._in_words(error))
            return True
        if going_on is _ENDED:
            self._waiting.remove(errand)
        return going_on is not False

    def _end(self, errand: tuple[str, Steps], error: InglenookError) -> None:
        self._waiting.remove(errand)
        _close(errand[1])
        self._desk.send(Failed(request_id=errand[0], code=error.code, facts=error.facts))


def _close(steps: Steps) -> None:
    close = getattr(steps, "close", None)
    if close:
        close()


_ENDED = object()
