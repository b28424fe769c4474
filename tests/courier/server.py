"""Starts the OpenAI-compatible server on loopback and says how it answers."""

from pathlib import Path
from typing import Any

from tests.courier.loopback_process import LoopbackProcess
from tests.courier.sse_server import Manners


class LoopbackServer(LoopbackProcess):
    """A server that answers as `behave` says."""

    def __init__(self, folder: Path) -> None:
        super().__init__("tests.courier.sse_server", folder)
        self.address = ""
        self.start()

    def start(self) -> None:
        """Start it, again on its old port."""
        port = [self.address.rpartition(":")[2]] if self.address else []
        self.address = self.start_process(*port)

    def behave(self, **manners: Any) -> None:
        """Set its `Manners` from now on, the usual ones without an argument; forget requests."""
        self.write_behaviour("manners", Manners(**manners))
        self.forget_requests()
