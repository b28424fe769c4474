"""What takes a while and somebody waits for: single files searched, a search's quality measured."""

import logging
from collections import deque
from collections.abc import Callable, Iterator

from core.errors import Code, InglenookError
from core.library.asking_files import search_files
from core.library.desk import Desk
from core.library.evaluation import evaluate
from core.library.loading import Loading
from core.library.reranker import choose_reranker
from core.messages import ChooseReranker, EvaluateRetrieval, Failed, SearchFiles

Errand = SearchFiles | EvaluateRetrieval | ChooseReranker
Steps = Iterator[bool]
_log = logging.getLogger(__name__)


class Errands:
    """One after the other, each a machine of short steps that ends by itself or with Failed.

    A step of False means that there is nothing to do at this moment.
    """

    def __init__(
        self,
        desk: Desk,
        loading: Loading,
        in_words: Callable[[Exception], InglenookError],
    ) -> None:
        self._desk = desk
        self._loading = loading
        self._in_words = in_words
        self._waiting: deque[tuple[str, Steps]] = deque()

    def __bool__(self) -> bool:
        return bool(self._waiting)

    def run(self, request: Errand) -> None:
        """Let an errand wait for its turn; the embedder is loaded when it begins."""
        match request:
            case SearchFiles():
                steps = search_files(request, self._desk)
            case EvaluateRetrieval():
                steps = evaluate(request, self._desk)
            case ChooseReranker():
                steps = choose_reranker(request, self._desk)
        self._loading.begin()
        self._waiting.append((request.request_id, steps))

    def cancel(self, request_id: str) -> None:
        """Leave an errand off; it ends with CANCELLED."""
        for errand in [each for each in self._waiting if each[0] == request_id]:
            self._end(errand, InglenookError(Code.CANCELLED))

    def close(self) -> None:
        """Leave everything off without a word: the process ends."""
        while self._waiting:
            _close(self._waiting.popleft()[1])

    def fail_all(self, error: InglenookError) -> None:
        """End every errand with the same reason."""
        while self._waiting:
            self._end(self._waiting[0], error)

    def advance(self) -> bool:
        """Take one step; return whether the next can follow at once."""
        if not self._loading.over:
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
