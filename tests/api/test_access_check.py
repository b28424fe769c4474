"""What a request must say of itself, header by header, and what becomes of its token."""

from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends.fail import Keyring as NoKeyring
from starlette.datastructures import Headers

from core.api.access_check import AccessCheck, origin_headers
from core.api.api_errors import ApiError
from core.api.api_tokens import ApiTokenStore
from core.messages import SEARCH_SCOPE
from tests.courier.file_keyring import FileKeyring

PORT, PAGE = 8765, "http://localhost:3000"


@pytest.fixture(autouse=True)
def _no_key_store() -> Iterator[None]:
    before: KeyringBackend = keyring.get_keyring()
    keyring.set_keyring(NoKeyring())  # type: ignore[no-untyped-call]
    yield
    keyring.set_keyring(before)


@pytest.fixture
def check(tmp_path: Path) -> AccessCheck:
    return AccessCheck(ApiTokenStore(tmp_path / "tokens.json"), PORT, (PAGE,))


def sent(*lines: tuple[str, str]) -> Headers:
    return Headers(raw=[(name.encode(), value.encode()) for name, value in lines])


@pytest.mark.parametrize(
    "hosts",
    [
        (),
        (f"127.0.0.1:{PORT}", "evil.example"),
        (f"127.0.0.1:{PORT}", f"127.0.0.1:{PORT}"),
        (f"evil.example@127.0.0.1:{PORT}",),
        (f"127.0.0.1:{PORT}/evil",),
        ("127.0.0.1",),
    ],
)
def test_a_host_is_named_once_and_plainly(check: AccessCheck, hosts: tuple[str, ...]) -> None:
    with pytest.raises(ApiError) as refused:
        check.check_host(sent(*(("host", host) for host in hosts)))
    assert (refused.value.status, refused.value.code) == (403, "host_refused")


def test_a_page_has_one_origin(check: AccessCheck) -> None:
    assert check.check_origin(sent(("origin", PAGE))) == PAGE
    with pytest.raises(ApiError) as refused:
        check.check_origin(sent(("origin", PAGE), ("origin", "http://evil.example")))
    assert refused.value.code == "origin_refused"


def test_what_a_page_may_read_is_kept_for_no_other() -> None:
    """Without “Vary” a cache between them would hand one page's leave to another."""
    assert (b"vary", b"Origin") in origin_headers(PAGE)
    assert origin_headers("") == []


def test_a_kind_of_content_is_named_once(check: AccessCheck) -> None:
    json, form = ("content-type", "application/json"), ("content-type", "text/plain")
    check.check_content("POST", sent(json))
    for lines in ((json, form), (form, json), ()):
        with pytest.raises(ApiError) as refused:
            check.check_content("POST", sent(*lines))
        assert refused.value.status == 415


def test_a_renewed_token_is_good_for_what_the_old_one_was(tmp_path: Path) -> None:
    tokens = ApiTokenStore(tmp_path / "tokens.json")
    tokens.read_token("reader", (SEARCH_SCOPE,), renew=False)
    assert tokens.read_token("reader", (), renew=True).scopes == (SEARCH_SCOPE,)


def test_a_token_lies_in_one_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file of a time without a key store would be a second copy of the secret."""
    path = tmp_path / "tokens.json"
    old = ApiTokenStore(path).read_token("local", (), renew=False)
    assert path.exists()
    monkeypatch.setenv("TEST_KEYS", str(tmp_path / "keys.json"))
    keyring.set_keyring(FileKeyring())  # type: ignore[no-untyped-call]
    tokens = ApiTokenStore(path)
    assert tokens.read_token("local", (), renew=False) == old
    new = tokens.read_token("local", (), renew=True)
    assert not path.exists()
    assert ApiTokenStore(path).find_token(new.token) == new
