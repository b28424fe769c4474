"""What a sealed process still can do, since its work needs it."""

import os
import platform
import subprocess
import sys
from pathlib import Path

import pytest

from core.sandbox.program_start import can_seal_programs

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
os.chdir("/")
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


def test_certificates_are_read_where_a_variable_says_they_lie(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("one.pem", "first/a.pem", "second/b.pem", "other.pem", "root/log"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("-----BEGIN CERTIFICATE-----")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "one.pem"))
    monkeypatch.setenv("SSL_CERT_DIR", f"{tmp_path / 'first'}:{tmp_path / 'second'}")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(Path.home()))
    code = """
place = os.path.dirname(folder)
for name in ("one.pem", "first/a.pem", "second/b.pem"):
    open(os.path.join(place, name)).close()
try:
    open(os.path.join(place, "other.pem"))
except PermissionError:
    pass
else:
    raise AssertionError("nobody named it")
"""
    run_sealed("courier", tmp_path / "root", code)
    with pytest.raises(AssertionError, match="Permission denied"):
        run_sealed("engine", tmp_path / "root", code)


_AS_PROGRAM = """
import os, shutil, sys
from core.messages import StartProgram
from core.sandbox import program_start
folder, given = sys.argv[1:]
start = StartProgram(
    command=(sys.executable,), environment={}, write=(folder,), read=(given,), unsealed=False
)
assert program_start._seal(start)
os.chdir(folder)
open("package.js", "w").write("run")
os.symlink("package.js", "command")
os.link("package.js", "copy")
os.mkdir("deep")
os.link("package.js", "deep/copy")
shutil.copy2("command", "copied")
assert os.listxattr("copied") is not None
assert open("command").read() == open("deep/copy").read() == open("copied").read() == "run"
for attempt in (
    lambda: os.symlink("x", os.path.join(given, "link")),
    lambda: os.link(os.path.join(given, "a.txt"), "mine"),
    lambda: open("leads away", "x").close() or os.unlink("leads away")
    or os.symlink(os.path.dirname(folder) + "/secret", "leads away") or open("leads away"),
):
    try:
        attempt()
    except OSError:
        continue
    raise AssertionError("a link led out of what was agreed to")
"""


@pytest.mark.skipif(not can_seal_programs(), reason="the system has no means to seal")
def test_a_program_makes_links_where_it_may_write_and_gains_nothing_by_them(
    tmp_path: Path,
) -> None:
    for name in ("out", "given"):
        (tmp_path / name).mkdir()
    (tmp_path / "given" / "a.txt").write_text("to read only")
    (tmp_path / "secret").write_text("of nobody else")
    places = [str(tmp_path / "out"), str(tmp_path / "given")]
    command = [sys.executable, "-P", "-c", _AS_PROGRAM, *places]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
