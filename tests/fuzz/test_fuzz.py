"""Wrong input for every reader of foreign bytes: it ends in a value or in an error with a sentence.

`INGLENOOK_FUZZ_INPUTS` and `INGLENOOK_FUZZ_SEED` set how many each target gets, and which.
"""

import os
from itertools import islice
from pathlib import Path

import pytest

from tests.fuzz.edits import smallest, wrong_inputs
from tests.fuzz.targets import TARGETS, fault_of

INPUTS = int(os.environ.get("INGLENOOK_FUZZ_INPUTS", "10000"))
SEED = int(os.environ.get("INGLENOOK_FUZZ_SEED", "1"))


@pytest.mark.parametrize("name", TARGETS)
def test_right_input_is_read(name: str, tmp_path: Path) -> None:
    for text in TARGETS[name].corpus():
        TARGETS[name].read(text, tmp_path)


@pytest.mark.parametrize("name", TARGETS)
def test_wrong_input_is_refused(name: str, tmp_path: Path) -> None:
    for wrong in islice(wrong_inputs(TARGETS[name].corpus(), SEED), INPUTS):
        if fault_of(name, wrong.encode(), tmp_path) is not None:
            small = smallest(wrong, lambda data: fault_of(name, data, tmp_path) is not None)
            fault = fault_of(name, small.encode(), tmp_path)
            raise AssertionError(f"{name}: {small.encode()!r}") from fault
