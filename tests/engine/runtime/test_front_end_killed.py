"""What the engine child's log says when the front end is killed while a model is being loaded."""

import subprocess
import sys
from pathlib import Path

import pytest

from core.base.paths import program_folder
from core.ipc.framing import encode_frame, read_payload
from core.messages import LoadModel, Placement

pytestmark = pytest.mark.slow

_LEAVES_IN = 60


def test_a_killed_front_end_leaves_one_quiet_line(starter_model: Path, tmp_path: Path) -> None:
    log = tmp_path / "engine.log"
    with log.open("wb") as errors:
        child = subprocess.Popen(
            [sys.executable, "-m", "core.child_main", "engine"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            cwd=program_folder(),
        )
    assert child.stdin is not None
    assert child.stdout is not None
    assert read_payload(child.stdout) is not None, "it says hello"
    child.stdout.close()
    load = LoadModel(request_id="r", path=str(starter_model), placement=Placement())
    child.stdin.write(encode_frame(load))
    child.stdin.close()
    assert child.wait(_LEAVES_IN) == 0
    told = log.read_text("utf-8")
    assert "Traceback" not in told
    assert "Exception ignored" not in told
    assert told.count("the engine child leaves") <= 1
