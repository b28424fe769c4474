"""Scripted children that answer everything by themselves: a command waits for them in `Session`."""

import os
import signal
from pathlib import Path
from typing import Any

import msgspec
from msgspec import structs

from core.base.errors import ErrorCode
from core.messages import (
    AddFolder,
    ChooseEmbedder,
    DocumentPage,
    EmbedderProgress,
    EvaluateFolder,
    EvaluateRetrieval,
    EvaluationProgress,
    FileRead,
    FileSkipped,
    FolderState,
    FolderStatus,
    Generate,
    LibraryDamage,
    LibraryStatus,
    LibraryVerified,
    ListStatus,
    PassageText,
    RankingMetrics,
    ReadFile,
    Request,
    RetrievalEvaluated,
    ScoreSimilarity,
    SearchHit,
    SimilarityScored,
    SyncDone,
    SyncFolder,
    SyncProgress,
    SyncStatistics,
    VerifyLibrary,
)
from tests.fakes.app import FakeChildren
from tests.fakes.engine_child import FakeEngineChild
from tests.fakes.library_child import FakeLibraryChild, folder_evaluated

PASSAGE = "The pear tree was planted in 1931 by Aunt Mathilda."
HIT = SearchHit(
    rank=1,
    passage_id=1,
    section_id=1,
    folder_id="folder-1",
    file="notes/garden.pdf",
    path="/docs/notes/garden.pdf",
    page=3,
    heading="Trees",
    text=PASSAGE,
    section=PASSAGE,
    content_hash="00",
    score=0.91234,
)
SKIPPED = "sub/secret.pdf"
"""The file that every folder skips."""


class AnsweringEngineChild(FakeEngineChild):
    """Answers questions with `pieces`, after `thoughts`.

    Nothing is answered before `samples` questions were asked; then the last one is answered first.
    `dies` ends the child in the middle of each answer, `interrupts` leaves answers unfinished and
    presses Ctrl-C.
    """

    def __init__(self) -> None:
        super().__init__()
        self.pieces: tuple[str, ...] = ("Aunt", " Mathilda", " planted it.")
        self.thoughts: tuple[str, ...] = ()
        self.samples = 1
        self.dies = False
        self.interrupts: signal.Signals | None = None

    def receive(self, request: msgspec.Struct) -> None:
        super().receive(request)
        if isinstance(request, Generate) and len(self.running) == self.samples:
            for request_id in reversed(list(self.running)):
                self._answer(request_id)
            if self.dies:
                self.die()
            if self.interrupts:
                os.kill(os.getpid(), self.interrupts)

    def _answer(self, request_id: str) -> None:
        if self.thoughts:
            self.think(*self.thoughts, request_id=request_id)
        self.write(*self.pieces, request_id=request_id)
        if not (self.dies or self.interrupts):
            self.finish_answer(
                request_id=request_id,
                prompt_tokens=31,
                cached_tokens=7,
                completion_tokens=3,
                tokens_per_second=101.239,
            )


