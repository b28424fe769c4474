"""Faults 3 and 4: the library child is killed at each stage of reading a folder."""

import json
from pathlib import Path

import pytest

from tests.benchmarks.kills.library_kills import STAGES
from tests.faults import dying_program

pytestmark = pytest.mark.slow

_KILLING = """
import json
import random
import sys
from pathlib import Path
from tests.benchmarks.kills import library_kills

plan = dict.fromkeys(library_kills.STAGES, int(sys.argv[2]))
with library_kills.forked_stand_ins():
    found = library_kills.kill_again_and_again(
        Path(sys.argv[1]), plan, 24, random.Random(7), library_kills.stand_in_client
    )
print(json.dumps({stage: [damage.kills, damage.total] for stage, damage in found.items()}))
"""
"""In a process of its own: where other threads run, a fork may take a lock along that is held."""


def test_a_library_between_kills_is_what_it_is_in_peace(tmp_path: Path) -> None:
    code, lines = dying_program.run_to_end(_KILLING, tmp_path, str(dying_program.KILLS))
    assert code == 0
    assert json.loads(lines[-1]) == {stage: [dying_program.KILLS, 0] for stage in STAGES}
