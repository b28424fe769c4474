"""Single files, read on the fly: whole if they are short, else what answers; nothing is kept."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from core.base.errors import ErrorCode, LibraryError
from core.base.paths import Paths
from core.library.embedding.embedder import QueryEmbedder
from core.library.embedding.vector_types import Vectors
from core.library.filesystem.path_encoding import display_name, raw_path_bytes
from core.library.reading.file_reader import FileReadResult
from core.library.search.cross_encoder_reranker import CrossEncoderReranker
from core.library.tasks.picked_file_search import search_picked_files
from core.library.tasks.task_context import TaskContext
from core.library.tasks.temporary_library import TemporaryLibrary
from core.messages import DocumentPage, SearchDone, SearchFiles
from tests.library.conftest import ScriptedEmbedder

TEXTS = {
    "lease.txt": ("The rent is due on the third.", "Repairs up to 110 euros are the tenant's."),
    "washer.txt": ("Error E18 means a blocked drain pump.",),
}


class Reader:
    """Stands in for the extractors: what a file holds is known by its name."""

    def __init__(self) -> None:
        self._waiting: list[FileReadResult] = []

    @property
    def open_files(self) -> int:
        return len(self._waiting)

    def submit_file(self, key: str, path: str) -> None:
        texts = TEXTS.get(Path(path).name)
        if texts is None:
            self._waiting.append(FileReadResult(key, (), ErrorCode.FILE_NO_TEXT, {}))
            return
        pages = tuple(
            DocumentPage(number=n, heading="", text=text) for n, text in enumerate(texts, 1)
        )
        self._waiting.append(FileReadResult(key, pages))

    def poll(self) -> list[FileReadResult]:
        return [self._waiting.pop()]  # the last first: children end when they end

    def stop(self) -> None:
        self._waiting.clear()


@pytest.fixture
def desk(root: Paths) -> Iterator[tuple[Any, list[Any]]]:
    sent: list[Any] = []
    embedder = ScriptedEmbedder()
    with TemporaryLibrary(root, embedder) as library:
        context = TaskContext(
            paths=root,
            records=library.records,
            embedder=embedder,
            searcher=library.new_searcher(),
            new_reader=Reader,  # type: ignore[arg-type] # stands in for the extractors
            open_reranker=CrossEncoderReranker,
            send=sent.append,
            judge=None,
        )
        yield context, sent


def ask(desk: tuple[Any, list[Any]], question: str, *names: str, tokens: int = 0) -> SearchDone:
    paths = [f"/away/{name}" for name in names]
    request = SearchFiles(
        request_id="r",
        query=question,
        paths=tuple(map(display_name, paths)),
        raws=tuple(map(raw_path_bytes, paths)),
        tokens=tokens,
    )
    for _step in search_picked_files(request, desk[0]):
        pass
    answer = desk[1].pop()
    assert isinstance(answer, SearchDone)
    return answer


def test_what_answers_is_found_in_the_file_it_stands_in(desk: Any) -> None:
    hits = ask(desk, "error E18 drain pump", "lease.txt", "washer.txt").hits
    assert (hits[0].file, hits[0].path, hits[0].page) == ("washer.txt", "/away/washer.txt", 1)
    assert [hit.rank for hit in hits] == list(range(1, len(hits) + 1))
    assert not any(hit.whole for hit in hits)


def test_short_files_come_as_a_whole_in_order(desk: Any) -> None:
    hits = ask(desk, "error E18 drain pump", "lease.txt", "washer.txt", tokens=1000).hits
    whole = [(hit.file, hit.page) for hit in hits if hit.whole]
    assert whole == [("lease.txt", 1), ("lease.txt", 2), ("washer.txt", 1)]
    assert hits[3].file == "washer.txt"
    assert not any(hit.whole for hit in ask(desk, "E18", "washer.txt", tokens=3).hits)


def test_where_nothing_answers_the_beginning_does(desk: Any) -> None:
    hits = ask(desk, "quarterly dividend announcement", "lease.txt").hits
    assert [hit.page for hit in hits] == [1, 2]


def test_a_file_that_can_not_be_read_says_why(desk: Any) -> None:
    with pytest.raises(LibraryError) as caught:
        ask(desk, "anything", "lease.txt", "picture.bin")
    assert caught.value.code == ErrorCode.PICKED_FILE
    assert "/away/picture.bin" in caught.value.message


class UnloadedEmbedder(ScriptedEmbedder):
    """Reads questions before it is in memory, as the one that ships does."""

    is_loaded = False
    reads_questions = True

    def embed(self, texts: list[str]) -> Vectors:
        assert self.is_loaded
        return super().embed(texts)

    def embed_few(self, texts: list[str]) -> Vectors:
        return ScriptedEmbedder.embed(self, texts)

    @property
    def query_embedder(self) -> QueryEmbedder:
        return ScriptedEmbedder()


def steps_of(
    desk: tuple[Any, list[Any]], embedder: ScriptedEmbedder, load: Callable[[], bool], name: str
) -> Iterator[bool]:
    context = replace(desk[0], embedder=embedder, load_embedder=load)
    request = SearchFiles(
        request_id="r",
        query="error E18 drain pump",
        paths=(f"/away/{name}",),
        raws=(raw_path_bytes(f"/away/{name}"),),
        tokens=0,
    )
    return search_picked_files(request, context)


def test_a_short_file_is_answered_before_the_embedder_is_there(desk: Any) -> None:
    asked: list[bool] = []

    def load() -> bool:
        asked.append(True)
        return False

    assert all(steps_of(desk, UnloadedEmbedder(), load, "washer.txt"))
    assert desk[1].pop().hits[0].file == "washer.txt"
    assert not asked, "which takes seconds"


def test_a_long_file_waits_for_the_embedder_that_is_loaded_meanwhile(
    desk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    rents = " ".join(f"The rent of flat {number} is due on the third." for number in range(1200))
    monkeypatch.setitem(TEXTS, "long.txt", (f"Error E18: a blocked drain pump. {rents}",))
    embedder = UnloadedEmbedder()
    waited = 0
    for goes_on in steps_of(desk, embedder, lambda: embedder.is_loaded, "long.txt"):
        waited += not goes_on
        embedder.is_loaded |= waited == 3
    assert waited == 3
    assert desk[1].pop().hits[0].file == "long.txt"
