"""Faults 3 and 4: the library child is killed at each stage of reading a folder."""

import random
from pathlib import Path

import pytest

from tests.benchmarks.kills.library_kills import (
    STAGES,
    forked_stand_ins,
    kill_again_and_again,
    stand_in_client,
)
from tests.faults import dying_program

pytestmark = pytest.mark.slow


def test_a_library_between_kills_is_what_it_is_in_peace(tmp_path: Path) -> None:
    plan = dict.fromkeys(STAGES, dying_program.KILLS)
    with forked_stand_ins():
        found = kill_again_and_again(tmp_path, plan, 24, random.Random(7), stand_in_client)
    assert {stage: damage.kills for stage, damage in found.items()} == plan
    assert not [damage for damage in found.values() if damage.total]
