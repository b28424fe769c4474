"""What the courier's process may reach: only hosts that a running request has named."""

import subprocess
import sys

import pytest

from core.base.paths import program_folder
from core.courier.connection.network_gate import NetworkGate, proxy_for

REFUSED = [
    "socket.create_connection(('127.0.0.1', 9), timeout=2)",
    "socket.getaddrinfo('example.org', 443)",
    "socket.gethostbyname('example.org')",
    "socket.socket().connect(('127.0.0.1', 9))",
    "socket.socket().bind(('127.0.0.1', 0))",
    "socket.socket(type=socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', 9))",
]


def run(code: str) -> subprocess.CompletedProcess[str]:
    script = (
        "import socket\nfrom core.courier.connection.network_gate import NetworkGate\n"
        f"gate = NetworkGate()\ngate.lock_network()\n{code}\n"
    )
    return subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=False,
        cwd=program_folder(),
        timeout=60,
    )


def test_what_no_request_has_named_is_refused() -> None:
    tries = "".join(
        f"try:\n    {code}\nexcept ConnectionError as error:\n    print(error)\n"
        for code in REFUSED
    )
    ended = run(tries)
    assert ended.stdout.count("no request named this host") == len(REFUSED), ended.stderr


def test_a_named_host_is_let_through_while_it_is_named() -> None:
    ended = run(
        "def reach():\n"
        "    try:\n        socket.create_connection(('127.0.0.1', 9), timeout=2)\n"
        "    except ConnectionError as error:\n        print(type(error).__name__)\n"
        "with gate.allow_host('127.0.0.1'):\n    reach()\nreach()\n"
    )
    assert ended.stdout.split() == ["ConnectionRefusedError", "NetworkLockedError"], ended.stderr


def test_a_host_is_reached_until_the_last_request_that_named_it_ends() -> None:
    gate = NetworkGate()
    with gate.allow_host("Hub.example"):
        with gate.allow_host("hub.example"), gate.allow_host("other.example"):
            assert gate.is_host_allowed(b"other.example")
        assert gate.is_host_allowed("HUB.example")
        assert not gate.is_host_allowed("other.example")
    assert not gate.is_host_allowed("hub.example")


@pytest.mark.skipif(not hasattr(__import__("socket"), "AF_UNIX"), reason="no such sockets here")
def test_sockets_of_this_machine_are_allowed() -> None:
    ended = run("left, right = socket.socketpair()\nleft.send(b'x')\nprint(right.recv(1))")
    assert ended.stdout.strip() == "b'x'", ended.stderr
    ended = run(
        "try:\n    socket.socket(socket.AF_UNIX).connect('/nobody/listens')\n"
        "except FileNotFoundError:\n    print('asked')"
    )
    assert ended.stdout.strip() == "asked", ended.stderr


def test_which_proxy_a_host_is_reached_through(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("no_proxy", "inside.example")
    monkeypatch.setenv("http_proxy", "http://proxy.example:3128")
    assert proxy_for("http", "hub.example") == "proxy.example"
    assert proxy_for("https", "hub.example") == ""
    assert proxy_for("http", "inside.example") == ""
    assert proxy_for("http", "localhost") == ""
    monkeypatch.setenv("all_proxy", "http://any.example:3128")
    assert proxy_for("https", "hub.example") == "any.example"
