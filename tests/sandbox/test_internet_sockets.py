"""Internet sockets: once they are forbidden, no code opens one, native or not."""

import json
import platform
import subprocess
import sys

import pytest

_SCRIPT = """
import ctypes, json, socket
from core.sandbox import syscall_filter

def opened(family):
    try:
        socket.socket(family, socket.SOCK_STREAM).close()
    except OSError:
        return False
    return True

families = (socket.AF_INET, socket.AF_INET6, socket.AF_UNIX)
before = [opened(family) for family in families]
locked = syscall_filter.forbid_internet_sockets()
after = [opened(family) for family in families]
native = ctypes.CDLL(None)
reads = bool(open("/proc/self/status").read())
print(json.dumps([locked, before, after, native.socket(2, 2, 0), reads]))
"""


@pytest.mark.skipif(
    sys.platform != "linux" or platform.machine() not in {"x86_64", "aarch64"},
    reason="the filter is Linux's",
)
def test_internet_sockets_are_refused_and_all_else_goes_on() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", _SCRIPT], capture_output=True, text=True, check=True
    )
    locked, before, after, native, reads = json.loads(ran.stdout)
    assert locked
    assert before[0]
    assert before[2]
    assert after == [False, False, True]
    assert native == -1
    assert reads
