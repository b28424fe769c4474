"""Wrong input for every reader of foreign bytes: it ends in a value or in an error with a sentence.

`INGLENOOK_FUZZ_INPUTS` and `INGLENOOK_FUZZ_SEED` set how many each target gets, and which.
"""

import os
from itertools import islice
from pathlib import Path

import pytest

from core.base import state_files
from core.base.data_files import move_damaged_aside
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


def test_a_damaged_file_that_is_not_kept_as_it_was_is_a_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    damaged = b"{" * 6
    assert fault_of("state", damaged, tmp_path) is None
    assert not list(tmp_path.iterdir()), "each input begins in an empty folder"

    def keep_less(path: Path) -> Path:
        aside = move_damaged_aside(path)
        aside.write_bytes(b"")
        return aside

    monkeypatch.setattr(state_files, "move_damaged_aside", keep_less)
    assert isinstance(fault_of("state", damaged, tmp_path), AssertionError)
