"""Kills the courier again and again in the middle of fetches, and looks at what is left.

`python -m tests.benchmarks.kills.download_kills [--kills 200] [--megabytes 24] [--seed 1]`
downloads from a hub on loopback, with forked couriers, and ends with a table and exit code 1 if one
of the promises was broken:

- a file is listed only when it is whole, and then it has the right SHA-256
- no byte that was written down is asked for again; what is lost is at most the chunk that each
  connection was in
"""

import argparse
import hashlib
import random
import sys
import tempfile
import time
from pathlib import Path

from core.base.paths import Paths
from core.courier.client import CourierClient
from core.courier.downloads.part_file import CHUNK_BYTES, journal_path, parse_journal_lines
from core.ipc.reply import Reply
from core.messages import DownloadFiles, DownloadTarget, FilesDownloaded, TransferProgress
from tests.benchmarks.kills.forked_children import forked_children
from tests.courier.hub import LoopbackHub
from tests.fakes.key_store import FakeKeyStore

REPOSITORY = "maker/small-GGUF"
CONNECTIONS = 4


class Trial:
    """One root, one hub, and the tally."""

    def __init__(self, folder: Path, hub: LoopbackHub, size: int) -> None:
        self._hub = hub
        self._paths = Paths(folder / "root")
        self._paths.create_folders()
        data = hub.add(REPOSITORY, "small.gguf", size)
        self.digest = hashlib.sha256(data).hexdigest()
        self.target = self._paths.models / "small.gguf"
        self._size = size
        self.kills = self.finished = self.asked_twice = self.half_listed = self.wrong = 0
        self.lost: list[int] = []

    def begin(self) -> Reply[TransferProgress, FilesDownloaded]:
        """Start a courier with the fetch."""
        wanted = DownloadTarget(
            name="small.gguf",
            target=str(self.target),
            size=self._size,
            digest=f"sha256:{self.digest}",
        )
        self.client = CourierClient(self._paths, lambda: None, FakeKeyStore())
        return self.client.send(
            DownloadFiles(
                request_id="fetch",
                endpoint=self._hub.endpoint,
                repository=REPOSITORY,
                commit="main",
                files=(wanted,),
                connections=CONNECTIONS,
                patience=0.05,
            )
        )

    def kept(self) -> set[int]:
        """Return the chunks that the journal names."""
        try:
            lines = journal_path(self.target).read_bytes().split(b"\n")
        except OSError:
            return set()
        return set(parse_journal_lines(lines[1:-1], -(-self._size // CHUNK_BYTES)))

    def run_once(self) -> None:
        """Fetch, kill after a random while, and judge; a fetch that ends begins anew."""
        before, began = self.kept(), time.time()
        has_ended = self._wait(self.begin(), random.uniform(0.0, 0.6))
        if has_ended:
            self.finished += 1
            self.wrong += _sha256(self.target) != self.digest
            self.client.stop()
            self.target.unlink()
        else:
            self.client.kill()
            while self.client.pid is not None:
                self.client.poll()
                time.sleep(0.002)
            self.client.stop()
            self.kills += 1
            self._judge_listed()
        self._judge_asked(before, began)

    def _wait(self, reply: Reply[TransferProgress, FilesDownloaded], after_first: float) -> bool:
        """Wait until some of it has come and a while more; True when all came first."""
        deadline = time.monotonic() + 30
        progress: list[TransferProgress] = []
        reply.on_progress(progress.append)
        started = False
        while time.monotonic() < deadline:
            self.client.poll()
            if reply.result is not None:
                return True
            if progress and not started:
                started, deadline = True, time.monotonic() + after_first
            time.sleep(0.001)
        return False

    def _judge_listed(self) -> None:
        listed = list(self._paths.models.glob("*.gguf"))
        if listed and _sha256(listed[0]) != self.digest:
            self.half_listed += 1
        elif listed:
            listed[0].unlink()  # it was whole, and the kill came after

    def _judge_asked(self, before: set[int], began: float) -> None:
        """Count chunks that were there and asked for again, and bytes that were sent in vain."""
        sent, asked = 0, set()
        time.sleep(0.1)  # the hub notes a request when it has noticed that nobody listens
        for each in self._hub.asked():
            if each["began"] >= began and each["status"] in {206, -1}:
                first, last = map(int, each["range"].removeprefix("bytes=").split("-"))
                asked |= set(range(first // CHUNK_BYTES, last // CHUNK_BYTES + 1))
                sent += each["sent"]
        self.asked_twice += len(asked & before)
        new = len(self.kept() - before) * CHUNK_BYTES
        if self.kept():
            self.lost.append(max(0, sent - new))


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def main() -> int:
    """Kill so many times, print the tally."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--megabytes", type=int, default=24)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    random.seed(options.seed)
    began = time.monotonic()
    with (
        tempfile.TemporaryDirectory() as name,
        LoopbackHub(Path(name) / "hub") as hub,
        forked_children(),
    ):
        trial = Trial(Path(name), hub, options.megabytes * CHUNK_BYTES + 4321)
        hub.go_wrong(bytes_per_second=4_000_000)
        while trial.kills < options.kills:
            trial.run_once()
        # The last one is let through.
        hub.go_wrong()
        reply = trial.begin()
        while reply.result is None:
            trial.client.poll()
            time.sleep(0.01)
        trial.client.stop()
        trial.wrong += _sha256(trial.target) != trial.digest
    wrong = trial.wrong + trial.half_listed + trial.asked_twice
    took = time.monotonic() - began
    print(f"downloading: killed {trial.kills}, wrong {wrong}, {took:.0f} s")
    print(f"fetches that ended by themselves {trial.finished + 1}, with a wrong hash {trial.wrong}")
    print(f"half files listed {trial.half_listed}")
    print(f"chunks asked for that were there {trial.asked_twice}")
    print(
        f"bytes the hub sent in vain at a kill: {max(trial.lost) / CHUNK_BYTES:.2f} MiB at most, "
        f"with {CONNECTIONS} connections of 1 MiB chunks (what lay in socket buffers included)"
    )
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
