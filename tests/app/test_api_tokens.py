"""Tokens of other programs: where they lie, what is told of them, and who learns of a change."""

from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends.fail import Keyring as NoKeyring

from core.api.accepted_tokens import AcceptedTokens
from core.app.api.api_token_store import ApiTokenStore
from core.base.paths import Paths
from core.messages import SEARCH_SCOPE, AcceptTokens, OpenApi
from tests.courier.file_keyring import FileKeyring
from tests.fakes.app import FakeChildren, prepare_root


@pytest.fixture(autouse=True)
def _no_key_store() -> Iterator[None]:
    before: KeyringBackend = keyring.get_keyring()
    keyring.set_keyring(NoKeyring())  # type: ignore[no-untyped-call]
    yield
    keyring.set_keyring(before)


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
    assert ApiTokenStore(path).read_token("local", (), renew=False) == new


def test_the_file_of_an_earlier_version_is_moved_from_where_the_child_may_read(root: Paths) -> None:
    earlier = ApiTokenStore(root.earlier_api_tokens).read_token("local", (), renew=False)
    tokens = ApiTokenStore(root.api_tokens, root.earlier_api_tokens)
    assert tokens.read_token("local", (), renew=False) == earlier
    assert not root.earlier_api_tokens.exists()
    assert ApiTokenStore(root.api_tokens).read_token("local", (), renew=False) == earlier


def test_nothing_that_is_logged_or_sent_to_the_child_holds_a_token(root: Paths) -> None:
    tokens = ApiTokenStore(root.api_tokens)
    token = tokens.read_token("local", (), renew=False)
    opening = OpenApi(request_id="", port=0, tokens=tokens.accepted, log_path="")
    for each in (token, opening, AcceptTokens(request_id="", tokens=tokens.accepted)):
        assert token.token not in repr(each)
    accepted = AcceptedTokens(tokens.accepted)
    assert accepted.find_token(token.token) == tokens.accepted[0]
    assert accepted.find_token(token.token[:-1]) is None
    assert accepted.find_token("") is None


def test_an_open_port_learns_of_a_new_token_before_it_is_shown(tmp_path: Path) -> None:
    children = FakeChildren()
    app = children.make_app(prepare_root(tmp_path))
    app.open_root()
    app.api.open_port()
    app.process_events()
    children.api.held.add(AcceptTokens)
    read = app.api.read_token(renew=True)
    app.process_events()
    assert not read.is_done  # the old one may still be good
    children.api.serve(children.api.waiting_for(AcceptTokens)[-1])
    app.process_events()
    assert read.result is not None
    accepted = AcceptedTokens(children.api.all_sent(AcceptTokens)[-1].tokens)
    assert accepted.find_token(read.result.token) is not None
    app.close()


def test_a_port_that_was_closed_while_the_key_store_asked_stays_closed(tmp_path: Path) -> None:
    children = FakeChildren()
    children.keys.is_locked = True
    app = children.make_app(prepare_root(tmp_path))
    app.open_root()
    opening = app.api.open_port()
    app.api.close_port()
    children.keys.unlock()
    app.process_events()
    assert opening.failure is not None
    assert not children.api.all_sent(OpenApi)
    app.close()
