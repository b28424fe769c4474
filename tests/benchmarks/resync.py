"""Times the comparison of a folder of small files: unchanged, and with a few of them gone.

Usage: python tests/benchmarks/resync.py [--files 10000]
A stand-in takes the model's place: nothing is embedded in what is timed.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from core.app.library.folder_service import FolderService
from core.base.paths import Paths
from core.library.client.library_client import LibraryClient
from tests.benchmarks.library_driver import wait_for

_STAND_IN = [
    sys.executable,
    str(Path(__file__).parent / "kills" / "library_kills_child.py"),
    "library",
]
_FILES_A_FOLDER = 100


def main() -> None:
    """Read once, then compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=10_000)
    files = parser.parse_args().files
    with tempfile.TemporaryDirectory() as place:
        folder, paths = Path(place) / "papers", Paths(Path(place) / "root")
        paths.create_folders()
        for number in range(files):
            file = folder / f"{number // _FILES_A_FOLDER:03}" / f"{number:05}.txt"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(f"Box {number} holds {number * 7 % 900} apples.")
        client = LibraryClient(paths, lambda: None, command=_STAND_IN)
        _sync(client, folder, "first reading")
        _sync(client, folder, "nothing changed")
        client.stop()
        client = LibraryClient(paths, lambda: None, command=_STAND_IN)
        _sync(client, folder, "nothing changed, a new process")
        for number in range(0, files, max(1, files // 10)):
            (folder / f"{number // _FILES_A_FOLDER:03}" / f"{number:05}.txt").unlink()
        _sync(client, folder, "ten files gone")
        client.stop()


def _sync(client: LibraryClient, folder: Path, name: str) -> None:
    started = time.monotonic()
    folders = FolderService(client, emit=lambda _event: None)
    told = wait_for(client, folders.add_folder(str(folder))).statistics
    seconds = time.monotonic() - started
    sys.stdout.write(
        f"{name}: {told.unchanged} unchanged, {told.read} read, {told.removed} removed;"
        f" {told.seconds:.2f} s, with its request {seconds:.2f} s\n"
    )


if __name__ == "__main__":
    main()
