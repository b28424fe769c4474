"""Files fetched from a hub on loopback by a real child, whatever goes wrong there."""

import sys
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from core.base.errors import ErrorCode
from core.base.paths import Paths
from core.courier.client import CourierClient
from core.courier.connection.contact_log import read_contacts
from core.courier.downloads.part_file import (
    CHUNK_BYTES,
    journal_path,
    parse_journal_lines,
    part_path,
)
from core.ipc.child_process import ChildProcess
from core.messages import (
    CourierEvent,
    DownloadFiles,
    DownloadTarget,
    Failed,
    FilesDownloaded,
    HubFile,
    ListRepository,
    RepositoryListed,
)
from tests.courier.conftest import Courier
from tests.courier.hub import LoopbackHub
from tests.fakes.key_store import FakeKeyStore

REPOSITORY = "maker/small-GGUF"
SIZE = 5 * CHUNK_BYTES + 12_345


def listing(hub: LoopbackHub, repository: str = REPOSITORY) -> ListRepository:
    return ListRepository(
        request_id="", endpoint=hub.endpoint, repository=repository, patience=0.01
    )


def listed(hub: LoopbackHub, courier: Courier) -> RepositoryListed:
    found = courier.ask(listing(hub))
    assert isinstance(found, RepositoryListed), found
    return found


def fetch(hub: LoopbackHub, files: tuple[HubFile, ...], folder: Path, **more: Any) -> DownloadFiles:
    wanted = tuple(
        DownloadTarget(
            name=file.name, target=str(folder / file.name), size=file.size, digest=file.digest
        )
        for file in files
    )
    return DownloadFiles(
        request_id="", endpoint=hub.endpoint, repository=REPOSITORY, commit="main", files=wanted,
        patience=0.01, **more,
    )  # fmt: skip


def ranges(hub: LoopbackHub, since: int = 0) -> list[tuple[int, int]]:
    """Return the ranges of bytes that were asked for."""
    asked = [each["range"] for each in hub.asked()[since:] if each["status"] == 206]
    spans = [text.removeprefix("bytes=").split("-") for text in asked]
    return [(int(first), int(last) + 1) for first, last in spans]


