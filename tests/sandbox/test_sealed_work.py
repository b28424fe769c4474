"""What a sealed process still can do, since its work needs it."""

import os
import platform
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or platform.machine() not in {"x86_64", "aarch64"},
    reason="the seal of another system",
)
_IN_ROLE = """
import os, sys
from core.engine.runtime import kv_snapshots
from core.sandbox.grants import Grants
from core.sandbox.seal import current_seal, seal_process
role, folder = sys.argv[1:]
seal_process(role, Grants(write=(folder,)))
assert current_seal().calls
"""


def run_sealed(role: str, folder: Path, code: str) -> None:
    """Run Python code in a process that is held to a role, and may write into `folder`."""
    command = [sys.executable, "-P", "-c", _IN_ROLE + code, role, str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_engine_marks_a_saved_state_as_used(tmp_path: Path) -> None:
    folder = tmp_path / "states" / "chat"
    folder.mkdir(parents=True)
    code = """
kept = kv_snapshots.KvSnapshotStore()
kept.configure_limits(os.path.dirname(folder), 1 << 20, 0)
kept.write_to_disk("a" * 64, folder, kv_snapshots.KvSnapshot((1, 2), bytearray(b"state")))
kept.close()
"""
    run_sealed("engine", folder.parent, code.replace("folder", "folder + '/chat'"))
    (state,) = folder.iterdir()
    os.utime(state, (1, 1))
    code = "assert kv_snapshots._read(kv_snapshots._file(folder, 'a' * 64), 'a' * 64, [1, 2], 0)"
    run_sealed("engine", folder, code)
    assert state.stat().st_mtime > 1
