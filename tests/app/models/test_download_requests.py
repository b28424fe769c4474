"""Fetching as a front end sees it: planned, begun, paused over a restart, on the shelf at last."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec import structs

from core.app.app import App
from core.app.network.download_service import DONE, FAILED, PAUSED
from core.app.network.update_service import UpdateService, UpdateSource, load_update_source
from core.app.problems import problem_of_failure
from core.base.errors import ErrorCode, NetworkError
from core.base.paths import Paths
from core.base.settings import network_settings
from core.ipc.reply import Reply
from core.messages import Failed
from core.models.model_catalog import CatalogFile, load_catalog
from tests.courier.conftest import without_surroundings
from tests.courier.file_keyring import use_file_keyring
from tests.courier.hub import LoopbackHub
from tests.gguf.writing import Gguf
from tests.waiting import wait_for

REPOSITORY = "maker/tiny-GGUF"
MODEL = Gguf().encode() + bytes(range(256)) * 16 * 1024
Result = TypeVar("Result")


class Front:
    """An open application."""

    def __init__(self, root: Paths, endpoint: str) -> None:
        self.app = App(root, lambda: None)
        self.app.open_root()
        self.app.settings.set_value(network_settings.HUB, endpoint)

    def wait_for(self, reply: Reply[Any, Result]) -> Result:
        """Return the result of a reply."""
        self.wait_for_end(reply)
        assert reply.result is not None, reply.failure
        return reply.result

    def failure_of(self, reply: Reply[Any, Any]) -> Failed:
        """Return why a reply has no result."""
        self.wait_for_end(reply)
        assert reply.failure is not None
        return reply.failure

    def wait_for_end(self, reply: Reply[Any, Any]) -> None:
        """Return when a reply has ended."""

        def ended() -> bool:
            self.app.process_events()
            return reply.is_done

        wait_for(ended)

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
    use_file_keyring(monkeypatch, root.root.parent / "keys.json")
    hub.go_wrong()
    front = Front(root, hub.endpoint)
    yield front
    front.app.close()


def test_a_fetch_is_paused_over_a_restart_and_ends_on_the_shelf(
    front: Front, hub: LoopbackHub, root: Paths
) -> None:
    app = front.app
    assert app.downloads.host in hub.endpoint
    plan = front.wait_for(app.downloads.plan_download(REPOSITORY))
    assert (plan.name, plan.total_bytes, plan.licence) == ("tiny-Q4_K_M", len(MODEL), "mit")
    assert app.downloads.list_downloads() == ()
    hub.go_wrong(bytes_per_second=3_000_000)
    download_id = app.downloads.start_download(plan)
    wait_for(lambda: front.state() and app.downloads.list_downloads()[0].done > 0)
    app.downloads.pause_download(download_id)
    wait_for(lambda: front.state() == PAUSED)
    app.close()
    hub.go_wrong()

    again = Front(root, hub.endpoint)
    try:
        (kept,) = again.app.downloads.list_downloads()
        assert kept.state == PAUSED
        assert 0 < kept.done < kept.plan.total_bytes
        assert again.app.downloads.find_download("tiny-q4_k_m").plan.download_id == download_id
        assert again.app.downloads.start_download(plan) == download_id
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


def test_what_the_catalog_vouches_for_is_planned_without_asking_anyone(
    front: Front, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = front.app
    file = CatalogFile(level="Q4_0", name="a.gguf", bytes=1, sha256="0" * 64, source="hub")
    vouched = structs.replace(load_catalog()[0], files=(file,))
    monkeypatch.setattr(app.downloads, "_catalog", lambda: (vouched,))
    plan = app.downloads.plan_download(f"{vouched.id}:Q4_0").result
    assert plan is not None
    assert (plan.total_bytes, app.courier.pid) == (1, None)


def test_what_fails_says_why_and_can_be_dropped(front: Front, hub: LoopbackHub) -> None:
    fetches = front.app.downloads
    plan = front.wait_for(fetches.plan_download(f"{REPOSITORY}:Q8_0"))
    assert [Path(file.target).name[-8:] for file in plan.files] == ["002.gguf", "002.gguf"]
    hub.go_wrong(refuse_always=404)
    fetches.start_download(plan)
    wait_for(lambda: front.state() == FAILED)
    (failed,) = fetches.list_downloads()
    assert failed.problem is not None
    assert failed.problem.code == ErrorCode.HUB_NOT_FOUND
    fetches.remove_download(plan.download_id)
    assert fetches.list_downloads() == ()
    assert not list(Path(plan.target).parent.iterdir())
    with pytest.raises(NetworkError) as refused:
        fetches.find_download("tiny")
    assert refused.value.code == ErrorCode.FETCH_UNKNOWN


def test_a_wish_nobody_can_fulfil(front: Front) -> None:
    refused = problem_of_failure(
        front.failure_of(front.app.downloads.plan_download(f"{REPOSITORY}:Q2_K"))
    )
    assert refused.code == ErrorCode.FETCH_NOTHING
    assert "Q4_K_M, Q8_0" in refused.message
    with pytest.raises(NetworkError) as unread:
        front.app.downloads.plan_download("nonsense")
    assert unread.value.code == ErrorCode.FETCH_WISH


def test_a_token_goes_into_the_key_store_and_to_the_hub(front: Front, hub: LoopbackHub) -> None:
    hub.go_wrong(token="secret")
    app = front.app
    refused = front.failure_of(app.downloads.plan_download(REPOSITORY))
    assert refused.code == ErrorCode.HUB_NOT_SHOWN
    front.wait_for_end(app.keys.store_hub_token(hub.endpoint, " secret\n"))
    front.wait_for(app.downloads.plan_download(REPOSITORY))
    front.wait_for_end(app.keys.store_hub_token(hub.endpoint, ""))
    front.failure_of(app.downloads.plan_download(REPOSITORY))


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
    updates = UpdateService(app.courier, app.settings, source, "0.1.0")
    assert updates.address == source.address
    known = front.wait_for(updates.check_for_update())
    assert (known.newer, known.page) == ("99.1", "https://a.org")
    for issued, failure in ((2_000, None), (1_999, ErrorCode.UPDATE_REPLAYED), (2_000, None)):
        manifest = json.dumps({"product": "inglenook", "version": "99.1", "issued": issued})
        signature = key.sign(manifest.encode()).hex()
        said = json.dumps({"manifest": manifest, "signature": signature})
        (hub.folder / "news.json").write_text(said)
        if failure is None:
            assert front.wait_for(updates.check_for_update()).issued == issued
        else:
            assert front.failure_of(updates.check_for_update()).code == failure
    stranger = Ed25519PrivateKey.generate().public_key().public_bytes_raw().hex()
    other = structs.replace(source, public_key=stranger)
    updates = UpdateService(app.courier, app.settings, other, "0.1.0")
    assert front.failure_of(updates.check_for_update()).code == ErrorCode.UPDATE_UNPROVEN


def test_a_build_that_knows_no_address_asks_nobody(front: Front, tmp_path: Path) -> None:
    app = front.app
    assert load_update_source(tmp_path / "none.json") is None
    updates = UpdateService(app.courier, app.settings, None, "0.1.0")
    with pytest.raises(NetworkError) as refused:
        updates.check_for_update()
    assert refused.value.code == ErrorCode.UPDATE_NOWHERE
    assert app.courier.pid is None
