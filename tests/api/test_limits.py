"""Limits of the port: what is too long, too deep, too slow or too much is ended."""

import json

import pytest

from core.api import api_request
from tests.api.open_port import OpenPort

CHAT = "/v1/chat/completions"


def head(port: OpenPort, *lines: str) -> str:
    fields = (
        f"POST {CHAT} HTTP/1.1",
        f"Host: 127.0.0.1:{port.port}",
        f"Authorization: Bearer {port.token}",
        "Content-Type: application/json",
        *lines,
    )
    return "\r\n".join(fields) + "\r\n\r\n"


@pytest.mark.parametrize(
    "body", ["", "{", "[]", '{"a": NaN}', '"x"', "{}", "\ud83d".encode("utf-8", "replace").decode()]
)
def test_nonsense_gets_the_error_object(port: OpenPort, body: str) -> None:
    answer = port.ask("POST", CHAT, body, headers={"content-type": "application/json"})
    assert answer["status"] == 400
    assert set(answer["json"]["error"]) == {"message", "type", "param", "code"}
    assert answer["json"]["error"]["type"] == "invalid_request_error"


def test_nesting_has_a_limit(port: OpenPort) -> None:
    for depth in (100, 100_000):
        body = '{"messages": ' + "[" * depth + "]" * depth + "}"
        assert port.ask("POST", CHAT, body)["status"] == 400
    assert port.ask("GET", "/v1/models")["status"] == 200


def test_a_body_that_says_it_is_too_long_is_not_read(port: OpenPort) -> None:
    pieces = [head(port, f"Content-Length: {api_request.MAX_BODY + 1}")]
    answer = port.order(pieces=pieces)
    assert answer["text"].startswith("HTTP/1.1 413")
    assert answer["closed"]


def test_a_head_that_is_too_long_is_refused(port: OpenPort) -> None:
    answer = port.order(pieces=[head(port, *(f"X-{n}: {'y' * 1000}" for n in range(80)))])
    assert answer["text"].startswith("HTTP/1.1 4")
    assert answer["closed"]


def test_garbage_is_no_request(port: OpenPort) -> None:
    for pieces in (
        ["\x16\x03\x01 hello\r\n\r\n"],
        [head(port, "Content-Length: -1")],
        [head(port, "Content-Length: 2", "Content-Length: 3")],
        [head(port, "Host: elsewhere")],
        [head(port, "Transfer-Encoding: chunked"), "zz\r\n"],
    ):
        answer = port.order(pieces=pieces)
        assert answer["text"].startswith("HTTP/1.1 400")
        told = json.loads(answer["text"].partition("\r\n\r\n")[2])
        assert told["error"]["type"] == "invalid_request_error"
        assert answer["closed"]
    assert port.ask("GET", "/v1/models")["status"] == 200


def test_a_length_that_is_said_in_two_ways_is_refused(port: OpenPort) -> None:
    pieces = [head(port, "Content-Length: 2", "Transfer-Encoding: chunked")]
    answer = port.order(pieces=pieces, enough="two ways")
    assert answer["text"].startswith("HTTP/1.1 400")
    assert "two ways" in answer["text"]


def test_unknown_paths_and_methods(port: OpenPort) -> None:
    for path in (
        "/docs/",
        "/v1",
        "/v1/chat",
        "/etc/passwd",
        "/v1/models/../../etc/passwd",
        "/docs",
    ):
        answer = port.ask("GET", path)
        assert answer["status"] in {400, 404}
        assert answer["json"]["error"]["type"] == "invalid_request_error"
    assert port.ask("GET", "/v1/zzz")["json"]["error"]["code"] == "unknown_url"
    assert port.ask("GET", CHAT)["status"] == 405
    refused = port.ask("DELETE", "/v1/models")
    assert refused["status"] == 405
    assert "DELETE" in refused["json"]["error"]["message"]
    assert "GET" in refused["headers"]["allow"]
    assert port.ask("GET", "/api/zzz")["json"]["error"].startswith("Nothing is served")
    assert port.ask("GET", "/v1/messages")["json"]["error"]["type"] == "invalid_request_error"
    assert port.ask("POST", "/v1/responses/compact", {})["status"] == 404


def test_unknown_parameters_are_named(port: OpenPort) -> None:
    body = {"model": "", "messages": [{"role": "user", "content": "?"}], "best_of": 2}
    error = port.ask("POST", CHAT, body)["json"]["error"]
    assert (error["code"], error["param"]) == ("unsupported_parameter", "best_of")
    body = {"model": "", "messages": [{"role": "user", "content": "?"}], "temperature": "hot"}
    error = port.ask("POST", CHAT, body)["json"]["error"]
    assert (error["code"], error["param"]) == ("invalid_value", "temperature")
    assert (
        port.ask("POST", CHAT, {"model": "", "messages": []})["json"]["error"]["param"]
        == "messages"
    )
    assert port.ask("POST", CHAT, {"model": ""})["json"]["error"]["param"] == "messages"


@pytest.mark.slow
def test_a_client_that_sends_slowly_is_closed(port: OpenPort) -> None:
    """Slow-loris: a head of which a byte comes now and then."""
    pieces = ["GET /v1/models HTTP/1.1\r\n", *"Host: 127.0.0.1\r\nX-Slow: aaaaaaa"]
    answer = port.order(pieces=pieces, pause=0.5)
    assert answer["closed"]
    assert not answer["text"]
    assert answer["seconds"] < 25
