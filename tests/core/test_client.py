"""The client of a child process: replies, broadcasts, retries, and the death of the child."""

from collections.abc import Callable
from typing import Any

import pytest

from core.base.errors import ErrorCode, InglenookError
from core.ipc.client import Client, new_request_id
from core.ipc.reply import Reply
from core.messages import (
    AddFolder,
    Cancel,
    ChildDied,
    Failed,
    FoldersListed,
    FolderState,
    Hello,
    ListFolders,
    Request,
    Seal,
    SyncDone,
    SyncProgress,
    SyncStatistics,
)
from core.sandbox.grants import Grants
from tests.fakes.child_process import FakeChildProcess

DIED = ChildDied(role="library", exit_code=-11, tail="")


def folder(name: str) -> FolderState:
    return FolderState(
        folder_id=name,
        path=f"/{name}",
        name=name,
        files=1,
        indexed=1,
        skipped=0,
        passages=1,
        state="ready",
    )


def progress(request_id: str, done: int) -> SyncProgress:
    return SyncProgress(
        request_id=request_id, folder_id="f", done=done, total=2, skipped=0, current=""
    )


class Retrying(Client[Any]):
    """Sends what lists folders once more."""

    def retry_request(
        self, request: Request[Any, Any], _death: ChildDied
    ) -> Request[Any, Any] | None:
        return request if isinstance(request, ListFolders) else None


@pytest.fixture
def process() -> FakeChildProcess:
    return FakeChildProcess()


@pytest.fixture
def broadcast() -> list[object]:
    return []


@pytest.fixture
def client(process: FakeChildProcess, broadcast: list[object]) -> Client[Any]:
    return Client(process, ErrorCode.LIBRARY_DIED, broadcast.append)


def told(reply: Reply[Any, Any]) -> list[object]:
    """Return a list that fills with what the reply says."""
    heard: list[object] = []
    reply.on_progress(heard.append).on_done(heard.append).on_error(heard.append)
    return heard


def test_each_event_goes_to_the_reply_of_its_request(
    client: Client[Any], process: FakeChildProcess, broadcast: list[object]
) -> None:
    first = told(client.send(ListFolders(request_id="a")))
    second = told(client.send(AddFolder(request_id="b", path="/b", raw=b"/b")))
    done = SyncDone(request_id="b", folder=folder("b"), statistics=SyncStatistics())
    listed = FoldersListed(request_id="a", folders=())
    changed = FoldersListed(request_id="", folders=(folder("b"),))
    process.deliver(Hello(protocol=1, role="library", pid=1), progress("b", 1), listed, changed)
    process.deliver(done, progress("b", 2))
    client.poll()
    assert first == [listed]
    assert second == [progress("b", 1), done]
    assert broadcast == [changed, progress("b", 2)]
    assert client.pending == ()


def test_a_failure_and_a_stop_reach_the_reply(
    client: Client[Any], process: FakeChildProcess
) -> None:
    reply = client.send(ListFolders(request_id="a"))
    heard = told(reply)
    reply.cancel()
    assert process.sent[-1] == Cancel(request_id="a")
    failed = Failed(request_id="a", code="cancelled")
    process.deliver(failed)
    client.poll()
    assert heard == [failed]
    assert (reply.is_done, reply.failure, reply.result) == (True, failed, None)
    reply.cancel()
    assert len(process.sent) == 2  # what has ended is not stopped again


def test_who_detaches_hears_nothing_and_who_comes_late_hears_the_end(
    client: Client[Any], process: FakeChildProcess
) -> None:
    reply = client.send(ListFolders(request_id="a"))
    heard = told(reply)
    reply.detach()
    listed = FoldersListed(request_id="a", folders=())
    process.deliver(listed)
    client.poll()
    assert heard == []
    assert told(reply) == [listed]


def test_a_death_ends_what_is_not_asked_again(process: FakeChildProcess) -> None:
    client = Retrying(process, ErrorCode.LIBRARY_DIED)
    again = told(client.send(ListFolders(request_id="a")))
    lost = told(client.send(AddFolder(request_id="b", path="/b", raw=b"/b")))
    process.deliver(DIED)
    client.poll()
    assert [failed.code for failed in lost if isinstance(failed, Failed)] == ["library_died"]
    assert "SIGSEGV" in lost[0].facts["detail"]  # type: ignore[attr-defined]
    assert process.sent[-1] == ListFolders(request_id="a")
    listed = FoldersListed(request_id="a", folders=())
    process.deliver(listed)
    client.poll()
    assert again == [listed]


