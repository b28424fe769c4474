"""Registry of the person's own servers: addresses, consent, and the chats that use each."""

import contextlib
import logging
from collections.abc import Collection
from pathlib import Path

import msgspec
from msgspec import Struct

from core.base.data_files import move_damaged_aside, read_data_file, write_data_file
from core.base.errors import StorageError
from core.models.info.model_entry import ModelEntry
from core.models.info.model_naming import slug

_log = logging.getLogger(__name__)

SERVER_SCHEME = "server:"
"""What the path of a model begins with that is no file, but a server's name follows."""
LEAST_CONTEXT = 4096
"""Tokens that are counted with where a server doesn't say; the usual limit of careful ones."""


class ServerEntry(Struct, frozen=True, kw_only=True):
    """A server: one model, behind one address or several that are spread over.

    `key_name` names its key in the system's key store, "" for none. Text may leave for the
    addresses in `agreed` only. `context` in tokens, 0 for what it says itself, or little.
    """

    name: str
    addresses: tuple[str, ...]
    model: str
    context: int = 0
    key_name: str = ""
    agreed: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        """What stands in the place of a file's path."""
        return SERVER_SCHEME + self.name

    @property
    def unapproved_addresses(self) -> tuple[str, ...]:
        """The addresses that nobody has agreed to yet."""
        return tuple(each for each in self.addresses if each not in self.agreed)

    @property
    def model_entry(self) -> ModelEntry:
        """The server as it stands among models."""
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


class _Kept(Struct, frozen=True, kw_only=True):
    version: int = 1
    servers: tuple[ServerEntry, ...] = ()
    chats: dict[str, str] = {}
    """By chat, the server it uses because a person chose it there."""


class ServerRegistry:
    """The servers of one root. One thread uses it; every change raises StorageError if not kept."""

    def __init__(self, path: Path) -> None:
        self._path = path
        kept = self._load()
        self._servers = {server.name: server for server in kept.servers}
        self._chats = dict(kept.chats)
        self._passing: dict[str, str] = {}  # chats that are not on disk

    def list_servers(self) -> tuple[ServerEntry, ...]:
        """Return every server by name."""
        return tuple(sorted(self._servers.values(), key=lambda server: server.name))

    def find_server(self, name: str) -> ServerEntry | None:
        """Return a server by its name or path."""
        return self._servers.get(slug(name.removeprefix(SERVER_SCHEME)))

    def save_server(self, server: ServerEntry) -> None:
        """Keep a server, in the place of one of the same name."""
        self._servers[server.name] = server
        self._save()

    def remove_server(self, name: str) -> None:
        """Forget a server; chats that used it go on with models of this computer."""
        self._servers.pop(name, None)
        self._chats = {chat: used for chat, used in self._chats.items() if used != name}
        self._save()

    def server_for_chat(self, chat_id: str) -> ServerEntry | None:
        """Return the server that was chosen in a chat."""
        name = self._passing.get(chat_id) or self._chats.get(chat_id, "")
        return self._servers.get(name)

    def select_server(self, chat_id: str, name: str, *, temporary: bool = False) -> None:
        """Answer a chat with a server from now on, or with models of this computer for "".

        What a `temporary` chat uses is not written down.
        """
        if temporary or chat_id in self._passing:
            self._passing[chat_id] = name
            return
        if self._chats.get(chat_id, "") == name:
            return
        if name:
            self._chats[chat_id] = name
        else:
            self._chats.pop(chat_id, None)
        self._save()

    def persist_chat_server(self, chat_id: str) -> None:
        """Write down what a chat uses that was a temporary one."""
        name = self._passing.pop(chat_id, "")
        if name:
            self.select_server(chat_id, name)

    def remove_deleted_chats(self, chat_ids: Collection[str]) -> None:
        """Forget what was chosen in chats that are gone; a disk that refuses waits."""
        kept = {chat: name for chat, name in self._chats.items() if chat in chat_ids}
        if kept != self._chats:
            self._chats = kept
            with contextlib.suppress(StorageError):
                self._save()

    def _save(self) -> None:
        kept = _Kept(servers=self.list_servers(), chats=self._chats)
        write_data_file(self._path, msgspec.json.encode(kept))

    def _load(self) -> _Kept:
        try:
            return msgspec.json.decode(read_data_file(self._path), type=_Kept)
        except FileNotFoundError:
            return _Kept()
        except (OSError, msgspec.MsgspecError):
            aside = move_damaged_aside(self._path)
            _log.exception("the list of servers is unreadable; kept as %s", aside.name)
            return _Kept()


def is_server_path(path: str) -> bool:
    """Whether a model's path means a server."""
    return path.startswith(SERVER_SCHEME)
