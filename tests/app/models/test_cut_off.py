"""The whole application is killed while it loads a model: whose fault was it?"""

import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from core.app.models.model_quarantine import ModelQuarantine
from core.base.paths import Paths
from tests.waiting import WaitFor

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="SIGSTOP and SIGKILL are POSIX")

PROGRAM = """
import sys, time
from pathlib import Path
from core.app.app import App
from core.base.paths import Paths
app = App(Paths(Path(sys.argv[1])), lambda: None)
app.open_root()
app.model_loading.prepare_model(sys.argv[2])
print(app.engine.pid, flush=True)
time.sleep(60)
"""


def cut_off(root: Paths, model: Path, *, with_child: bool) -> psutil.Process:
    """Begin to load a model and kill the program, with or after its engine; return the latter."""
    command = [sys.executable, "-c", PROGRAM, str(root.root), str(model)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        child = psutil.Process(int(program.stdout.readline()))
        if sys.platform != "win32":
            program.send_signal(signal.SIGSTOP)  # so that it doesn't see its child go
        if with_child:
            child.kill()
        program.kill()
    return child


@pytest.mark.slow
def test_a_program_killed_alone_does_not_tell_against_the_model(
    root: Paths, starter_model: Path, wait_for: WaitFor
) -> None:
    child = cut_off(root, starter_model, with_child=False)
    wait_for(lambda: not child.is_running(), 30)
    assert not root.attempt.exists()
    assert ModelQuarantine(root).preload_problem(str(starter_model)) is None


@pytest.mark.slow
def test_everything_killed_at_once_only_keeps_it_from_being_loaded_by_itself(
    root: Paths, starter_model: Path
) -> None:
    for _time in range(4):
        cut_off(root, starter_model, with_child=True)
        assert root.attempt.exists()
        quarantine = ModelQuarantine(root)
        assert quarantine.preload_problem(str(starter_model)) is not None
        assert not root.attempt.exists()
    assert quarantine.quarantine_problem(str(starter_model), "starter") is None
