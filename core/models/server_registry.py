"""Registry of the person's own servers: addresses, consent, and the chats that use each."""

import contextlib
import logging
from collections.abc import Collection
from pathlib import Path

import msgspec
from msgspec import Struct

from core.base.data_files import write_data_file
from core.base.errors import StorageError
from core.base.state_files import read_state_file
from core.models.info.model_entry import ModelEntry
from core.models.info.model_naming import slug

_log = logging.getLogger(__name__)

SERVER_SCHEME = "server:"
"""How the path of a model begins that is a server: the server's name follows."""
MAX_PRICE = 1_000_000.0
"""Of a million tokens, and of a month."""
LEAST_CONTEXT = 4096
"""Tokens that are assumed where a server doesn't tell its context: a usual default."""


class ServerEntry(Struct, frozen=True, kw_only=True):
    """A server: one model at one address, or at several that share the questions.

    `key_name` names its key in the system's key store, "" for none. Text may be sent to the
    addresses in `agreed` only. `context` in tokens, 0 if unknown.
    """

    name: str
    addresses: tuple[str, ...]
    model: str
    context: int = 0
    key_name: str = ""
    agreed: tuple[str, ...] = ()
    price_read: float = 0.0
    """Of a million tokens, in the currency of the budget; 0: nothing or unknown."""
    price_written: float = 0.0
    budget: float = 0.0
    """What it may cost in a calendar month; 0: no limit."""

    def cost_of(self, read: int, written: int) -> float:
        """Return the price of so many tokens."""
        return (read * self.price_read + written * self.price_written) / 1_000_000

    @property
    def path(self) -> str:
        """The path of its model, which is no file."""
        return SERVER_SCHEME + self.name

    @property
    def unapproved_addresses(self) -> tuple[str, ...]:
        """The addresses that the person has not agreed to yet."""
        return tuple(each for each in self.addresses if each not in self.agreed)

    @property
    def model_entry(self) -> ModelEntry:
        """The server as an entry of the list of models."""
        return ModelEntry(
            ref=self.name,
            path=self.path,
            family=self.model,
            architecture="",
            parameters=0,
            quantization="",
            bytes_on_disk=0,
            context=self.context or LEAST_CONTEXT,
            fits="yes",
            memory_needed=0,
            has_template=True,
        )


class _RegistryFile(Struct, frozen=True, kw_only=True):
    version: int = 1
    servers: tuple[ServerEntry, ...] = ()
    chats: dict[str, str] = {}
    """The name of the server that a person chose in a chat, by the chat's id."""


class ServerRegistry:
    """The servers of one data folder. One thread uses it.

    Every change is written at once. Raises StorageError if it can't be.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        saved = self._load()
        self._servers = {server.name: server for server in saved.servers}
        self._chats = dict(saved.chats)
        self._temporary_chats: dict[str, str] = {}

    def list_servers(self) -> tuple[ServerEntry, ...]:
        """Return every server, sorted by name."""
        return tuple(sorted(self._servers.values(), key=lambda server: server.name))

    def get_server(self, name: str) -> ServerEntry | None:
        """Return a server by its name or path, None if there is none."""
        return self._servers.get(slug(name.removeprefix(SERVER_SCHEME)))

    def save_server(self, server: ServerEntry) -> None:
        """Save a server; it replaces one of the same name."""
        self._servers[server.name] = server
        self._save()

    def remove_server(self, name: str) -> ServerEntry | None:
        """Remove a server and return it; its chats go on with models of this computer."""
        removed = self._servers.pop(name, None)
        self._chats = {chat: used for chat, used in self._chats.items() if used != name}
        self._save()
        return removed

    def server_for_chat(self, chat_id: str) -> ServerEntry | None:
        """Return the server that was chosen in a chat, None for models of this computer."""
        name = self._temporary_chats.get(chat_id) or self._chats.get(chat_id, "")
        return self._servers.get(name)

    def select_server(self, chat_id: str, name: str, *, temporary: bool = False) -> None:
        """Let a server answer a chat from now on, or models of this computer for "".

        The choice of a `temporary` chat is not written to disk.
        """
        if temporary or chat_id in self._temporary_chats:
            self._temporary_chats[chat_id] = name
            return
        if self._chats.get(chat_id, "") == name:
            return
        if name:
            self._chats[chat_id] = name
        else:
            self._chats.pop(chat_id, None)
        self._save()

    def persist_chat_server(self, chat_id: str) -> None:
        """Write the choice of a chat that was a temporary one and is saved now."""
        name = self._temporary_chats.pop(chat_id, "")
        if name:
            self.select_server(chat_id, name)

    def remove_deleted_chats(self, chat_ids: Collection[str]) -> None:
        """Forget the choices of all chats but `chat_ids`; a disk that refuses is no error."""
        remaining = {chat: name for chat, name in self._chats.items() if chat in chat_ids}
        if remaining != self._chats:
            self._chats = remaining
            with contextlib.suppress(StorageError):
                self._save()

    def _save(self) -> None:
        content = _RegistryFile(servers=self.list_servers(), chats=self._chats)
        write_data_file(self._path, msgspec.json.encode(content))

    def _load(self) -> _RegistryFile:
        return read_state_file(self._path, _RegistryFile) or _RegistryFile()


def is_server_path(path: str) -> bool:
    """Whether a model's path means a server."""
    return path.startswith(SERVER_SCHEME)
