"""Loopback process: a server in a process of its own, so that the test opens no socket itself."""

import json
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import msgspec

from core.base.paths import program_folder


class LoopbackProcess:
    """Runs a module on `folder`, where the server reads how to behave and notes its requests.

    Leave it with `with`.
    """

    def __init__(self, module: str, folder: Path) -> None:
        self.folder = folder
        self._module = module
        self._process: subprocess.Popen[str] | None = None
        folder.mkdir(parents=True, exist_ok=True)

    def start_process(self, *words: str) -> str:
        """Start it; returns the line that it prints once it listens."""
        self._process = subprocess.Popen(
            [sys.executable, "-m", self._module, str(self.folder), *words],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=program_folder(),
        )
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()

    def stop(self) -> None:
        """End it, as a crash would."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            for stream in (process.stdin, process.stdout):
                if stream is not None:
                    stream.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def write_behaviour(self, name: str, behaviour: msgspec.Struct) -> None:
        """Replace the file that the server reads before each answer."""
        aside = self.folder / f"{name}.new"
        aside.write_bytes(msgspec.json.encode(behaviour))
        aside.replace(self.folder / f"{name}.json")

    def forget_requests(self) -> None:
        """Begin the list of requests anew."""
        (self.folder / "requests.jsonl").unlink(missing_ok=True)

    def asked(self) -> list[dict[str, Any]]:
        """Return the requests up to now, the first one first."""
        path = self.folder / "requests.jsonl"
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []
