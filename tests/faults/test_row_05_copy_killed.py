"""Fault 5: the program is killed while it copies a model."""

import random
from pathlib import Path

import pytest

from core.base.paths import Paths
from core.models.files.model_copy import remove_unfinished_copies
from tests.faults import dying_program

pytestmark = pytest.mark.slow

_COPYING = """
import sys
from pathlib import Path
from core.models.files.model_copy import copy_model_files
source, folder = Path(sys.argv[1]), Path(sys.argv[2])
print("ready", flush=True)
for number in range(1000):
    copy_model_files((source,), folder, lambda *_: None, lambda: None)
    (folder / source.name).rename(folder / f"{number}.gguf")
"""


@pytest.mark.parametrize("seed", range(dying_program.KILLS))
def test_no_half_model_has_a_model_s_name(root: Paths, tmp_path: Path, seed: int) -> None:
    source = tmp_path / "large.gguf"
    source.write_bytes(b"GGUF" + b"\1" * 40_000_000)
    dying_program.run_and_kill(_COPYING, source, root.models, dice=random.Random(seed), longest=0.4)
    for path in root.models.glob("*.gguf"):
        assert path.read_bytes() == source.read_bytes()
    remove_unfinished_copies(root.models)
    assert not [path for path in root.models.iterdir() if path.suffix != ".gguf"]