def test_a_file_is_fetched_proven_and_written_into_the_log(
    hub: LoopbackHub, own_courier: Courier, root: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = hub.add(REPOSITORY, "small-Q4_K_M.gguf", SIZE)
    hub.add(REPOSITORY, "README.md", b"about")
    hub.go_wrong(token="secret")
    monkeypatch.setenv("HF_TOKEN", "secret")
    found = listed(hub, own_courier)
    assert [file.size for file in found.files] == [5, SIZE]
    assert found.licence == "mit"
    fetched = own_courier.ask(fetch(hub, found.files, root.models))
    assert isinstance(fetched, FilesDownloaded), fetched
    assert (root.models / "small-Q4_K_M.gguf").read_bytes() == data
    assert (root.models / "README.md").read_bytes() == b"about"
    assert len(list(root.models.iterdir())) == 2
    assert own_courier.progress[-1].checked == SIZE + 5
    asked = hub.asked()
    store = int(hub.store.rpartition(":")[2])
    assert {each["token"] for each in asked if each["port"] == store} == {""}
    assert {each["token"] for each in asked if each["port"] != store} == {"Bearer secret"}
    assert {each["agent"] for each in asked} == {"Inglenook"}
    contacts = read_contacts(root.contacts)
    assert [contact.why for contact in contacts] == ["fetch", "fetch", "list"]
    assert sum(contact.received for contact in contacts[:2]) == SIZE + 5
    assert {contact.outcome for contact in contacts} == {"done"}


@pytest.mark.parametrize(
    "faults",
    [
        {"cut_after": CHUNK_BYTES + 1000},
        {"refuse": (503, 429, 500)},
        {"stale_after": 1},
        {"ranges": False},
        {"redirect": False, "cut_after": 300_000},
    ],
    ids=str,
)
def test_what_may_pass_is_tried_again(
    hub: LoopbackHub, courier: Courier, root: Paths, faults: dict[str, Any]
) -> None:
    data = hub.add(REPOSITORY, "small.gguf", SIZE)
    files = listed(hub, courier).files
    hub.go_wrong(**faults)
    fetched = courier.ask(fetch(hub, files, root.models, connections=2))
    assert isinstance(fetched, FilesDownloaded), fetched
    assert (root.models / "small.gguf").read_bytes() == data


@pytest.mark.parametrize(
    ("faults", "code", "kept"),
    [
        ({"corrupt_at": 70_000}, ErrorCode.FETCH_CORRUPT, False),
        ({"shorter_by": SIZE - 10}, ErrorCode.FETCH_CHANGED, True),
        ({"gated": True}, ErrorCode.HUB_GATED, True),
        ({"token": "other"}, ErrorCode.HUB_NOT_SHOWN, True),
        ({"refuse_always": 503}, ErrorCode.HOST_TROUBLE, True),
        ({"refuse_always": 404}, ErrorCode.HUB_NOT_FOUND, True),
        ({"refuse_always": 451}, ErrorCode.HOST_REFUSES, True),
        ({"retry_page": True}, ErrorCode.HOST_NONSENSE, True),
        (
            {"ranges": False, "cut_after": CHUNK_BYTES + 9, "cut_always": True},
            ErrorCode.HOST_UNREACHABLE,
            True,
        ),
        ({"leads_to": "http://127.0.0.1:9/x"}, ErrorCode.HOST_UNREACHABLE, True),
        ({"leads_to": "ftp://127.0.0.1/x"}, ErrorCode.ADDRESS_REFUSED, True),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_stays_wrong_is_said_and_nothing_half_is_listed(
    hub: LoopbackHub,
    courier: Courier,
    root: Paths,
    faults: dict[str, Any],
    code: ErrorCode,
    *,
    kept: bool,
) -> None:
    hub.add(REPOSITORY, "small.gguf", SIZE)
    files = listed(hub, courier).files
    hub.go_wrong(**faults)
    failed = courier.ask(fetch(hub, files, root.models))
    assert isinstance(failed, Failed)
    assert failed.code == code
    assert not list(root.models.glob("*.gguf"))
    assert part_path(root.models / "small.gguf").exists() == kept


def test_what_can_not_pass_is_asked_once(hub: LoopbackHub, courier: Courier, root: Paths) -> None:
    hub.add(REPOSITORY, "small.gguf", SIZE)
    files = listed(hub, courier).files
    hub.go_wrong(token="other")
    before = len(hub.asked())
    failed = courier.ask(fetch(hub, files, root.models, connections=1))
    assert isinstance(failed, Failed)
    assert failed.code == ErrorCode.HUB_NOT_SHOWN
    assert len(hub.asked()) == before + 1


@pytest.mark.parametrize(
    ("faults", "code"),
    [
        ({"nonsense": True}, ErrorCode.HOST_NONSENSE),
        ({"retry_page": True}, ErrorCode.HOST_NONSENSE),
        ({"token": "other"}, ErrorCode.HUB_NOT_SHOWN),
        ({"refuse_always": 500}, ErrorCode.HOST_TROUBLE),
    ],
    ids=str,
)
def test_a_hub_that_lists_nothing_is_said(
    hub: LoopbackHub, courier: Courier, faults: dict[str, Any], code: ErrorCode
) -> None:
    hub.add(REPOSITORY, "small.gguf", 2000)
    hub.go_wrong(**faults)
    failed = courier.ask(listing(hub))
    assert isinstance(failed, Failed)
    assert failed.code == code


def test_a_killed_fetch_goes_on_where_it_was(
    hub: LoopbackHub, own_courier: Courier, root: Paths
) -> None:
    data = hub.add(REPOSITORY, "small.gguf", SIZE)
    files = listed(hub, own_courier).files
    target = root.models / "small.gguf"
    request = fetch(hub, files, root.models, connections=2)
    hub.go_wrong(bytes_per_second=4_000_000)

    def here() -> dict[int, int]:
        journal = journal_path(target)  # which is made after the part
        lines = journal.read_bytes().split(b"\n") if journal.exists() else []
        return parse_journal_lines(lines[1:-1], 6)

    own_courier.ask(request, until=lambda: len(here()) >= 2)
    own_courier.client.kill()
    failed = own_courier.hear_end()
    assert isinstance(failed, Failed)
    assert failed.code == ErrorCode.COURIER_DIED
    done, before = here(), len(hub.asked())
    assert not target.exists()
    hub.go_wrong()
    assert isinstance(own_courier.ask(request), FilesDownloaded)
    assert target.read_bytes() == data
    asked_again = {
        each for first, end in ranges(hub, before) for each in range(first, end, CHUNK_BYTES)
    }
    assert not asked_again & {index * CHUNK_BYTES for index in done}


def test_a_pause_keeps_what_is_here(hub: LoopbackHub, courier: Courier, root: Paths) -> None:
    data = hub.add(REPOSITORY, "small.gguf", SIZE)
    files = listed(hub, courier).files
    hub.go_wrong(bytes_per_second=4_000_000)
    request = fetch(hub, files, root.models)
    courier.ask(request, until=lambda: bool(courier.progress) and courier.progress[-1].done > 0)
    courier.reply.cancel()
    paused = courier.hear_end()
    assert isinstance(paused, Failed)
    assert paused.code == ErrorCode.CANCELLED
    hub.go_wrong()
    fetched = courier.ask(request)
    assert isinstance(fetched, FilesDownloaded)
    assert fetched.received < SIZE
    assert (root.models / "small.gguf").read_bytes() == data


def test_bytes_that_rotted_on_the_disk_are_fetched_again(
    hub: LoopbackHub, own_courier: Courier, root: Paths
) -> None:
    data = hub.add(REPOSITORY, "small.gguf", SIZE)
    files = listed(hub, own_courier).files
    hub.go_wrong(corrupt_at=SIZE - 1, shorter_by=0, bytes_per_second=8_000_000)
    own_courier.ask(
        fetch(hub, files, root.models, connections=1),
        until=lambda: (
            bool(own_courier.progress) and own_courier.progress[-1].done >= 2 * CHUNK_BYTES
        ),
    )
    own_courier.client.kill()
    own_courier.hear_end()
    hub.go_wrong()
    with part_path(root.models / "small.gguf").open("r+b") as part:
        part.write(b"rotten")
    fetched = own_courier.ask(fetch(hub, files, root.models))
    assert isinstance(fetched, FilesDownloaded), fetched
    assert (root.models / "small.gguf").read_bytes() == data


def test_no_room_and_a_disk_that_refuses(hub: LoopbackHub, courier: Courier, root: Paths) -> None:
    hub.add(REPOSITORY, "small.gguf", SIZE)
    (file,) = listed(hub, courier).files
    huge = HubFile(name=file.name, size=2**53, digest=file.digest)
    before = len(hub.asked())
    failed = courier.ask(fetch(hub, (huge,), root.models))
    assert failed.code == ErrorCode.FETCH_NO_ROOM
    assert not list(root.models.iterdir())
    assert len(hub.asked()) == before
    root.models.joinpath("small.gguf.part").mkdir()
    failed = courier.ask(fetch(hub, (file,), root.models))
    assert failed.code == ErrorCode.FETCH_UNWRITABLE


@pytest.mark.skipif(sys.platform == "win32", reason="Windows limits no file's size")
def test_a_file_system_that_takes_no_more_is_said(
    hub: LoopbackHub, own_courier: Courier, root: Paths
) -> None:
    hub.add(REPOSITORY, "small.gguf", SIZE)
    files = listed(hub, own_courier).files
    script = f'ulimit -f 2048; exec "{sys.executable}" -P -m core.child_main courier'
    process: ChildProcess[CourierEvent] = ChildProcess(
        "courier", CourierEvent, root.logs / "courier.log", lambda: None,
        command=["bash", "-c", script],
        environment={"INGLENOOK_CONTACTS": str(root.contacts)},
    )  # fmt: skip
    own_courier.client.stop()
    own_courier.client = CourierClient(root, lambda: None, FakeKeyStore(), process=process)
    failed = own_courier.ask(fetch(hub, files, root.models))
    assert isinstance(failed, Failed)
    assert failed.code == ErrorCode.FETCH_UNWRITABLE


def test_a_proxy_of_the_environment_is_used_and_told(
    hub: LoopbackHub, own_courier: Courier, root: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = hub.add(REPOSITORY, "small.gguf", SIZE)
    monkeypatch.setenv("HTTP_PROXY", hub.endpoint)
    request = ListRepository(request_id="", endpoint="http://hub.example", repository=REPOSITORY)
    found = own_courier.ask(request)
    assert isinstance(found, RepositoryListed), found
    hub.go_wrong(leads_to=f"http://store.example/store/{REPOSITORY}/small.gguf")
    wanted = fetch(hub, found.files, root.models)
    elsewhere = structs.replace(wanted, endpoint="http://hub.example")
    assert isinstance(own_courier.ask(elsewhere), FilesDownloaded)
    assert (root.models / "small.gguf").read_bytes() == data
    told = {(each.host, each.proxy) for each in read_contacts(root.contacts)}
    assert told == {("hub.example", "127.0.0.1"), ("store.example", "127.0.0.1")}


def test_nothing_listens_or_nobody_knows_the_name(courier: Courier) -> None:
    nobody = ListRepository(request_id="", endpoint="http://127.0.0.1:9", repository="a/b")
    failed = courier.ask(nobody)
    assert failed.code == ErrorCode.HOST_UNREACHABLE
    odd = ListRepository(request_id="", endpoint="file:///etc", repository="a/b")
    assert courier.ask(odd).code == ErrorCode.ADDRESS_REFUSED
