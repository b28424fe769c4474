"""The access token of the environment goes to no hub in the clear."""

import threading
from collections.abc import Iterator

import keyring
import pytest
from keyring.backends.fail import Keyring

from core.base.errors import ErrorCode, NetworkError
from core.base.paths import Paths
from core.courier.connection import key_store
from core.courier.connection.folder_keys import FolderKeys
from core.courier.connection.host_address import parse_address
from core.courier.connection.key_store import read_key, store_key
from core.ipc.key_variables import TOKEN_VARIABLE, key_variable


@pytest.mark.parametrize(
    ("hub", "token"),
    [
        ("https://hub.example", "secret"),
        ("http://hub.example", ""),
        ("http://127.0.0.1:8080", "secret"),
    ],
)
def test_where_the_variable_counts(
    hub: str, token: str, root: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(TOKEN_VARIABLE, "secret")
    assert FolderKeys(root).find_access_token(parse_address(hub)) == token


def test_the_variable_is_no_servers_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(TOKEN_VARIABLE, "secret")
    monkeypatch.setattr("keyring.get_password", lambda _service, _name: None)
    assert read_key("server box") == ""


@pytest.fixture
def no_store() -> Iterator[None]:
    """A system without a key store."""
    before = keyring.get_keyring()
    keyring.set_keyring(Keyring())  # type: ignore[no-untyped-call]
    yield
    keyring.set_keyring(before)


@pytest.mark.usefixtures("no_store")
def test_a_server_has_a_variable_of_its_own(root: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    assert key_variable("server my-box.2") == "INGLENOOK_KEY_MY_BOX_2"
    monkeypatch.setenv("INGLENOOK_KEY_BOX", " from the environment\n")
    assert FolderKeys(root).find_server_key("server box") == "from the environment"
    monkeypatch.setattr("keyring.get_password", lambda _service, _name: "stored")
    assert FolderKeys(root).find_server_key("server box") == "stored"


@pytest.mark.usefixtures("no_store")
def test_without_a_key_store_nothing_has_to_be_deleted(root: Paths) -> None:
    store_key("server box", "")
    with pytest.raises(NetworkError) as refused:
        store_key("server box", "secret")
    assert refused.value.code == ErrorCode.KEY_STORE_MISSING
    with pytest.raises(NetworkError) as refused:
        FolderKeys(root).find_server_key("server box")
    assert refused.value.code == ErrorCode.KEY_STORE_MISSING


def test_a_store_that_never_answers_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    end = threading.Event()

    def wait(*_asked: str) -> None:
        assert end.wait(20)

    monkeypatch.setattr("keyring.get_password", wait)
    monkeypatch.setattr("keyring.set_password", wait)
    monkeypatch.setattr(key_store, "PATIENCE_SECONDS", 0.05)
    try:
        for ask in (lambda: read_key("server box", 0.05), lambda: store_key("server box", "key")):
            with pytest.raises(NetworkError) as caught:
                ask()
            assert caught.value.code == ErrorCode.KEY_STORE_MISSING
            assert caught.value.facts == {"detail": "it does not answer"}
        end.set()
        assert read_key("server box") == ""  # it answers again
    finally:
        end.set()
        for thread in threading.enumerate():
            if thread.name == "key store call":
                thread.join(10)
