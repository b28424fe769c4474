"""Starts the OpenAI-compatible server on loopback; the test opens no socket."""

import json
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import msgspec

from core.base.paths import program_folder
from tests.courier.sse_server import Manners


class LoopbackServer:
    """A server that answers as `behave` says. Leave it with `with`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.address = ""
        self._process: subprocess.Popen[str] | None = None
        self.start()

    def start(self) -> None:
        """Start it, again on its old port."""
        port = [self.address.rpartition(":")[2]] if self.address else []
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.courier.sse_server", str(self.folder), *port],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=program_folder(),
        )
        assert self._process.stdout is not None
        self.address = self._process.stdout.readline().strip()

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

    def behave(self, **manners: Any) -> None:
        """Say how it answers from now on, and forget what was asked; well, without a word."""
        aside = self.folder / "manners.new"
        aside.write_bytes(msgspec.json.encode(Manners(**manners)))
        aside.replace(self.folder / "manners.json")
        (self.folder / "requests.jsonl").unlink(missing_ok=True)

    def asked(self) -> list[dict[str, Any]]:
        """Return the requests up to now, the first one first."""
        path = self.folder / "requests.jsonl"
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []
