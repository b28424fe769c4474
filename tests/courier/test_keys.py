"""The access token of the environment goes to no hub in the clear."""

import pytest

from core.courier.address import parse
from core.courier.keys import TOKEN_VARIABLE, token_for


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
    assert token_for(parse(hub)) == token
