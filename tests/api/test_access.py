"""Who is let in at the port, tried over real sockets."""

import json
import os
import stat

import psutil
import pytest

from core.app.api.api_token_store import ApiTokenSummary
from tests.api.conftest import PAGE
from tests.api.open_port import OpenPort

QUESTION = {"model": "", "messages": [{"role": "user", "content": "Wet?"}]}
CHAT = "/v1/chat/completions"


def test_without_the_right_token_nothing_is_answered(port: OpenPort) -> None:
    for token in ("", "ing-wrong", port.token[:-1], port.token + "x"):
        for path in ("/v1/models", "/v1/nothing", "/api/tags", "/"):
            assert port.ask("GET", path, token=token)["status"] == 401
    for headers in (
        {},
        {"authorization": "Bearer wrong"},
        {"authorization": f"Basic {port.token}"},
    ):
        answer = port.ask("POST", CHAT, QUESTION, token="", headers=headers)
        assert answer["status"] == 401
        assert answer["json"]["error"]["code"] == "invalid_api_key"
    assert not port.app.calls


def test_both_headers_of_a_token_are_read(port: OpenPort) -> None:
    assert port.ask("GET", "/v1/models")["status"] == 200
    headers = {"x-api-key": port.token}
    assert port.ask("GET", "/v1/models", token="", headers=headers)["status"] == 200


@pytest.mark.parametrize(
    "host",
    ["evil.example", "127.0.0.1:1", "evil.example:{port}", "127.0.0.1.evil.example", "", "a@b"],
)
def test_a_name_that_was_rebound_is_refused(port: OpenPort, host: str) -> None:
    headers = {"host": host.format(port=port.port)}
    answer = port.ask("GET", "/v1/models", headers=headers)
    assert (answer["status"], answer["json"]["error"]["code"]) == (403, "host_refused")


@pytest.mark.parametrize("host", ["localhost:{port}", "127.0.0.1:{port}", "[::1]:{port}"])
def test_names_of_this_machine_are_let_in(port: OpenPort, host: str) -> None:
    headers = {"host": host.format(port=port.port)}
    assert port.ask("GET", "/v1/models", headers=headers)["status"] == 200


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "http://localhost:3001", "file://"]
)
def test_pages_of_other_origins_are_refused(port: OpenPort, origin: str) -> None:
    headers = {"origin": origin}
    answer = port.ask("POST", CHAT, QUESTION, headers=headers)
    assert answer["status"] == 403
    assert "access-control-allow-origin" not in answer["headers"]
    preflight = port.ask("OPTIONS", CHAT, token="", headers=headers)
    assert preflight["status"] == 403
    assert not port.app.calls


def test_a_page_that_was_named_is_let_in(port: OpenPort) -> None:
    headers = {"origin": PAGE, "access-control-request-method": "POST"}
    preflight = port.ask("OPTIONS", CHAT, token="", headers=headers)
    assert preflight["status"] == 204
    assert preflight["headers"]["access-control-allow-origin"] == PAGE
    answer = port.ask("POST", CHAT, QUESTION, headers={"origin": PAGE})
    assert (answer["status"], answer["headers"]["access-control-allow-origin"]) == (200, PAGE)
    assert port.ask("POST", CHAT, QUESTION, token="", headers={"origin": PAGE})["status"] == 401


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""]
)
def test_what_a_form_can_send_is_refused(port: OpenPort, kind: str) -> None:
    answer = port.ask("POST", CHAT, json.dumps(QUESTION), headers={"content-type": kind})
    assert answer["status"] == 415
    assert not port.app.calls


def test_scopes_bound_what_a_token_is_good_for(port: OpenPort) -> None:
    read = port.read_token("search only", scopes=("search",))
    answer = port.ask("POST", CHAT, QUESTION, token=read.token)
    assert (answer["status"], answer["json"]["error"]["code"]) == (403, "scope_missing")


def test_a_renewed_token_ends_the_old_one_at_once(port: OpenPort) -> None:
    old = port.read_token("renewed")
    assert port.read_token("renewed").token == old.token
    assert port.ask("GET", "/v1/models", token=old.token)["status"] == 200
    new = port.read_token("renewed", renew=True)
    assert port.ask("GET", "/v1/models", token=old.token)["status"] == 401
    assert port.ask("GET", "/v1/models", token=new.token)["status"] == 200


def test_a_token_gets_other_scopes_and_keeps_its_secret(port: OpenPort) -> None:
    read = port.read_token("widened", scopes=("search",))
    assert port.read_token("widened").scopes == ("search",)
    assert port.ask("GET", "/v1/models", token=read.token)["status"] == 403
    assert port.read_token("widened", scopes=("chat", "search")).token == read.token
    assert port.ask("GET", "/v1/models", token=read.token)["status"] == 200


def test_a_forgotten_token_is_worth_nothing(port: OpenPort) -> None:
    read = port.read_token("gone soon", scopes=("chat",))
    assert ApiTokenSummary("gone soon", ("chat",)) in port.tokens.list_tokens()
    port.forget_token("gone soon")
    left = port.tokens.list_tokens()
    assert "gone soon" not in {each.name for each in left}
    assert "local" in {each.name for each in left}
    assert port.ask("GET", "/v1/models", token=read.token)["status"] == 401


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_the_file_of_tokens_is_this_user_s_alone(port: OpenPort) -> None:
    assert stat.S_IMODE(port.paths.api_tokens.stat().st_mode) == 0o600


def test_it_listens_on_loopback_and_nowhere_else(port: OpenPort) -> None:
    child = psutil.Process(port.client.pid)
    listening = [each.laddr for each in child.net_connections("inet") if not each.raddr]
    assert listening == [("127.0.0.1", port.port)]


def test_requests_are_logged_by_their_counts(port: OpenPort) -> None:
    port.ask("POST", CHAT, {"model": "", "messages": [{"role": "user", "content": "SECRET?"}]})
    port.poll_until(lambda: CHAT in {each.path for each in port.app.activities})
    activity = port.app.activities[-1]
    assert (activity.client, activity.path, activity.status) == ("local", CHAT, 200)
    assert (activity.tokens_read, activity.tokens_cached, activity.tokens_written) == (9, 4, 4)
    log = port.paths.api_log.read_text()
    assert CHAT in log
    assert "SECRET" not in log
    assert "garden" not in log
    assert port.token not in log
