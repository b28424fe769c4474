"""From inside each really started role, all attempts are refused save what the role needs."""

import json
import os
import platform
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from core.app.clients import open_clients
from core.base.paths import Paths
from core.ipc.child_process import ChildProcess
from core.ipc.client import Client
from core.messages import ListFolders, LoadModel, PlanModel, Request
from core.sandbox.landlock import landlock_version
from tests.sandbox.attempts import KERNEL_VARIABLE, PLACES_VARIABLE
from tests.waiting import WaitFor

if sys.platform != "linux":
    pytest.skip("the seal of another system", allow_module_level=True)

pytestmark = pytest.mark.skipif(
    platform.machine() not in {"x86_64", "aarch64"},
    reason="no list of calls for this processor",
)
_PROJECT = Path(__file__).resolve().parents[2]
INTERNET = {"socket INET", "socket INET6"}
ALLOWED: dict[str, set[str]] = {
    "engine": set(),
    "planner": set(),
    "quantizer": set(),
    "trainer": set(),
    "bench": set(),
    "library": {"list processes", "read the parent's command"},
    "extractor": set(),
    "recognizer": set(),
    "renderer": set(),
    "selftest": set(),
    "courier": {*INTERNET, "socket NETLINK"},
    "api": INTERNET,
    "selftest_server": {*INTERNET, "socket NETLINK"},
}
"""What a role needs; none reaches another program of this machine by a socket of its kind."""


@pytest.fixture
def places(root: Paths, tmp_path: Path) -> Iterator[dict[str, str]]:
    """A person's home beside the data folder, and the bus of their session."""
    root.create_folders()
    home = tmp_path / "home"
    (home / ".ssh").mkdir(parents=True)
    files = {
        "ssh": home / ".ssh" / "id_ed25519",
        "document": home / "letter.txt",
        "chats": root.chats,
        "settings": root.settings,
    }
    for path in files.values():
        path.write_bytes(b'{"private": 1}')
    datagrams = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    abstract = f"\0inglenook-test-{os.getpid()}"
    with (
        socket.socket(socket.AF_UNIX) as bus,
        socket.socket(socket.AF_UNIX) as unnamed,
        datagrams,
    ):
        bus.bind(str(tmp_path / "bus"))
        bus.listen()
        unnamed.bind(abstract)
        unnamed.listen()
        datagrams.bind(str(tmp_path / "datagrams"))
        yield {
            **{name: str(path) for name, path in files.items()},
            "home": str(home),
            "root": str(root.root),
            "datagrams": str(tmp_path / "datagrams"),
            "abstract": abstract,
            "bus": str(tmp_path / "bus"),
            "result": str(tmp_path / "result.json"),
        }


def _process(role: str, root: Paths) -> ChildProcess[Any]:
    """Return the process of a role as the product starts it."""
    clients = open_clients(root, lambda: None)
    of_roles: dict[str, Client[Any]] = {
        "engine": clients.engine,
        "planner": clients.planner,
        "quantizer": clients.quantization,
        "trainer": clients.trainer,
        "library": clients.library,
        "courier": clients.courier,
        "api": clients.api,
    }
    model = str(root.models / "one.gguf")
    needed: dict[str, Request[Any, Any]] = {
        "engine": LoadModel(request_id="1", path=model, states_folder=str(root.states)),
        "planner": PlanModel(request_id="1", path=model),
    }
    if role not in of_roles:
        return ChildProcess(role, object, root.logs / f"{role}.log", lambda: None)
    client = of_roles[role]
    client.grant_files(client.grants_for(needed.get(role, ListFolders(request_id="1"))))
    return client._process


def attempts_of(
    role: str, root: Paths, places: dict[str, str], wait_for: WaitFor, *, kernel: int = 0
) -> dict[str, str]:
    """Start a role, on an older kernel if told so; return what its attempts came to."""
    process = _process(role, root)
    process.command = [sys.executable, "-P", "-m", "tests.sandbox.attempting_child", role]
    process.environment[PLACES_VARIABLE] = json.dumps(places)
    process.environment["PYTHONPATH"] = str(_PROJECT)
    process.environment[KERNEL_VARIABLE] = str(kernel or "")
    process.start()
    assert process.pid is not None
    try:
        wait_for(lambda: process.event_count, 60)
    finally:
        process.stop()
    content = Path(places["result"]).read_text()
    assert content, process.log_path.read_text()
    found: dict[str, str] = json.loads(content)
    return found


@pytest.mark.slow
@pytest.mark.parametrize("role", ALLOWED)
def test_a_role_is_refused_all_it_does_not_need(
    role: str, root: Paths, places: dict[str, str], wait_for: WaitFor
) -> None:
    found = attempts_of(role, root, places, wait_for)
    assert found.pop("role") == role
    means = found.pop("means")
    allowed = ALLOWED[role]
    width = max(map(len, found))
    print(f"\n{role} ({means})")
    print("\n".join(f"  {name:{width}} {result}" for name, result in found.items()))
    assert f"Landlock {landlock_version()}, seccomp on" in means
    assert {name for name, result in found.items() if result != "refused"} <= allowed
    assert Path(places["chats"]).read_bytes() == b'{"private": 1}'


@pytest.mark.slow
@pytest.mark.parametrize("kernel", range(1, landlock_version()))
@pytest.mark.parametrize("role", ["engine", "library", "courier"])
def test_an_older_kernel_refuses_the_same(
    role: str, kernel: int, root: Paths, places: dict[str, str], wait_for: WaitFor
) -> None:
    found = attempts_of(role, root, places, wait_for, kernel=kernel)
    means = found.pop("means")
    assert f"Landlock {kernel}, seccomp on" in means
    done = {name for name, result in found.items() if result != "refused"}
    assert done - {"role"} <= ALLOWED[role]
    assert Path(places["document"]).read_bytes() == b'{"private": 1}'
