"""The network lock, in a process of its own: an audit hook can't be taken out again."""

import subprocess
import sys

import pytest

from core.base.paths import program_folder

REFUSED = [
    "socket.socket(socket.AF_INET).connect(('127.0.0.1', 9))",
    "socket.socket(socket.AF_INET).connect_ex(('127.0.0.1', 9))",
    "socket.socket(socket.AF_INET).bind(('127.0.0.1', 0))",
    "socket.socket(socket.AF_INET6).connect(('::1', 9))",
    "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', 9))",
    "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendmsg([b'x'], [], 0, ('127.0.0.1', 9))",
    "socket.create_connection(('127.0.0.1', 9))",
    "socket.getaddrinfo('example.org', 443)",
    "socket.getaddrinfo(b'example.org', 443)",
    "socket.gethostbyname('example.org')",
    "socket.gethostbyname_ex('example.org')",
    "socket.gethostbyaddr('127.0.0.1')",
    "__import__('urllib.request').request.urlopen('http://127.0.0.1:9/')",
]


def run_locked(code: str) -> subprocess.CompletedProcess[str]:
    script = (
        "import os, socket, tempfile\nfrom core.base import log\n"
        "from core.ipc import network_lock\n"
        f"log.to_stderr()\nnetwork_lock.lock_network()\nnetwork_lock.lock_network()\n{code}\n"
    )
    return subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=False,
        cwd=program_folder(),
        timeout=60,
    )


@pytest.mark.parametrize("code", REFUSED)
def test_the_internet_is_refused_and_the_attempt_logged(code: str) -> None:
    ended = run_locked(code)
    assert ended.returncode == 1
    assert "nothing leaves this machine" in ended.stderr
    assert "network lock refused" in ended.stderr


@pytest.mark.skipif(not hasattr(__import__("socket"), "AF_UNIX"), reason="no such sockets here")
def test_sockets_of_this_machine_are_allowed() -> None:
    ended = run_locked(
        "path = os.path.join(tempfile.mkdtemp(), 'socket')\n"
        "server = socket.socket(socket.AF_UNIX)\nserver.bind(path)\nserver.listen()\n"
        "client = socket.socket(socket.AF_UNIX)\nclient.connect(path)\n"
        "left, right = socket.socketpair()\nleft.send(b'x')\nprint(right.recv(1))"
    )
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.strip() == "b'x'"


def test_a_refusal_is_an_error_that_libraries_expect() -> None:
    ended = run_locked(
        "try:\n    socket.create_connection(('127.0.0.1', 9))\n"
        "except OSError as error:\n    print(type(error).__name__)"
    )
    assert ended.stdout.strip() == "NetworkLockedError"


def test_libraries_are_told_to_stay_offline() -> None:
    ended = run_locked("print(os.environ['HF_HUB_OFFLINE'], os.environ['ANONYMIZED_TELEMETRY'])")
    assert ended.stdout.split() == ["1", "False"]
