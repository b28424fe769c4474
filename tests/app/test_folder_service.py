"""The folder service: replies and broadcasts, over a scripted library child."""

from typing import Any

import pytest

from core.app.events.app_events import AppEvent, FoldersChanged, Notice
from core.app.library.folder_service import FolderService
from core.base.errors import ErrorCode
from core.base.paths import Paths
from core.library.client.library_client import LibraryClient
from core.messages import (
    AddFolder,
    ChooseEmbedder,
    ChooseReranker,
    EmbedderProgress,
    EvaluateRetrieval,
    EvaluationProgress,
    Failed,
    FileSkipped,
    FolderRemoved,
    FoldersListed,
    FolderState,
    LibraryVerified,
    ListSkipped,
    ListStatus,
    PauseFolders,
    RerankerChosen,
    SetFolderInclusions,
    SyncDone,
    SyncFolder,
    SyncProgress,
    SyncStatistics,
    VerifyLibrary,
)
from tests.fakes.child_process import FakeChildProcess


def folder(name: str, **changes: Any) -> FolderState:
    values = {"files": 1, "indexed": 1, "skipped": 0, "passages": 1, "state": "ready", **changes}
    return FolderState(folder_id=name.lower(), path=f"/{name}", name=name, **values)


GARDEN, WORK = folder("Garden"), folder("Work")


class Bench:
    """The service, its child, and what it broadcasts."""

    def __init__(self, paths: Paths) -> None:
        self.process = FakeChildProcess("library")
        self.library = LibraryClient(paths, lambda: None, process=self.process)
        self.events: list[AppEvent] = []
        self.folders = FolderService(self.library, self.events.append)

    def deliver(self, *messages: Any) -> None:
        self.process.deliver(*messages)
        self.library.poll()


@pytest.fixture
def bench(root: Paths) -> Bench:
    return Bench(root)


def test_all_folders_are_listed_kept_and_broadcast(bench: Bench) -> None:
    reply = bench.folders.list_folders()
    bench.deliver(FoldersListed(request_id=reply.request_id, folders=(GARDEN,)))
    assert reply.result == (GARDEN,)
    assert bench.folders.known_folders == (GARDEN,)
    assert bench.folders.folder_names() == {"garden": "Garden"}
    assert bench.events == [FoldersChanged(folders=(GARDEN,))]


def test_what_nobody_asked_for_is_broadcast_as_well(bench: Bench) -> None:
    progress = SyncProgress(request_id="", folder_id="work", done=1, total=2, skipped=0, current="")
    done = SyncDone(request_id="", folder=WORK, statistics=SyncStatistics())
    renewal = EmbedderProgress(path="/m", done=1, total=9)
    bench.deliver(FoldersListed(request_id="", folders=(GARDEN,)), progress, done, renewal)
    assert bench.events == [FoldersChanged(folders=(GARDEN,)), progress, done, renewal]
    assert bench.folders.known_folders == (GARDEN, WORK)


def test_a_sync_reports_to_who_asked_and_to_everybody(bench: Bench) -> None:
    reply = bench.folders.add_folder("/Work\udce9", hidden=True)
    request = bench.process.last_sent(AddFolder)
    assert (request.path, request.raw, request.hidden) == (r"/Work\udce9", b"/Work\xe9", True)
    heard: list[object] = []
    reply.on_progress(heard.append).on_done(heard.append)
    name = reply.request_id
    progress = SyncProgress(
        request_id=name, folder_id="work", done=1, total=2, skipped=1, current="a"
    )
    skipped = FileSkipped(request_id=name, folder_id="work", file="b", code="file_encrypted")
    done = SyncDone(request_id=name, folder=WORK, statistics=SyncStatistics(read=1))
    bench.deliver(progress, skipped, done)
    assert heard == [progress, skipped, done]
    assert bench.events == [progress, done]
    assert bench.folders.known_folders == (WORK,)


def test_who_no_longer_listens_takes_nothing_from_the_others(bench: Bench) -> None:
    reply = bench.folders.sync_folder("work", retry=True, file="b")
    request = bench.process.last_sent(SyncFolder)
    assert (request.folder_id, request.retry, request.file) == ("work", True, "b")
    reply.detach()
    done = SyncDone(request_id=reply.request_id, folder=WORK, statistics=SyncStatistics())
    bench.deliver(done)
    assert bench.events == [done]
    assert bench.folders.known_folders == (WORK,)


def test_a_folder_is_paused_arranged_and_removed(bench: Bench) -> None:
    bench.deliver(FoldersListed(request_id="", folders=(GARDEN, WORK)))
    paused = bench.folders.pause_folders(("work",), paused=True)
    assert bench.process.last_sent(PauseFolders).folder_ids == ("work",)
    bench.deliver(FoldersListed(request_id=paused.request_id, folders=(WORK,)))
    assert bench.folders.known_folders == (WORK,)
    included = bench.folders.set_included_patterns("work", ("a",), hidden=True)
    request = bench.process.last_sent(SetFolderInclusions)
    assert (request.folder_id, request.patterns, request.hidden) == ("work", ("a",), True)
    bench.deliver(FoldersListed(request_id=included.request_id, folders=(GARDEN, WORK)))
    assert included.result == (GARDEN, WORK)
    removed = bench.folders.remove_folder("garden")
    bench.deliver(FolderRemoved(request_id=removed.request_id, folder_id="garden"))
    assert removed.is_done
    assert bench.events[-1] == FoldersChanged(folders=(WORK,))
    assert bench.folders.known_folders == (WORK,)


def test_requests_about_the_index_are_answered_to_who_asked_alone(bench: Bench) -> None:
    folders = bench.folders
    verify = folders.verify_library()
    folders.list_skipped_files("work")
    folders.request_status()
    folders.set_embedder("/m")
    reranker, evaluation = folders.set_reranker("/r"), folders.evaluate_search("/set")
    kinds = (VerifyLibrary, ListSkipped, ListStatus, ChooseEmbedder, ChooseReranker)
    assert [type(sent) for sent in bench.process.sent] == [*kinds, EvaluateRetrieval]
    verified = LibraryVerified(
        request_id=verify.request_id, passages=1, vectors=1, findings=(), seconds=0.1
    )
    steps: list[object] = []
    evaluation.on_progress(steps.append)
    step = EvaluationProgress(request_id=evaluation.request_id, step="asking", done=1, total=2)
    bench.deliver(
        verified, RerankerChosen(request_id=reranker.request_id, path="/r", used=True), step
    )
    assert verify.result == verified
    assert reranker.is_done
    assert steps == [step]
    assert bench.events == []


def test_a_failure_goes_to_who_asked_and_one_of_nobody_is_a_notice(bench: Bench) -> None:
    reply = bench.folders.sync_folder("work")
    failed = Failed(request_id=reply.request_id, code=ErrorCode.FOLDER_GONE, facts={"path": "/g"})
    bench.deliver(failed, Failed(request_id="", code=ErrorCode.FOLDER_GONE, facts={"path": "/x"}))
    assert reply.failure == failed
    (notice,) = bench.events
    assert isinstance(notice, Notice)
    assert (notice.key, notice.severity) == ("library", "warning")
    assert "/x" in notice.problem.message


def test_an_answer_to_a_request_that_is_over_changes_nothing(bench: Bench) -> None:
    bench.deliver(
        Failed(request_id="long ago", code=ErrorCode.CANCELLED),
        RerankerChosen(request_id="", path="/r"),
    )
    assert bench.events == []
