"""A hub on loopback, and a courier that is asked one thing at a time."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from keyring.backends.fail import Keyring

from core.base.paths import Paths
from core.courier.client import CourierClient
from core.courier.key_store_thread import KeyStoreThread
from core.ipc.reply import Reply
from core.messages import Request
from core.sandbox.grants import Grants
from tests.courier.file_keyring import use_keyring
from tests.courier.hub import LoopbackHub


@pytest.fixture(scope="module")
def standing_hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LoopbackHub]:
    with LoopbackHub(tmp_path_factory.mktemp("hub")) as hub:
        yield hub


@pytest.fixture
def hub(standing_hub: LoopbackHub) -> LoopbackHub:
    """A hub that is well, and was asked nothing yet."""
    standing_hub.begin_anew()
    return standing_hub


class Courier:
    """A real child, asked one thing at a time."""

    def __init__(self, root: Paths) -> None:
        keys = KeyStoreThread(root, lambda: None)
        self.client = CourierClient(root, lambda: None, keys, idle_seconds=600)
        self.progress: list[Any] = []
        self.reply: Reply[Any, Any] = Reply()

    def ask(self, request: Request[Any, Any], until: Callable[[], bool] = lambda: False) -> Any:
        """Return the result of a request or its failure; None as soon as `until` is true."""
        self.progress.clear()
        self.reply = self.client.send(request).on_progress(self.progress.append)
        return self.hear_end(until)

    def hear_end(self, until: Callable[[], bool] = lambda: False) -> Any:
        """Return how what was asked before ends."""
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            self.client.keys.poll()
            self.client.poll()
            if self.reply.is_done:
                return self.reply.failure or self.reply.result
            if until():
                return None
            time.sleep(0.005)
        raise AssertionError("it never ended")


def without_surroundings(patch: pytest.MonkeyPatch) -> None:
    """Take proxies and tokens out of the environment, and the system's key store away."""
    use_keyring(patch, Keyring())  # type: ignore[no-untyped-call]
    for name in ("HF_TOKEN", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        patch.delenv(name, raising=False)
        patch.delenv(name.lower(), raising=False)
    patch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")


@pytest.fixture(scope="module")
def courier(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Courier]:
    """One child for all tests of a file that don't end it: starting one takes most of a second."""
    paths = Paths(tmp_path_factory.mktemp("courier"))
    paths.create_folders()
    with pytest.MonkeyPatch.context() as patch:
        without_surroundings(patch)
        courier = Courier(paths)
        # Each test downloads into a folder of its own: else a child for each would be started.
        places = (str(tmp_path_factory.getbasetemp()),)
        courier.client._own_grants = Grants(write=places)
        courier.client.start()
    yield courier
    courier.client.stop()


@pytest.fixture
def own_courier(root: Paths, monkeypatch: pytest.MonkeyPatch) -> Iterator[Courier]:
    """A child of one's own, to be ended or to be started in other surroundings."""
    without_surroundings(monkeypatch)
    courier = Courier(root)
    yield courier
    courier.client.stop()
