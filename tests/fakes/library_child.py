"""The library child by script: folders in memory, what is found in them as a test says."""

import math
from array import array
from pathlib import Path
from typing import Any

from msgspec import structs

from core.base.errors import ErrorCode
from core.messages import (
    AddFolder,
    ChooseEmbedder,
    ChooseReranker,
    Document,
    EmbedTexts,
    EvaluateFolder,
    EvaluateRetrieval,
    FilesFound,
    FileSkipped,
    FilesListed,
    FingerprintFolders,
    FolderEvaluated,
    FolderFile,
    FolderQuestionResult,
    FolderRemoved,
    FoldersFingerprinted,
    FoldersListed,
    FolderState,
    FolderStatus,
    FoundFile,
    JudgePassages,
    LibraryStatus,
    LibraryVerified,
    ListFiles,
    ListFolders,
    ListPassages,
    ListSkipped,
    ListStatus,
    LoadDocument,
    MeasureEmbedder,
    PassagesListed,
    PauseFolders,
    QueryFiles,
    ReadFile,
    ReadLetters,
    RemoveFolder,
    RenderPage,
    Request,
    RerankerChosen,
    SearchDone,
    SearchFiles,
    SearchFolders,
    SearchHit,
    SearchVerdict,
    SetFolderInclusions,
    SkippedFiles,
    SyncDone,
    SyncFolder,
    SyncProgress,
    SyncStatistics,
    TextsEmbedded,
    VerifyLibrary,
)
from tests.fakes.scripted_child import ScriptedChild


def letter_vector(text: str) -> bytes:
    """Return the counts of a text's letters as a vector: anagrams are the same to it."""
    counts = [text.casefold().count(letter) for letter in "abcdefghijklmnopqrstuvwxyz"]
    length = math.sqrt(sum(count * count for count in counts)) or 1.0
    return array("f", [count / length for count in counts]).tobytes()


_LEFT_TO_TESTS = (
    EvaluateFolder, EvaluateRetrieval, JudgePassages, MeasureEmbedder, ReadFile, ReadLetters,
    RenderPage,
)  # fmt: skip


