"""The calls the window makes about servers and Auto, as types; the tests' fake has them too."""

from collections.abc import Sequence
from typing import Protocol

from core.models.servers import ServerEntry


class ServerCalls(Protocol):
    """What is asked about servers of the person's own."""

    def all(self) -> tuple[ServerEntry, ...]:
        """Return every server by name."""

    def get(self, name: str) -> ServerEntry | None:
        """Return a server by its name or path, None if there is none."""

    def add(
        self,
        name: str,
        addresses: Sequence[str],
        model: str,
        *,
        context: int = 0,
        has_key: bool = False,
    ) -> ServerEntry:
        """Keep a server; nothing is sent to it yet. Raises NetworkError or StorageError."""

    def allow(self, name: str) -> ServerEntry:
        """Agree that text leaves for all addresses of a server. Raises NetworkError."""

    def remove(self, name: str) -> ServerEntry:
        """Forget a server. Raises NetworkError."""

    def used_by(self, chat_id: str) -> ServerEntry | None:
        """Return the server that a person chose in a chat."""

    def use(self, chat_id: str, name: str) -> None:
        """Answer a chat with this server from now on, "" for none. Raises NetworkError."""

    def test(self, address: str, key_name: str = "") -> str:
        """Ask a server what it offers; returns the request's id. Raises NetworkError."""


class RoutingCalls(Protocol):
    """What is asked about Auto."""

    @property
    def is_auto(self) -> bool:
        """Whether Auto answers new questions."""

    @property
    def has_choice(self) -> bool:
        """Whether there are two models for it to choose from."""

    def set_auto(self) -> None:
        """Let Auto choose from now on. Raises StorageError."""


class KeyCalls(Protocol):
    """What is asked about keys."""

    def keep(self, name: str, key: str) -> str:
        """Keep a key, or forget it for ""; returns the request's id."""
