"""Fault 1: the program is killed while an answer is written."""

import random
from pathlib import Path

import pytest

from core.base.paths import Paths
from tests.benchmarks.kills.written_answers import assert_answers_stay
from tests.faults import dying_program

pytestmark = pytest.mark.slow

_WRITING = """
import sys
from pathlib import Path
from tests.benchmarks.kills.written_answers import write_answers

write_answers(Path(sys.argv[1]))
"""


@pytest.mark.parametrize("seed", range(dying_program.KILLS))
def test_a_question_stays_and_its_answer_up_to_the_last_second(
    root: Paths, starter_model: Path, seed: int
) -> None:
    lines = dying_program.run_and_kill(_WRITING, root.root, dice=random.Random(seed), longest=4.0)
    assert_answers_stay(root, lines)