class FakeLibraryChild(ScriptedChild):
    """Keeps folders, and answers at once from what a test has put into it.

    The end of a sync is a test's to say, and what there is nothing to answer from: a document that
    nobody put here, pages, letters.
    """

    def __init__(self) -> None:
        super().__init__("library")
        self.folders: dict[str, FolderState] = {}
        self.hits: tuple[SearchHit, ...] = ()
        self.verdict = SearchVerdict.ANSWERED
        self.confidence = 0.9
        self.unread_files = 0
        self.files: dict[str, tuple[FolderFile, ...]] = {}
        self.file_passages: dict[str, tuple[SearchHit, ...]] = {}
        self.found_files: tuple[FoundFile, ...] = ()
        self.skipped: dict[str, tuple[FileSkipped, ...]] = {}
        self.documents: dict[tuple[str, str], Document] = {}
        self.state = "as it is"
        """What the fingerprint of any folders tells from another."""
        self.embedder = "/resources/all-MiniLM-L6-v2"

    # ------------------------------------------------------------ what a test says

    def put_folder(self, folder: FolderState) -> None:
        """Know a folder, or know it otherwise, and tell of it unasked."""
        self.folders[folder.folder_id] = folder
        self._tell_folders()

    def report_sync(self, done: int, total: int, **changes: Any) -> None:
        """Say how far the folder is that is being read."""
        request = self._waiting_sync()
        folder_id = self._folder_id(request)
        progress = SyncProgress(
            request_id=request.request_id,
            folder_id=folder_id,
            done=done,
            total=total,
            skipped=0,
            current="notes/garden/long beds.md",
        )
        self.deliver(structs.replace(progress, **changes))

    def skip_file(self, file: str, code: ErrorCode, **facts: str) -> None:
        """Say that a file of the folder that is being read gives no answers."""
        request = self._waiting_sync()
        folder_id = self._folder_id(request)
        skipped = FileSkipped(
            request_id=request.request_id, folder_id=folder_id, file=file, code=code, facts=facts
        )
        self.skipped[folder_id] = (*self.skipped.get(folder_id, ()), skipped)
        self.deliver(skipped)

    def finish_sync(self, **changes: Any) -> None:
        """Say that the folder is in step that is being read."""
        request = self._waiting_sync()
        folder_id = self._folder_id(request)
        folder = structs.replace(self.folders[folder_id], **{"state": "ready", **changes})
        self.folders[folder_id] = folder
        self._tell_folders()
        self.answer(
            SyncDone,
            request.request_id,
            folder=folder,
            statistics=SyncStatistics(read=folder.files),
        )

    # ------------------------------------------------------------ how it answers by itself

    def serve(self, request: Request[Any, Any]) -> None:
        request_id = request.request_id
        match request:
            case AddFolder() | SyncFolder():
                self._begin_sync(request)
            case ListFolders() | PauseFolders() | SetFolderInclusions():
                self._arrange(request)
                self.answer(FoldersListed, request_id, folders=self._listed())
            case RemoveFolder():
                self.folders.pop(request.folder_id, None)
                self._tell_folders()
                self.answer(FolderRemoved, request_id, folder_id=request.folder_id)
            case SearchFolders() | SearchFiles():
                self._answer_search(request_id)
            case FingerprintFolders() | EmbedTexts():
                self._serve_comparison(request)
            case ListFiles() | ListSkipped() | LoadDocument() | QueryFiles() | ListPassages():
                self._serve_files(request)
            case ListStatus() | ChooseEmbedder():
                folders = tuple(FolderStatus(folder=each) for each in self._listed())
                self.answer(
                    LibraryStatus,
                    request_id,
                    folders=folders,
                    vectors=9,
                    index="1",
                    indexed=9,
                    embedder=self.embedder,
                )
            case VerifyLibrary():
                self.answer(
                    LibraryVerified, request_id, passages=9, vectors=9, findings=(), seconds=0.1
                )
            case ChooseReranker():
                self.answer(RerankerChosen, request_id, path=request.path, used=bool(request.path))
            case _:
                assert isinstance(request, _LEFT_TO_TESTS), request

    def _answer_search(self, request_id: str) -> None:
        """Return the hits with the verdict that a test has chosen; nothing for none."""
        self.answer(
            SearchDone,
            request_id,
            hits=self.hits,
            seconds=0.1,
            verdict=self.verdict if self.hits else SearchVerdict.NOTHING,
            confidence=self.confidence if self.hits else 0.0,
            unread_files=self.unread_files,
        )

    def _serve_comparison(self, request: FingerprintFolders | EmbedTexts) -> None:
        if isinstance(request, FingerprintFolders):
            self.answer(FoldersFingerprinted, request.request_id, fingerprint=self.state)
            return
        vectors = tuple(map(letter_vector, request.texts))
        name = "all-MiniLM-L6-v2:letters"
        self.answer(TextsEmbedded, request.request_id, vectors=vectors, embedder=name)

    def _serve_files(
        self, request: ListFiles | ListSkipped | LoadDocument | QueryFiles | ListPassages
    ) -> None:
        if isinstance(request, ListPassages):
            hits = self.file_passages.get(request.file, ())
            self.answer(PassagesListed, request.request_id, hits=hits)
            return
        if isinstance(request, QueryFiles):
            self.answer(
                FilesFound,
                request.request_id,
                files=self.found_files,
                total=len(self.found_files),
                mentions=0,
                types={},
                skipped=0,
                unread_files=self.unread_files,
            )
            return
        folder_id, request_id = request.folder_id, request.request_id
        if isinstance(request, ListSkipped):
            self.answer(SkippedFiles, request_id, files=self.skipped.get(folder_id, ()))
        elif isinstance(request, ListFiles):
            words = request.words.casefold().split()
            files = tuple(
                each
                for each in self.files.get(folder_id, ())
                if all(word in each.file.casefold() for word in words)
            )
            self.answer(
                FilesListed,
                request_id,
                folder_id=folder_id,
                files=files[: request.limit],
                total=len(files),
            )
        elif document := self.documents.get((folder_id, request.file)):
            del self.waiting[request_id]
            self.deliver(structs.replace(document, request_id=request_id))

    def _begin_sync(self, request: AddFolder | SyncFolder) -> None:
        """The end of it is a test's to say."""
        if isinstance(request, SyncFolder) and request.folder_id not in self.folders:
            self.fail(ErrorCode.FOLDER_UNKNOWN, request.request_id, ref=request.folder_id)
            return
        folder_id = self._folder_id(request)
        if folder_id not in self.folders and isinstance(request, AddFolder):
            self.folders[folder_id] = FolderState(
                folder_id=folder_id,
                name=Path(request.path).name,
                path=request.path,
                files=0,
                indexed=0,
                skipped=0,
                passages=0,
                state="syncing",
                hidden=request.hidden,
            )
        self.folders[folder_id] = structs.replace(self.folders[folder_id], state="syncing")
        self._tell_folders()

    def _arrange(self, request: ListFolders | PauseFolders | SetFolderInclusions) -> None:
        if isinstance(request, PauseFolders):
            for folder_id in request.folder_ids or tuple(self.folders):
                state = "paused" if request.paused else "ready"
                self.folders[folder_id] = structs.replace(self.folders[folder_id], state=state)
        elif isinstance(request, SetFolderInclusions):
            self.folders[request.folder_id] = structs.replace(
                self.folders[request.folder_id], hidden=request.hidden, included=request.patterns
            )

    def _folder_id(self, request: AddFolder | SyncFolder) -> str:
        """Return the folder's id, new for one that is added."""
        if isinstance(request, SyncFolder):
            return request.folder_id
        known = {folder.path: folder.folder_id for folder in self.folders.values()}
        return known.get(request.path, f"folder-{len(self.folders) + 1}")

    def _waiting_sync(self) -> AddFolder | SyncFolder:
        syncs = [each for each in self.waiting.values() if isinstance(each, AddFolder | SyncFolder)]
        assert syncs, "no folder is being read"
        return syncs[-1]

    def _listed(self) -> tuple[FolderState, ...]:
        return tuple(sorted(self.folders.values(), key=lambda folder: folder.name.casefold()))

    def _tell_folders(self) -> None:
        self.deliver(FoldersListed(request_id="", folders=self._listed()))


def folder_evaluated(request: EvaluateFolder, **changes: Any) -> FolderEvaluated:
    """Return a result of three questions: one first, one third, one not found."""
    asked = FolderQuestionResult(
        kind="figure",
        question="small repairs up to how much euros?",
        evidence="The tenant pays for small repairs up to 110 euros.",
        file="home/lease.pdf",
        page=2,
        heading="Repairs",
        text="The tenant pays for small repairs up to 110 euros.",
        content_hash="12",
        rank=1,
        file_rank=1,
    )
    third = structs.replace(asked, kind="heading", question="What is said about “Keys”?", rank=3)
    missed = structs.replace(
        asked, kind="sentence", question="the landlady what each spring?", rank=0,
        reason="further_down", place=17,
    )  # fmt: skip
    result = FolderEvaluated(
        request_id=request.request_id,
        folder_id=request.folder_id,
        questions=(asked, third, missed),
        files=9,
        asked_files=3,
        waiting=1,
        pictures=2,
        copies=0,
        skipped={ErrorCode.FILE_ENCRYPTED: 1},
        k=request.k,
        seconds=0.5,
    )
    return structs.replace(result, **changes)