class AnsweringLibraryChild(FakeLibraryChild):
    """Reads each folder at once, with one file of three skipped, and finds `hits`.

    `synced` are changes to the folder that a sync ends with, `damage` what a check of the library
    finds. `pages` and `passages` are in any file; None: no file can be read. Requests of the kinds
    in `deadly` end the child; `said_first` comes unasked before the answer to a kind.
    """

    def __init__(self) -> None:
        super().__init__()
        self.hits = (HIT,)
        self.embedder = "/models/own"
        self.synced: dict[str, Any] = {}
        self.damage: tuple[LibraryDamage, ...] = ()
        self.pages: tuple[DocumentPage, ...] | None = ()
        self.passages: tuple[PassageText, ...] = ()
        self.deadly: set[type[Any]] = set()
        self.moves_to = ""
        """The embedding model that the languages of the texts have chosen."""
        self.said_first: dict[type[Any], tuple[msgspec.Struct, ...]] = {}

    def serve(self, request: Request[Any, Any]) -> None:
        request_id = request.request_id
        if type(request) in self.deadly:
            self.die()
            return
        self.deliver(*self.said_first.get(type(request), ()))
        match request:
            case AddFolder() | SyncFolder():
                self._sync(request)
            case ListStatus() if self.moves_to:
                path, self.moves_to = self.moves_to, ""
                self._change_embedder(ChooseEmbedder(request_id=request_id, path=path))
            case ListStatus():
                self._answer_status(request_id)
            case ChooseEmbedder():
                self._change_embedder(request)
            case VerifyLibrary():
                self.answer(
                    LibraryVerified,
                    request_id,
                    passages=9,
                    vectors=8,
                    findings=self.damage,
                    seconds=0.25,
                )
            case ReadFile():
                self._serve_reading(request)
            case EvaluateRetrieval() | EvaluateFolder() | ScoreSimilarity():
                self._serve_evaluation(request)
            case _:
                super().serve(request)

    def _serve_reading(self, request: ReadFile) -> None:
        if self.pages is None:
            self.fail(ErrorCode.FILE_BROKEN, request.request_id)
            return
        self.answer(
            FileRead,
            request.request_id,
            path=request.path,
            encoding="cp1252",
            seconds=1.25,
            pages=self.pages,
            passages=self.passages,
        )

    def _serve_evaluation(
        self, request: EvaluateRetrieval | EvaluateFolder | ScoreSimilarity
    ) -> None:
        request_id = request.request_id
        if isinstance(request, EvaluateRetrieval):
            self._evaluate(request)
        elif isinstance(request, ScoreSimilarity):
            scores = (0.5,) * len(request.pairs)
            self.answer(SimilarityScored, request_id, scores=scores, model="own")
        else:
            progress = EvaluationProgress(
                request_id=request_id, step="asking", done=1, total=request.questions
            )
            self.deliver(progress, folder_evaluated(request))

    def _sync(self, request: AddFolder | SyncFolder) -> None:
        if not self._path(request).is_dir():
            shown = request.path if isinstance(request, AddFolder) else str(self._path(request))
            self.fail(ErrorCode.FOLDER_GONE, request.request_id, path=shown)
            return
        super().serve(request)
        self.report_sync(1, 3)
        folder_id = self._folder_id(request)
        self.skipped[folder_id] = (
            FileSkipped(
                request_id="", folder_id=folder_id, file=SKIPPED, code=ErrorCode.FILE_ENCRYPTED
            ),
        )
        self.finish_sync(**{"files": 3, "indexed": 2, "skipped": 1, "passages": 9, **self.synced})

    def _path(self, request: AddFolder | SyncFolder) -> Path:
        if isinstance(request, SyncFolder):
            return Path(self.folders[request.folder_id].path)
        return Path(os.fsdecode(request.raw or request.path))

    def deliver(self, *events: msgspec.Struct) -> None:
        """Say of each sync that it took 1.25 seconds."""
        super().deliver(*(self._timed(event) for event in events))

    @staticmethod
    def _timed(event: msgspec.Struct) -> msgspec.Struct:
        if isinstance(event, SyncDone):
            return structs.replace(event, statistics=SyncStatistics(seconds=1.25))
        return event

    def _listed(self) -> tuple[FolderState, ...]:
        """In the order in which they were added: names are sorted by who shows them."""
        return tuple(self.folders.values())

    def _change_embedder(self, request: ChooseEmbedder) -> None:
        """Accept the model, and let it take over at once."""
        self._answer_status(request.request_id, next_embedder=request.path)
        for done in (1, 2):
            self.deliver(EmbedderProgress(path=request.path, done=done, total=2, changed=done == 2))
        self.embedder = request.path

    def _answer_status(self, request_id: str, **changes: Any) -> None:
        self.answer(
            LibraryStatus,
            request_id,
            folders=tuple(map(_status, self.folders.values())),
            vectors=1,
            index="",
            indexed=0,
            embedder=self.embedder,
            **changes,
        )

    def _evaluate(self, request: EvaluateRetrieval) -> None:
        metrics = RankingMetrics(ndcg=0.5, recall=0.6, mrr=0.7, hit=0.8, milliseconds=1.234)
        self.answer(
            RetrievalEvaluated,
            request.request_id,
            name="set",
            documents=3,
            passages=4,
            queries=2,
            vector=metrics,
            bm25=metrics,
            fused=metrics,
            search=metrics,
            ask=metrics,
            kept=0.9,
            unanswerable=2,
            refused=0.5,
            reranked=None,
            low=-0.1,
            high=0.1,
        )


class AnsweringChildren(FakeChildren):
    """A scripted child of each kind; engine and library need nobody to answer for them."""

    engine: AnsweringEngineChild
    library: AnsweringLibraryChild

    def __init__(self) -> None:
        super().__init__(engine=AnsweringEngineChild(), library=AnsweringLibraryChild())


def _status(folder: FolderState) -> FolderStatus:
    """One that is being read needs ten more minutes."""
    if folder.state != "syncing":
        return FolderStatus(folder=folder)
    progress = SyncProgress(
        request_id="", folder_id=folder.folder_id, done=1, total=3, skipped=0,
        current="a.txt", seconds_left=600.0,
    )  # fmt: skip
    return FolderStatus(folder=folder, progress=progress)
