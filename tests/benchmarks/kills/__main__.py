"""The kills of all stages: `python -m tests.benchmarks.kills [STAGE…] [--kills 100] [--seed 1]`.

Runs the scripts beside this one and prints how often each stage was killed, and what was wrong
then; 1 if anything was, or if a stage was killed too seldom.
"""

import argparse
import os
import re
import subprocess
import sys
from pathlib import Path

_LIBRARY = ("waiting", "reading", "embedding", "writing", "indexing", "random")
_SCRIPTS = {
    **dict.fromkeys(_LIBRARY, "library_kills"),
    "chat": "chat_kills",
    "answering": "model_kills",
    "converting": "conversion_kills",
    "quantizing": "quantize_kills",
    "downloading": "download_kills",
}
_LINE = re.compile(r"^(\w+): killed (\d+).*?, wrong (\d+)", re.MULTILINE)


def main() -> int:
    """Run what is asked for, all of it by default; print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("stages", nargs="*", choices=[[], *_SCRIPTS], default=[])
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    rows: list[tuple[str, int, int]] = []
    for stage in options.stages or _SCRIPTS:
        name = _SCRIPTS[stage]
        words = [stage] if stage in _LIBRARY else []
        module = [sys.executable, "-P", "-m", f"tests.benchmarks.kills.{name}", *words]
        for option in ("kills", "seed"):
            module += [f"--{option}", str(getattr(options, option))]
        done = subprocess.run(
            module,
            stdout=subprocess.PIPE,
            text=True,
            check=False,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[3])},
        )
        found = _LINE.findall(done.stdout)
        rows += [(stage, int(kills), int(wrong)) for stage, kills, wrong in found]
        if not found:
            rows.append((stage, 0, done.returncode))
    print(f"{'stage':<14}{'kills':>6}{'wrong':>7}")
    for stage, kills, wrong in rows:
        print(f"{stage:<14}{kills:>6}{wrong:>7}")
    return int(any(wrong or kills < options.kills for _stage, kills, wrong in rows))


if __name__ == "__main__":
    sys.exit(main())
