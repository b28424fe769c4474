"""The long form of the fuzz tests: `python -m tests.fuzz [TARGET…] [--inputs N] [--seed N]`.

Prints how fast each target goes. An input that shows a fault is made small and written beside.
"""

import argparse
import logging
import sys
import tempfile
import time
import traceback
from itertools import islice
from pathlib import Path

from tests.fuzz.edits import smallest, wrong_inputs
from tests.fuzz.targets import TARGETS, fault_of


def _run(name: str, inputs: int, seed: int, folder: Path) -> bool:
    began = time.monotonic()
    for wrong in islice(wrong_inputs(TARGETS[name].corpus(), seed), inputs):
        if fault_of(name, wrong.encode(), folder) is not None:
            small = smallest(wrong, lambda data: fault_of(name, data, folder) is not None).encode()
            kept = Path(f"fuzz-{name}.bin")
            kept.write_bytes(small)
            fault = fault_of(name, small, folder)
            traceback.print_exception(fault)
            print(f"{name}: FAULT {fault!r}, input in {kept}", flush=True)
            return False
    seconds = time.monotonic() - began
    print(f"{name}: {inputs} inputs, {inputs / seconds:.0f} a second", flush=True)
    return True


def main() -> int:
    """Run the targets asked for; 1 if one of them shows a fault."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("targets", nargs="*", choices=[[], *TARGETS], default=[])
    parser.add_argument("--inputs", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=time.time_ns() % 1_000_000)
    options = parser.parse_args()
    logging.disable()
    print(f"seed {options.seed}", flush=True)
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        passed = [
            _run(name, options.inputs, options.seed, Path(folder))
            for name in options.targets or TARGETS
        ]
    return 0 if all(passed) else 1


if __name__ == "__main__":
    sys.exit(main())
