"""The key reaches a child that needs it through its pipe, and no other way, and no other child."""

import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from core.base.data_files import read_data_file
from core.base.data_key import KEY_BYTES, DataFileCipher, is_encrypted, no_key, use_data_key
from core.ipc.child_process import ChildProcess
from core.messages import ChildDied, Hello
from tests.waiting import WaitFor

KEY = bytes(range(KEY_BYTES))
CHILD = """
import os, sys
from pathlib import Path
from core.base.data_files import write_data_file
from core.ipc.channel import take_standard_streams
from core.ipc.key_handover import take_data_key
incoming, _outgoing = take_standard_streams()
told = "\\n".join([*sys.argv, *(f"{name}={value}" for name, value in os.environ.items())])
take_data_key(incoming)
left = [name for name in os.environ if "KEY_FIRST" in name]
write_data_file(Path(sys.argv[1]), told.encode())
sys.exit(len(left))
"""


@pytest.fixture(autouse=True)
def _plain_again() -> Iterator[None]:
    yield
    use_data_key(no_key)


def run_child(role: str, root: Path, wait_for: WaitFor) -> bytes:
    path = root / "told"
    command = [sys.executable, "-P", "-c", CHILD, str(path)]
    child: ChildProcess[Hello] = ChildProcess(
        role, Hello, root / "child.log", lambda: None, command=command
    )
    child.start()
    ended: list[object] = []

    def has_ended() -> bool:
        ended.extend(child.poll())
        return bool(ended)

    wait_for(has_ended)
    assert ended == [ChildDied(role=role, exit_code=0, tail="")]
    return path.read_bytes()


def test_the_engine_has_the_key_by_its_pipe_alone(tmp_path: Path, wait_for: WaitFor) -> None:
    use_data_key(lambda: KEY, partial(DataFileCipher, tmp_path), proven_for=tmp_path)
    assert is_encrypted(run_child("engine", tmp_path, wait_for))
    told = read_data_file(tmp_path / "told").decode()
    assert "INGLENOOK_KEY_FIRST=1" in told
    assert KEY.hex() not in told
    assert KEY.decode("latin-1") not in told


@pytest.mark.parametrize("role", ["extractor", "recognizer", "renderer", "planner", "quantizer"])
def test_children_that_keep_nothing_have_no_key(
    role: str, tmp_path: Path, wait_for: WaitFor
) -> None:
    use_data_key(lambda: KEY, partial(DataFileCipher, tmp_path), proven_for=tmp_path)
    assert b"KEY_FIRST" not in run_child(role, tmp_path, wait_for)
