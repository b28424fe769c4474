"""Servers of the person's own: where they are, what was agreed to, and which chats use them."""

import contextlib
import logging
from collections.abc import Collection
from pathlib import Path

import msgspec
from msgspec import Struct

from core.errors import StorageError
from core.models.entry import ModelEntry
from core.models.naming import slug
from core.storage import write_aside

_log = logging.getLogger(__name__)

SCHEME = "server:"
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
        return SCHEME + self.name

    @property
    def lacking(self) -> tuple[str, ...]:
        """The addresses that nobody has agreed to yet."""
        return tuple(each for each in self.addresses if each not in self.agreed)

    @property
    def entry(self) -> ModelEntry:
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


class Servers:
    """The servers of one root. One thread uses it; every change raises StorageError if not kept."""

    def __init__(self, path: Path) -> None:
        self._path = path
        kept = self._load()
        self._servers = {server.name: server for server in kept.servers}
        self._chats = dict(kept.chats)
        self._passing: dict[str, str] = {}  # chats that are not on disk

    def all(self) -> tuple[ServerEntry, ...]:
        """Return every server by name."""
        return tuple(sorted(self._servers.values(), key=lambda server: server.name))

    def get(self, name: str) -> ServerEntry | None:
        """Return a server by its name or path."""
        return self._servers.get(slug(name.removeprefix(SCHEME)))

    def put(self, server: ServerEntry) -> None:
        """Keep a server, in the place of one of the same name."""
        self._servers[server.name] = server
        self._save()

    def remove(self, name: str) -> None:
        """Forget a server; chats that used it go on with models of this computer."""
        self._servers.pop(name, None)
        self._chats = {chat: used for chat, used in self._chats.items() if used != name}
        self._save()

    def used_by(self, chat_id: str) -> ServerEntry | None:
        """Return the server that was chosen in a chat."""
        name = self._passing.get(chat_id) or self._chats.get(chat_id, "")
        return self._servers.get(name)

    def use(self, chat_id: str, name: str, *, temporary: bool = False) -> None:
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

    def keep(self, chat_id: str) -> None:
        """Write down what a chat uses that was a temporary one."""
        name = self._passing.pop(chat_id, "")
        if name:
            self.use(chat_id, name)

    def tidy(self, chat_ids: Collection[str]) -> None:
        """Forget what was chosen in chats that are gone; a disk that refuses waits."""
        kept = {chat: name for chat, name in self._chats.items() if chat in chat_ids}
        if kept != self._chats:
            self._chats = kept
            with contextlib.suppress(StorageError):
                self._save()

    def _save(self) -> None:
        kept = _Kept(servers=self.all(), chats=self._chats)
        write_aside(self._path, msgspec.json.encode(kept))

    def _load(self) -> _Kept:
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=_Kept)
        except FileNotFoundError:
            return _Kept()
        except (OSError, msgspec.MsgspecError):
            aside = self._path.with_suffix(".damaged.json")
            _log.exception("the list of servers is unreadable; kept as %s", aside.name)
            with contextlib.suppress(OSError):  # the app opens without it all the same
                self._path.replace(aside)
            return _Kept()


def is_server(path: str) -> bool:
    """Whether a model's path means a server."""
    return path.startswith(SCHEME)
