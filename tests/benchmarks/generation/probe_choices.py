"""Prints what a model's timing chooses, again and again, beside programs that compute now and then.

Usage: python tests/benchmarks/generation/probe_choices.py [--model FILE.gguf] [--runs N]
       [--busy N]

On an unchanged machine the choice should be the same each time. Each of the --busy programs writes
64 MiB again and again, for a twentieth to six tenths of a second, and sleeps as long.
"""

import argparse
import subprocess
import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))
from core import gguf
from core.base.paths import shipped_models
from core.engine.llama.llama_parameters import PROCESSOR
from core.engine.memory.attention_shape import model_shape
from core.engine.tuning.engine_probe import EngineProbe
from core.messages import EngineTuning

_CELLS = 8192
_BUSY = """
import random, time
import numpy
numbers = numpy.zeros(8 << 20)
while True:
    end = time.monotonic() + random.uniform(0.05, 0.6)
    while time.monotonic() < end:
        numbers += 1
    time.sleep(random.uniform(0.05, 0.6))
"""


def main() -> None:
    """Time the model, and count the choices."""
    options = _options()
    programs = [subprocess.Popen([sys.executable, "-c", _BUSY]) for _ in range(options.busy)]
    choices: Counter[str] = Counter()
    for _run in range(options.runs):
        tuning = _time(options.model)
        choice = f"flash attention {tuning.flash_attention}, batches of {tuning.batch}"
        choices[choice] += 1
        sys.stdout.write(f"{choice}: {tuning.gain:.3f} times as fast; {tuning.seconds:.2f} s\n")
    for program in programs:
        program.kill()
        program.wait()
    sys.stdout.write("".join(f"{count} times {each}\n" for each, count in choices.most_common()))


def _time(model: Path) -> EngineTuning:
    shape = model_shape(gguf.read_header(model))
    if shape is None:
        raise SystemExit(f"{model.name} has no shape that can be timed")
    probe = EngineProbe("here", shape, PROCESSOR, _CELLS)
    try:
        while (tuning := probe.run_piece()) is None:
            pass
    finally:
        probe.close()
    return tuning


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--model", type=Path, default=shipped_models()[0])
    parser.add_argument("--runs", type=int, default=10)
    parser.add_argument("--busy", type=int, default=2)
    return parser.parse_args()


if __name__ == "__main__":
    main()