def test_a_child_that_is_to_end_when_idle_lives_until_the_last_reply(
    process: FakeChildProcess,
) -> None:
    client: Client[Any] = Client(process, ErrorCode.LIBRARY_DIED, ends_when_idle=True)
    client.send(ListFolders(request_id="a")).on_done(
        lambda _listed: client.send(ListFolders(request_id="b"))
    )
    process.deliver(FoldersListed(request_id="a", folders=()))
    client.poll()
    assert client.pid is not None
    process.deliver(FoldersListed(request_id="b", folders=()))
    client.poll()
    assert client.pid is None


def test_a_client_knows_whether_its_child_runs_and_how_the_last_one_ended(
    client: Client[Any], process: FakeChildProcess
) -> None:
    client.start()
    assert not client.has_started
    process.deliver(Hello(protocol=1, role="library", pid=1))
    client.poll()
    assert (client.has_started, client.last_death) == (True, None)
    process.deliver(DIED)
    client.poll()
    assert (client.has_started, client.last_death) == (False, DIED)


def test_a_callback_may_stop_the_client(client: Client[Any], process: FakeChildProcess) -> None:
    client.send(ListFolders(request_id="a")).on_done(lambda _listed: client.stop())
    other = told(client.send(ListFolders(request_id="b")))
    process.deliver(
        FoldersListed(request_id="a", folders=()), FoldersListed(request_id="b", folders=())
    )
    client.poll()
    assert (other, process.pid) == ([], None)


def test_an_error_in_a_callback_costs_no_later_event(
    client: Client[Any], process: FakeChildProcess
) -> None:
    def fail(_listed: object) -> None:
        raise ZeroDivisionError

    client.send(ListFolders(request_id="a")).on_done(fail)
    other = told(client.send(ListFolders(request_id="b")))
    process.deliver(FoldersListed(request_id="a", folders=()))
    process.deliver(FoldersListed(request_id="b", folders=()))
    with pytest.raises(ZeroDivisionError):
        client.poll()
    client.poll()
    assert len(other) == 1


@pytest.mark.parametrize("error", [None, InglenookError(ErrorCode.FOLDER_UNKNOWN, name="b")])
def test_a_reply_is_converted(error: InglenookError | None) -> None:
    reply: Reply[int, str] = Reply("a")

    def convert(word: str) -> int:
        if error is not None:
            raise error
        return len(word)

    heard = told(reply.convert(convert))
    reply.report(1)
    reply.finish("four")
    assert heard[0] == 1
    if error is None:
        assert heard[1] == 4
    else:
        assert heard[1] == Failed(request_id="a", code=error.code, facts=error.facts)


def test_a_failure_may_be_made_good() -> None:
    reply: Reply[int, str] = Reply("a")
    told_code = reply.convert(len, recover=lambda failed: -len(failed.code))
    reply.fail(Failed(request_id="a", code="code"))
    assert (told_code.result, told_code.failure) == (-4, None)


def test_one_party_lets_go_without_the_others() -> None:
    reply: Reply[int, str] = Reply("a")
    first, second = reply.share(), reply.share()
    gone, stays = told(first), told(second)
    first.detach()
    reply.report(1)
    reply.finish("end")
    assert (gone, stays) == ([], [1, "end"])


def test_a_reply_goes_on_with_another_request() -> None:
    stopped: list[str] = []
    first: Reply[int, str] = Reply("a", lambda: stopped.append("first"))
    second: Reply[int, int] = Reply("a", lambda: stopped.append("second"))

    def count(word: str) -> Reply[int, int]:
        if not word:
            raise InglenookError(ErrorCode.FOLDER_UNKNOWN, name=word)
        return second

    whole = first.then(count)
    heard = told(whole)
    first.report(1)
    whole.cancel()
    first.finish("four")
    second.report(2)
    whole.cancel()
    second.finish(4)
    assert (heard, stopped) == ([1, 2, 4], ["first", "second"])
    failed = Reply[int, str].finished("").then(count).failure
    assert failed == Failed(request_id="", code="folder_unknown", facts={"name": ""})


def test_ids_of_requests_sort_by_time() -> None:
    ids = [new_request_id() for _ in range(100)]
    assert ids == sorted(set(ids))


