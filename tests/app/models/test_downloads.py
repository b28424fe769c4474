"""Downloads over a scripted courier: side by side, paused, resumed, removed, and what fails."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec import structs

from core.app.app import App
from core.app.network.download_service import (
    DONE,
    DOWNLOADING,
    FAILED,
    MAX_PARALLEL_DOWNLOADS,
    PAUSED,
    WAITING,
)
from core.base.data_files import read_data_file
from core.base.errors import ErrorCode
from core.courier.downloads.part_file import part_path
from core.messages import Cancel, DownloadFiles, HubFile, ListRepository, RepositoryListed
from core.models.downloads.download_plan import DownloadPlan
from core.models.downloads.download_store import DownloadStore
from tests.fakes.app import FakeChildren, make_app
from tests.fakes.courier_child import FakeCourierChild

REPOSITORY = "maker/tiny-GGUF"


@pytest.fixture
def children() -> FakeChildren:
    return FakeChildren()


@pytest.fixture
def courier(children: FakeChildren) -> FakeCourierChild:
    return children.courier


@pytest.fixture
def app(tmp_path: Path, children: FakeChildren) -> Iterator[App]:
    app, _children = make_app(tmp_path, children)
    yield app
    app.close()


def plan(app: App, courier: FakeCourierChild, name: str = "tiny") -> DownloadPlan:
    """Return the plan for a repository with one file."""
    file = HubFile(name=f"{name}-Q4_K_M.gguf", size=1000, digest="sha256:" + "a" * 64)
    courier.repositories[f"maker/{name}"] = (file,)
    reply = app.downloads.plan_download(f"maker/{name}")
    app.process_events()
    assert reply.result is not None
    return reply.result


def states(app: App) -> list[str]:
    app.process_events()
    return [state.state for state in app.downloads.list_downloads()]


def test_so_many_run_side_by_side_and_the_next_one_when_one_ends(
    app: App, courier: FakeCourierChild
) -> None:
    ids = [app.downloads.start_download(plan(app, courier, name)) for name in ("a", "b", "c")]
    assert MAX_PARALLEL_DOWNLOADS == 2
    assert states(app) == [DOWNLOADING, DOWNLOADING, WAITING]
    app.downloads.pause_download(ids[0])
    assert states(app) == [PAUSED, DOWNLOADING, DOWNLOADING]
    app.downloads.resume_download(ids[0])
    assert states(app) == [WAITING, DOWNLOADING, DOWNLOADING]
    courier.fail(ErrorCode.HOST_TROUBLE, host="hub", status="503")
    assert states(app) == [DOWNLOADING, FAILED, DOWNLOADING]
    problem = app.downloads.list_downloads()[1].problem
    assert problem is not None
    assert problem.code == ErrorCode.HOST_TROUBLE
    assert len(courier.all_sent(DownloadFiles)) == 4


def test_files_that_are_under_way_are_not_begun_twice(app: App, courier: FakeCourierChild) -> None:
    wanted = plan(app, courier)
    first = app.downloads.start_download(wanted)
    app.downloads.pause_download(first)
    assert states(app) == [PAUSED]
    again = structs.replace(wanted, download_id="another", request="in other words")
    assert app.downloads.start_download(again) == first
    assert states(app) == [DOWNLOADING]


def test_what_is_removed_while_it_runs_leaves_nothing_once_the_courier_is_done(
    app: App, courier: FakeCourierChild
) -> None:
    wanted = plan(app, courier)
    download_id = app.downloads.start_download(wanted)
    part = part_path(Path(wanted.target))
    part.parent.mkdir(parents=True, exist_ok=True)
    part.write_bytes(b"half")
    app.downloads.remove_download(download_id)
    assert isinstance(courier.sent[-1], Cancel)
    assert part.exists(), "the courier still writes it"
    assert states(app) == []
    assert not part.exists()
    assert DownloadStore(app.paths.downloads).list_downloads() == ()


def test_a_dead_courier_fails_the_downloads_which_can_be_resumed(
    app: App, courier: FakeCourierChild
) -> None:
    download_id = app.downloads.start_download(plan(app, courier))
    courier.kill()
    assert states(app) == [FAILED]
    app.downloads.resume_download(download_id)
    assert states(app) == [DOWNLOADING]
    courier.report_transfer(400, 50.0)
    app.process_events()
    (state,) = app.downloads.list_downloads()
    assert (state.done, state.seconds_left) == (400, 12.0)


def test_a_file_that_is_no_model_stays_with_its_problem(
    app: App, courier: FakeCourierChild
) -> None:
    wanted = plan(app, courier)
    app.downloads.start_download(wanted)
    courier.finish_download(b"no model")
    assert states(app) == [DONE]
    (state,) = app.downloads.list_downloads()
    assert state.problem is not None
    assert not state.ref
    assert Path(wanted.target).read_bytes() == b"no model"


def test_a_plan_nobody_waits_for_is_given_up(app: App, courier: FakeCourierChild) -> None:
    courier.held = {ListRepository}
    plans: list[DownloadPlan] = []
    reply = app.downloads.plan_download(REPOSITORY).on_done(plans.append)
    reply.detach()
    reply.cancel()
    assert isinstance(courier.sent[-1], Cancel)
    app.process_events()
    assert (plans, reply.is_done) == ([], True)
    late = app.downloads.plan_download(REPOSITORY)
    courier.answer(RepositoryListed, repository=REPOSITORY, commit="1", files=())
    app.process_events()
    assert late.failure is not None
    assert late.failure.code == ErrorCode.FETCH_NOTHING


def test_a_plan_is_written_as_before(app: App, courier: FakeCourierChild) -> None:
    app.downloads.start_download(plan(app, courier))
    written = read_data_file(app.paths.downloads)
    assert b'"fetch_id":' in written
    assert b'"wish":"maker/tiny"' in written
