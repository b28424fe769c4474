"""Starts the hub on loopback, sets its faults and reads what it was asked."""

import json
import random
import shutil
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import msgspec

from core.base.paths import program_folder
from tests.courier.hub_server import Faults


class LoopbackHub:
    """A hub that serves what `add` puts into it. Leave it with `with`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.courier.hub_server", str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=program_folder(),
        )
        assert self._process.stdout is not None
        self.endpoint, self.store = self._process.stdout.readline().split()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                stream.close()

    def add(self, repository: str, name: str, content: bytes | int) -> bytes:
        """Put a file into a repository; a number makes so many bytes that don't repeat."""
        data = content if isinstance(content, bytes) else random.Random(name).randbytes(content)
        path = self.folder / "repos" / repository / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return data

    def go_wrong(self, **faults: Any) -> None:
        """Set what goes wrong from now on; without a word, nothing."""
        aside = self.folder / "faults.new"
        aside.write_bytes(msgspec.json.encode(Faults(**faults)))
        aside.replace(self.folder / "faults.json")

    def begin_anew(self) -> None:
        """Be well, hold nothing, and forget what was asked."""
        self.go_wrong()
        shutil.rmtree(self.folder / "repos", ignore_errors=True)
        (self.folder / "requests.jsonl").unlink(missing_ok=True)

    def asked(self) -> list[dict[str, Any]]:
        """Return the requests up to now, the first one first."""
        path = self.folder / "requests.jsonl"
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []
