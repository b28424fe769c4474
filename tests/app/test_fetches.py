"""Fetching as a front end sees it: planned, begun, paused over a restart, on the shelf at last."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec import structs

from core.app.app import App
from core.app.events.app_events import AppEvent, RequestFailed
from core.app.events.network_events import DownloadPlanned, KeyStored, UpdateCheckFinished
from core.app.network.download_service import DONE, FAILED, PAUSED
from core.app.network.update_service import UpdateService, UpdateSource, load_update_source
from core.base.errors import ErrorCode, NetworkError
from core.base.paths import Paths, program_folder
from core.base.settings import network_settings
from core.models.model_catalog import CatalogFile, load_catalog
from tests.courier.conftest import without_surroundings
from tests.courier.hub import LoopbackHub
from tests.gguf.writing import Gguf
from tests.waiting import wait_for

REPOSITORY = "maker/tiny-GGUF"
MODEL = Gguf().encode() + bytes(range(256)) * 16 * 1024
Heard = TypeVar("Heard", bound=AppEvent)


class Front:
    """An application whose events are kept."""

    def __init__(self, root: Paths, endpoint: str) -> None:
        self.app = App(root, lambda: None)
        self.events: list[AppEvent] = []
        self.app.subscribe(self.events.append)
        self.app.open_root()
        self.app.settings.set_value(network_settings.HUB, endpoint)

    def hears(self, kind: type[Heard]) -> Heard:
        """Return the next event of a kind."""

        def found() -> list[Heard]:
            self.app.process_events()
            return [event for event in self.events if isinstance(event, kind)]

        wait_for(found)
        event = found()[0]
        self.events.clear()
        return event

    def state(self) -> str:
        """Return how the only fetch stands."""
        self.app.process_events()
        return self.app.downloads.list_downloads()[0].state


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LoopbackHub]:
    with LoopbackHub(tmp_path_factory.mktemp("hub")) as hub:
        hub.add(REPOSITORY, "tiny-Q4_K_M.gguf", MODEL)
        hub.add(REPOSITORY, "tiny-Q8_0-00001-of-00002.gguf", b"first")
        hub.add(REPOSITORY, "tiny-Q8_0-00002-of-00002.gguf", b"second")
        yield hub


@pytest.fixture
def front(hub: LoopbackHub, root: Paths, monkeypatch: pytest.MonkeyPatch) -> Iterator[Front]:
    without_surroundings(monkeypatch)
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "tests.courier.file_keyring.FileKeyring")
    monkeypatch.setenv("PYTHONPATH", str(program_folder()))
    monkeypatch.setenv("TEST_KEYS", str(root.root / "keys.json"))
    hub.go_wrong()
    front = Front(root, hub.endpoint)
    yield front
    front.app.close()


def test_a_fetch_is_paused_over_a_restart_and_ends_on_the_shelf(
    front: Front, hub: LoopbackHub, root: Paths
) -> None:
    app = front.app
    assert app.downloads.host in hub.endpoint
    app.downloads.plan_download(REPOSITORY)
    plan = front.hears(DownloadPlanned).plan
    assert (plan.name, plan.total_bytes, plan.licence) == ("tiny-Q4_K_M", len(MODEL), "mit")
    assert app.downloads.list_downloads() == ()
    hub.go_wrong(bytes_per_second=3_000_000)
    fetch_id = app.downloads.start_download(plan)
    wait_for(lambda: front.state() and app.downloads.list_downloads()[0].done > 0)
    app.downloads.pause_download(fetch_id)
    wait_for(lambda: front.state() == PAUSED)
    app.close()
    hub.go_wrong()

    again = Front(root, hub.endpoint)
    try:
        (kept,) = again.app.downloads.list_downloads()
        assert kept.state == PAUSED
        assert 0 < kept.done < kept.plan.total_bytes
        assert again.app.downloads.find_download("tiny-q4_k_m").plan.fetch_id == fetch_id
        assert again.app.downloads.start_download(plan) == fetch_id
        wait_for(lambda: again.state() == DONE)
        (done,) = again.app.downloads.list_downloads()
        assert done.ref == "tiny-q4_k_m"
        assert Path(plan.target).read_bytes() == MODEL
        entry = again.app.models.find_usable_model(done.ref)
        assert entry.sha256 == hashlib.sha256(MODEL).hexdigest(), "the courier's proof is taken"
        again.app.checksums.compute_missing_checksums()
        assert again.app.checksums.checksum_state(entry.path) == "known", "it isn't computed again"
    finally:
        again.app.close()
    front.app.open_root()


def test_what_the_catalog_vouches_for_is_told_without_waiting_for_anything_else(
    root: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_surroundings(monkeypatch)
    woken: list[bool] = []
    app = App(root, lambda: woken.append(True))
    events: list[AppEvent] = []
    app.subscribe(events.append)
    app.open_root()
    try:
        file = CatalogFile(level="Q4_0", name="a.gguf", bytes=1, sha256="0" * 64, source="hub")
        vouched = structs.replace(load_catalog()[0], files=(file,))
        monkeypatch.setattr(app.downloads, "_catalog", lambda: (vouched,))
        woken.clear()
        request_id = app.downloads.plan_download(f"{vouched.id}:Q4_0")
        assert woken, "nobody would look"
        app.process_events()
        (planned,) = [event for event in events if isinstance(event, DownloadPlanned)]
        assert planned.request_id == request_id
    finally:
        app.close()


def test_what_fails_says_why_and_can_be_dropped(front: Front, hub: LoopbackHub) -> None:
    fetches = front.app.downloads
    fetches.plan_download(f"{REPOSITORY}:Q8_0")
    plan = front.hears(DownloadPlanned).plan
    assert [Path(file.target).name[-8:] for file in plan.files] == ["002.gguf", "002.gguf"]
    hub.go_wrong(refuse_always=404)
    fetches.start_download(plan)
    wait_for(lambda: front.state() == FAILED)
    (failed,) = fetches.list_downloads()
    assert failed.problem is not None
    assert failed.problem.code == ErrorCode.HUB_NOT_FOUND
    fetches.remove_download(plan.fetch_id)
    assert fetches.list_downloads() == ()
    assert not list(Path(plan.target).parent.iterdir())
    with pytest.raises(NetworkError):
        fetches.find_download("tiny")


def test_a_wish_nobody_can_fulfil(front: Front) -> None:
    front.app.downloads.plan_download(f"{REPOSITORY}:Q2_K")
    refused = front.hears(RequestFailed).problem
    assert refused.code == ErrorCode.FETCH_NOTHING
    assert "Q4_K_M, Q8_0" in refused.message
    with pytest.raises(NetworkError):
        front.app.downloads.plan_download("nonsense")


def test_a_token_goes_into_the_key_store_and_to_the_hub(front: Front, hub: LoopbackHub) -> None:
    hub.go_wrong(token="secret")
    front.app.downloads.plan_download(REPOSITORY)
    assert front.hears(RequestFailed).problem.code == ErrorCode.HUB_NOT_SHOWN
    front.app.keys.store_hub_token(hub.endpoint, " secret\n")
    front.hears(KeyStored)
    front.app.downloads.plan_download(REPOSITORY)
    front.hears(DownloadPlanned)
    front.app.keys.store_hub_token(hub.endpoint, "")
    front.hears(KeyStored)
    front.app.downloads.plan_download(REPOSITORY)
    front.hears(RequestFailed)


def test_news_are_asked_for_once_and_must_be_signed(front: Front, hub: LoopbackHub) -> None:
    key = Ed25519PrivateKey.generate()
    manifest = json.dumps({"product": "inglenook", "version": "99.1", "page": "https://a.org"})
    signature = key.sign(manifest.encode()).hex()
    said = json.dumps({"manifest": manifest, "signature": signature})
    (hub.folder / "news.json").write_text(said)
    app = front.app
    source = UpdateSource(
        address=f"{hub.endpoint}/raw/news.json",
        public_key=key.public_key().public_bytes_raw().hex(),
    )
    app._network.updates = app.updates = UpdateService(
        app.courier, app.settings, app._emit, source, "0.1.0"
    )
    assert app.updates.address == source.address
    app.updates.check_for_update()
    known = front.hears(UpdateCheckFinished)
    assert (known.newer, known.page) == ("99.1", "https://a.org")
    stranger = Ed25519PrivateKey.generate().public_key().public_bytes_raw().hex()
    other = structs.replace(source, public_key=stranger)
    app._network.updates = app.updates = UpdateService(
        app.courier, app.settings, app._emit, other, "0.1.0"
    )
    app.updates.check_for_update()
    assert front.hears(RequestFailed).problem.code == ErrorCode.UPDATE_UNPROVEN


def test_a_build_that_knows_no_address_asks_nobody(front: Front, tmp_path: Path) -> None:
    app = front.app
    assert load_update_source(tmp_path / "none.json") is None
    app._network.updates = app.updates = UpdateService(
        app.courier, app.settings, app._emit, None, "0.1.0"
    )
    with pytest.raises(NetworkError):
        app.updates.check_for_update()
    assert app.courier.pid is None
