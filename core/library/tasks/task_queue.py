"""Task queue: searches of single files, judging, evaluations, one after the other."""

import logging
from collections import deque
from collections.abc import Callable, Iterator
from typing import NamedTuple

from core.base.errors import ErrorCode, InglenookError
from core.library.embedding.embedder_loader import EmbedderLoader
from core.library.folder_test.folder_evaluation import FolderEvaluator
from core.library.tasks.judging_steps import judge_passages, judge_statements
from core.library.tasks.picked_file_search import search_picked_files
from core.library.tasks.reranker_switch import switch_reranker
from core.library.tasks.retrieval_evaluation import evaluate_retrieval
from core.library.tasks.similarity_scoring import score_similarity
from core.library.tasks.task_context import TaskContext
from core.messages import (
    ChooseReranker,
    EvaluateFolder,
    EvaluateRetrieval,
    Failed,
    JudgePassages,
    JudgeStatements,
    ScoreSimilarity,
    SearchFiles,
    SearchHit,
)

LibraryTask = (
    SearchFiles
    | JudgeStatements
    | JudgePassages
    | EvaluateRetrieval
    | EvaluateFolder
    | ScoreSimilarity
    | ChooseReranker
)
_WITHOUT_MODEL = (SearchFiles, JudgeStatements, JudgePassages, ChooseReranker)
"""What begins without the embedder: words of short files are soon embedded, and judge and reranker
read by themselves. Loading it takes seconds, for which the marks of an answer would wait."""
Steps = Iterator[bool]
"""Short steps of one task; False: there is nothing to do at this moment."""
_log = logging.getLogger(__name__)


class _Task(NamedTuple):
    """A request and the steps that answer it; `needs_model`: the first waits for the embedder."""

    request_id: str
    steps: Steps
    needs_model: bool


class LibraryTaskQueue:
    """Runs one task after the other, in short steps; each sends its result, or ends with Failed."""

    def __init__(
        self,
        context: TaskContext,
        embedder_loader: EmbedderLoader,
        convert_error: Callable[[Exception], InglenookError],
    ) -> None:
        self._context = context
        self._embedder_loader = embedder_loader
        self._convert_error = convert_error
        self._waiting: deque[_Task] = deque()

    def __bool__(self) -> bool:
        return bool(self._waiting)

    def add_task(self, request: LibraryTask) -> None:
        """Queue a task; most have the embedder loaded, and wait for it."""
        match request:
            case SearchFiles():
                steps = search_picked_files(request, self._context)
            case JudgeStatements():
                steps = judge_statements(request, self._context)
            case JudgePassages():
                steps = judge_passages(request, self._context)
            case EvaluateRetrieval():
                steps = evaluate_retrieval(request, self._context)
            case EvaluateFolder():
                steps = _evaluate_folder(request, self._context)
            case ScoreSimilarity():
                steps = score_similarity(request, self._context)
            case ChooseReranker():
                steps = switch_reranker(request.request_id, request.path, self._context)
        needs_model = not isinstance(request, _WITHOUT_MODEL)
        if needs_model:
            self._embedder_loader.start_loading()
        self._waiting.append(_Task(request.request_id, steps, needs_model))

    def restore_reranker(self, path: str) -> None:
        """Load the reranker of the settings; there is no answer but a failure."""
        self.add_task(ChooseReranker(request_id="", path=path))

    def cancel(self, request_id: str) -> None:
        """Drop a task, which ends with CANCELLED."""
        for task in [each for each in self._waiting if each.request_id == request_id]:
            self._end(task, InglenookError(ErrorCode.CANCELLED))

    def close(self) -> None:
        """Drop all tasks without an answer: the process ends."""
        while self._waiting:
            _close(self._waiting.popleft().steps)

    def fail_all_tasks(self, error: InglenookError) -> None:
        """End every task with the same reason."""
        while self._waiting:
            self._end(self._waiting[0], error)

    def run_task_step(self) -> bool:
        """Take one step; return whether the next can follow at once."""
        task = self._waiting[0]
        try:
            if task.needs_model and not self._embedder_loader.is_loaded_or_begun():
                return False
            going_on = next(task.steps, _ENDED)
        except Exception as error:  # noqa: BLE001 - the border: a task never ends the child
            _log.exception("a task failed")
            self._end(task, self._convert_error(error))
            return True
        if going_on is _ENDED:
            self._waiting.remove(task)
        return going_on is not False

    def _end(self, task: _Task, error: InglenookError) -> None:
        self._waiting.remove(task)
        _close(task.steps)
        self._context.send(Failed.from_error(task.request_id, error))


def _evaluate_folder(request: EvaluateFolder, context: TaskContext) -> Steps:
    """Ask a folder as a search in it would."""
    searcher = context.searcher

    def search(question: str) -> tuple[SearchHit, ...]:
        return searcher.search_passages(question, (request.folder_id,), request.k).hits

    evaluator = FolderEvaluator(
        context.records,
        request,
        search,
        lambda question, scope: list(searcher.rank_passages(question, scope).scores),
    )
    return evaluator.evaluate_in_steps(context.send)


def _close(steps: Steps) -> None:
    close = getattr(steps, "close", None)
    if close:
        close()


_ENDED = object()
