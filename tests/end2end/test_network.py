"""Nothing leaves: a whole session, watched by the kernel's own eyes."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.end2end.documents import make_garden


@pytest.mark.skipif(sys.platform != "linux", reason="strace watches Linux only")
def test_no_process_opens_an_internet_socket(tmp_path: Path) -> None:
    strace = shutil.which("strace")
    assert strace, "strace is missing: “python3 packaging/dev.py setup” says how to install it"
    garden = make_garden(tmp_path / "Garden")
    trace = tmp_path / "trace"
    watched = [
        strace,
        "-f",
        "-qq",
        "-e",
        "trace=socket,connect,bind,sendto,execve",
        "-o",
        str(trace),
    ]
    program = [sys.executable, "-P", "-m", "desktop", "--root", str(tmp_path / "root")]
    question = ["ask", "How often are the beds watered?", "--max-tokens", "8"]
    result = subprocess.run(
        [*watched, *program, *question, "--folder", str(garden)],
        capture_output=True,
        text=True,
        timeout=170,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    lines = trace.read_text().splitlines()
    # The trace saw something: children were started and ended under it.
    assert len({line.split()[0] for line in lines}) > 1
    assert not [line for line in lines if "AF_INET" in line]
