"""Faults 3 and 4: the library child is killed at each stage of reading a folder."""

import random
from collections import Counter
from pathlib import Path

import pytest

from tests.benchmarks.kills.library_kills import (
    STAGES,
    kill_again_and_again,
    stand_in_client,
)
from tests.faults import dying_program

pytestmark = pytest.mark.slow


def test_a_library_between_kills_is_what_it_is_in_peace(tmp_path: Path) -> None:
    plan = dict.fromkeys(STAGES, dying_program.KILLS)
    damage = kill_again_and_again(tmp_path, plan, 60, random.Random(7), stand_in_client)
    assert damage.kills == Counter(plan)
    assert not damage.total, damage
