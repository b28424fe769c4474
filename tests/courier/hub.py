"""Starts the hub on loopback, sets its faults and reads what it was asked."""

import random
import shutil
from pathlib import Path
from typing import Any

from tests.courier.hub_server import Faults
from tests.courier.loopback_process import LoopbackProcess


class LoopbackHub(LoopbackProcess):
    """A hub that serves what `add` puts into it."""

    def __init__(self, folder: Path) -> None:
        super().__init__("tests.courier.hub_server", folder)
        self.endpoint, self.store = self.start_process().split()

    def add(self, repository: str, name: str, content: bytes | int) -> bytes:
        """Put a file into a repository; a number makes so many bytes that don't repeat."""
        data = content if isinstance(content, bytes) else random.Random(name).randbytes(content)
        path = self.folder / "repos" / repository / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return data

    def go_wrong(self, **faults: Any) -> None:
        """Set the `Faults` that hold from now on; without an argument, none."""
        self.write_behaviour("faults", Faults(**faults))

    def begin_anew(self) -> None:
        """Have no fault and no file, and forget what was asked."""
        self.go_wrong()
        shutil.rmtree(self.folder / "repos", ignore_errors=True)
        self.forget_requests()
