"""Prints what encryption costs at a start: a data folder opened in fresh processes, in turns.

Processor time of a process that imports the application and opens the folder, as a window does; the
encrypted one is unlocked by a key store, whose answer costs nothing here.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[3]
_OPEN = """
import sys, time
from pathlib import Path
from core.app.app import App
from core.base.paths import Paths
app = App(Paths(Path(sys.argv[1])), lambda: None)
began = time.process_time()
app.open_root()
ended = time.process_time()
app.close()
print(ended - began, ended)
"""


def main() -> None:
    """Make two folders, open them in turns."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pairs", nargs="?", type=int, default=9, help="starts of each folder")
    pairs: int = parser.parse_args().pairs
    with tempfile.TemporaryDirectory(prefix="encryption-start-") as folder:
        environment = {
            **os.environ,
            "PYTHONPATH": str(PROJECT),
            "PYTHON_KEYRING_BACKEND": "tests.courier.file_keyring.FileKeyring",
            "TEST_KEYS": str(Path(folder, "keys.json")),
        }
        roots = {name: str(Path(folder, name)) for name in ("plain", "encrypted")}
        for name, root in roots.items():
            command = [sys.executable, "-P", "-m", "desktop", "--root", root]
            wanted = ["encryption", "on"] if name == "encrypted" else ["chat", "list"]
            subprocess.run([*command, *wanted], env=environment, check=True, capture_output=True)
        opening: dict[str, list[float]] = {name: [] for name in roots}
        whole: dict[str, list[float]] = {name: [] for name in roots}
        for _pair in range(pairs):
            for name, root in roots.items():
                command = [sys.executable, "-P", "-c", _OPEN, root]
                done = subprocess.run(
                    command, env=environment, check=True, capture_output=True, text=True
                )
                opened, all_of_it = map(float, done.stdout.split())
                opening[name].append(opened)
                whole[name].append(all_of_it)
    for what, times in (("opening the folder", opening), ("start, imports included", whole)):
        plain, encrypted = (statistics.median(times[name]) for name in roots)
        more = [b - a for a, b in zip(times["plain"], times["encrypted"], strict=True)]
        print(
            f"{what}: plain {plain * 1e3:.0f} ms, encrypted {encrypted * 1e3:.0f} ms; pairs"
            f" differ by {statistics.median(more) * 1e3:+.0f} ms"
            f" ({min(more) * 1e3:+.0f} to {max(more) * 1e3:+.0f})"
        )


if __name__ == "__main__":
    main()