def test_a_finished_reply_calls_at_once() -> None:
    heard: list[int] = []
    count: Callable[[int], None] = heard.append
    assert Reply[None, int].finished(3).on_done(count).result == 3
    assert heard == [3]


def test_what_arrives_meanwhile_is_for_the_next_poll(
    client: Client[Any], process: FakeChildProcess, broadcast: list[object]
) -> None:
    """A child that is quicker than the callbacks keeps nothing else waiting."""
    heard: list[SyncProgress] = []

    def hear(step: SyncProgress) -> None:
        heard.append(step)
        process.deliver(progress("b", len(heard)))

    reply = client.send(AddFolder(request_id="b", path="/b", raw=b"/b"))
    reply.on_progress(hear)  # type: ignore[arg-type]
    process.deliver(progress("b", 0), progress("b", 0))
    client.poll()
    assert len(heard) == 2
    client.poll()
    assert len(heard) == 4


def test_a_child_that_ends_when_idle_is_not_there_for_the_next_request() -> None:
    """It holds a model or a graphics card: each stage of a job gets a fresh one."""
    process = FakeChildProcess()
    client: Client[Any] = Client(process, ErrorCode.PLANNER_DIED, ends_when_idle=True)
    starts: list[int] = []

    def go_on(_listed: FoldersListed) -> None:
        client.send(ListFolders(request_id="b"))
        starts.append(process.starts)

    client.send(ListFolders(request_id="a")).on_done(go_on)
    process.deliver(FoldersListed(request_id="a", folders=()))
    client.poll()
    assert starts == [2]
    assert process.pid is not None


def replace_child(client: Client[Any], process: FakeChildProcess) -> None:
    """Let a new child take over from one that has said hello."""
    process.deliver(Hello(protocol=1, role="library", pid=1))
    client.poll()
    client.renew_child()
    client.poll()


def sent_since(process: FakeChildProcess, count: int) -> list[object]:
    return [*process.sent[count:]]


def test_what_was_stopped_is_stopped_in_each_child_that_begins_it_again(
    client: Client[Any], process: FakeChildProcess
) -> None:
    asked = ListFolders(request_id="a")
    reply = client.send(asked)
    replace_child(client, process)
    process.deliver(Hello(protocol=1, role="library", pid=2))
    client.poll()
    client.renew_child()
    count = len(process.sent)
    reply.cancel()
    assert sent_since(process, count) == [], "the child that leaves reads nothing more"
    client.poll()
    assert sent_since(process, count) == [asked, Cancel(request_id="a")]
    count = len(process.sent)
    replace_child(client, process)
    assert sent_since(process, count) == [asked, Cancel(request_id="a")]


def test_what_was_stopped_before_its_child_is_replaced_stays_stopped(
    client: Client[Any], process: FakeChildProcess
) -> None:
    stopped, other = ListFolders(request_id="a"), ListFolders(request_id="b")
    client.send(stopped).cancel()
    client.send(other)
    count = len(process.sent)
    replace_child(client, process)
    assert sent_since(process, count) == [stopped, Cancel(request_id="a"), other]
    process.deliver(Failed(request_id="a", code="cancelled"))
    client.poll()
    client.send(stopped)
    count = len(process.sent)
    replace_child(client, process)
    assert sent_since(process, count) == [other, stopped], "asked anew, and not stopped"


def test_what_was_stopped_stays_stopped_after_a_crash(process: FakeChildProcess) -> None:
    client = Retrying(process, ErrorCode.LIBRARY_DIED)
    client.send(ListFolders(request_id="a")).cancel()
    count = len(process.sent)
    process.deliver(DIED)
    client.poll()
    assert sent_since(process, count) == [ListFolders(request_id="a"), Cancel(request_id="a")]


@pytest.mark.parametrize(
    ("needed", "is_renewed"),
    [(Grants(read=("/papers",)), False), (Grants(write=("/papers",)), True)],
)
def test_a_child_that_is_held_from_writing_alone_is_replaced_only_to_write(
    client: Client[Any], process: FakeChildProcess, needed: Grants, is_renewed: bool
) -> None:
    process.start()
    process.grants = Grants()
    process.deliver(Hello(protocol=1, role="library", pid=1, seal=Seal(writes=True)))
    client.poll()
    client.grant_files(needed)
    assert process.has_events == is_renewed, "it leaves"
