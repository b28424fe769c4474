"""Reranker switch: another reranker is loaded and timed beside everything else, then used."""

import threading
from collections.abc import Iterator
from pathlib import Path

from core.base.errors import LibraryError
from core.library.search.reranker import LoadableReranker
from core.library.tasks.task_context import TaskContext
from core.messages import RerankerChosen


def switch_reranker(request_id: str, path: str, context: TaskContext) -> Iterator[bool]:
    """Load a reranker and use it if it is fast enough; send RerankerChosen; yields while it waits.

    Raises LibraryError for a folder that can't be used; then none is used.
    """
    context.searcher.reranker = None
    if not path:
        _send_if_requested(context, RerankerChosen(request_id=request_id, path=""))
        return
    reranker = context.open_reranker(Path(path))
    failures: list[LibraryError] = []
    loading = threading.Thread(target=_load, args=(reranker, failures), daemon=True)
    loading.start()
    while loading.is_alive():
        yield False
    if failures:
        raise failures[0]
    if reranker.is_fast_enough:
        context.searcher.reranker = reranker
    chosen = RerankerChosen(
        request_id=request_id,
        path=path,
        milliseconds=reranker.milliseconds,
        used=reranker.is_fast_enough,
    )
    _send_if_requested(context, chosen)


def _load(reranker: LoadableReranker, failures: list[LibraryError]) -> None:
    """Runs on a thread of its own."""
    try:
        reranker.load_model()
    except LibraryError as error:
        failures.append(error)


def _send_if_requested(context: TaskContext, chosen: RerankerChosen) -> None:
    if chosen.request_id:  # at the start nobody asked
        context.send(chosen)
