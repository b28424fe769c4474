"""The access token of the environment goes to no hub in the clear."""

import pytest

from core.courier.connection.host_address import parse_address
from core.courier.connection.key_store import TOKEN_VARIABLE, find_access_token, read_key


@pytest.mark.parametrize(
    ("hub", "token"),
    [
        ("https://hub.example", "secret"),
        ("http://hub.example", ""),
        ("http://127.0.0.1:8080", "secret"),
    ],
)
def test_where_the_variable_counts(hub: str, token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(TOKEN_VARIABLE, "secret")
    assert find_access_token(parse_address(hub)) == token


def test_the_variable_is_no_servers_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(TOKEN_VARIABLE, "secret")
    monkeypatch.setattr("keyring.get_password", lambda _service, _name: None)
    assert read_key("server box") == ""
