"""Searches that wait for no model, and when it is loaded after all."""

from collections.abc import Sequence
from typing import cast

import msgspec

from core.base.errors import ErrorCode, LibraryError
from core.library.embedding.embedder_loader import EmbedderLoader, IdleLoading
from core.library.search.searcher import JudgedHits, Searcher
from core.library.serving.search_queue import SearchQueue
from core.messages import (
    EmbedTexts,
    Failed,
    SearchDone,
    SearchFilters,
    SearchFolders,
    SearchVerdict,
)
from tests.library.conftest import ScriptedEmbedder
from tests.waiting import wait_for


class UnloadableEmbedder(ScriptedEmbedder):
    """Reads questions; the model itself can't be loaded."""

    is_loaded = False
    tries = 0

    @property
    def reads_questions(self) -> bool:
        return True

    def load_model(self) -> None:
        """Fail as without torch."""
        self.tries += 1
        raise RuntimeError("no torch here")


class Clock:
    """A clock that stands still."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


class EmptySearcher:
    """Finds nothing."""

    def search_passages(
        self, _question: str, _folder_ids: Sequence[str], _k: int, _filters: SearchFilters
    ) -> JudgedHits:
        return JudgedHits((), SearchVerdict.NOTHING, 0.0, 0.5)


def test_searches_have_no_model_loaded_and_rests_do() -> None:
    embedder, sent = UnloadableEmbedder(), list[msgspec.Struct]()
    broken = LibraryError(ErrorCode.EMBEDDER_MISSING, path="model")
    loader = EmbedderLoader(embedder, lambda _error: broken)
    searcher = cast("Searcher", EmptySearcher())
    queue = SearchQueue(searcher, loader, sent.append, lambda _error: broken, lambda _folders: 0)
    search = SearchFolders(request_id="search", query="When?")
    queue.add_search(search)
    assert queue.answer_next_search()
    queue.add_search(search)
    assert queue.answer_next_search()
    assert embedder.tries == 0, "questions are read without it"
    clock = Clock()
    idle = IdleLoading(loader, clock)
    assert idle.load_if_due(None) is None
    idle.is_wanted = True
    assert idle.load_if_due(None) == 5
    clock.now += 4
    idle.note_request()
    assert idle.load_if_due(0.5) == 0.5
    assert embedder.tries == 0, "somebody is there"
    clock.now += 5
    assert idle.load_if_due(None) is None
    wait_for(lambda: loader.is_finished)
    assert embedder.tries == 1
    queue.add_search(search)
    queue.add_search(EmbedTexts(request_id="embed", texts=("a",), as_passages=True))
    assert queue.answer_next_search()
    assert [type(each) for each in sent] == [SearchDone] * 3
    assert queue.answer_next_search()
    assert isinstance(sent[-1], Failed), "passages need the model"
