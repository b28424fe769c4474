"""Servers of the person's own: kept, tried, agreed to, and chosen in chats."""

from collections.abc import Callable, Collection, Sequence

import uuid_utils
from msgspec import structs

from core.app.events import AppEvent, ModelsChanged, RequestFailed
from core.app.events_fetch import ServerTested
from core.app.problems import problem_of_failure
from core.courier.address import parse
from core.courier.client import CourierClient
from core.errors import Code, NetworkError
from core.messages import (
    CourierEvent,
    Failed,
    ListServerModels,
    RemoteServer,
    ServerModels,
)
from core.models.entry import ModelEntry
from core.models.naming import slug
from core.models.servers import SCHEME, ServerEntry, Servers, is_server
from core.paths import Paths


class ServerDesk:
    """One thread uses it. Nothing is sent to an address before `allow`, and nothing by itself."""

    def __init__(
        self,
        courier: CourierClient,
        paths: Paths,
        emit: Callable[[AppEvent], None],
    ) -> None:
        self._courier = courier
        self._servers = Servers(paths.servers)
        self._emit = emit
        self._tests: dict[str, str] = {}

    def all(self) -> tuple[ServerEntry, ...]:
        """Return every server by name."""
        return self._servers.all()

    def entries(self) -> tuple[ModelEntry, ...]:
        """Return the servers as they stand among models."""
        return tuple(server.entry for server in self._servers.all())

    def get(self, name: str) -> ServerEntry | None:
        """Return a server by its name or path, None if there is none."""
        return self._servers.get(name)

    def find(self, name: str) -> ServerEntry:
        """Return a server by its name or path. Raises NetworkError."""
        server = self._servers.get(name)
        if server is None:
            raise NetworkError(Code.SERVER_UNKNOWN, name=name)
        return server

    def ready(self, name: str) -> ServerEntry:
        """Return a server that text may leave for. Raises NetworkError."""
        server = self.find(name)
        if server.lacking:
            host = ", ".join(parse(address).name for address in server.lacking)
            raise NetworkError(Code.SERVER_CONSENT, host=host, name=server.name)
        return server

    def add(
        self,
        name: str,
        addresses: Sequence[str],
        model: str,
        *,
        context: int = 0,
        has_key: bool = False,
    ) -> ServerEntry:
        """Keep a server; nothing is sent to it yet. Raises NetworkError or StorageError.

        A key is kept apart, under the entry's `key_name` (see `core.app.keys`).
        """
        ref = slug(name)
        before = self._servers.get(ref)
        urls = tuple(dict.fromkeys(parse(address).url for address in addresses))
        agreed = before.agreed if before else ()
        server = ServerEntry(
            name=ref,
            addresses=urls,
            model=model.strip(),
            context=context,
            key_name=f"server {ref}" if has_key else "",
            agreed=tuple(address for address in agreed if address in urls),
        )
        self._keep(server)
        return server

    def allow(self, name: str) -> ServerEntry:
        """Agree that text leaves for all addresses of a server. Raises NetworkError."""
        server = self.find(name)
        return self._keep(structs.replace(server, agreed=server.addresses))

    def withdraw(self, name: str) -> ServerEntry:
        """Agree no longer. Raises NetworkError."""
        return self._keep(structs.replace(self.find(name), agreed=()))

    def remove(self, name: str) -> ServerEntry:
        """Forget a server; whoever calls forgets its key too. Raises NetworkError."""
        server = self.find(name)
        self._servers.remove(server.name)
        self._emit(ModelsChanged())
        return server

    def used_by(self, chat_id: str) -> ServerEntry | None:
        """Return the server that a person chose in a chat, None for models of this computer."""
        return self._servers.used_by(chat_id)

    def remember(self, chat_id: str, path: str, *, saved: bool) -> None:
        """A question named its model: the chat goes on with it if it is a server.

        Raises StorageError.
        """
        name = path.removeprefix(SCHEME) if is_server(path) else ""
        self._servers.use(chat_id, name, temporary=not saved)

    def keep(self, chat_id: str) -> None:
        """A temporary chat is saved from now on: write down which server it uses.

        Raises StorageError.
        """
        self._servers.keep(chat_id)

    def tidy(self, chat_ids: Collection[str]) -> None:
        """Forget what was chosen in chats that are gone."""
        self._servers.tidy(chat_ids)

    def use(self, chat_id: str, name: str) -> None:
        """Answer a chat with this server from now on, "" for none. Raises NetworkError."""
        self._servers.use(chat_id, self.ready(name).name if name else "")
        self._emit(ModelsChanged())

    def test(self, address: str, key_name: str = "") -> str:
        """Ask a server what it offers: ServerTested or RequestFailed carries the returned id.

        Raises NetworkError for an address that can't be used.
        """
        server = RemoteServer(address=parse(address).url, key_name=key_name)
        request = ListServerModels(request_id=uuid_utils.uuid7().hex, server=server)
        self._tests[request.request_id] = server.address
        return self._courier.send(request)

    def on_courier(self, event: CourierEvent) -> bool:
        """Take what the courier says; returns whether it answers a test."""
        if not isinstance(event, ServerModels | Failed) or event.request_id not in self._tests:
            return False
        self._on_tested(self._tests.pop(event.request_id), event)
        return True

    def _on_tested(self, address: str, event: ServerModels | Failed) -> None:
        if isinstance(event, Failed):
            problem = problem_of_failure(event)
            self._emit(RequestFailed(request_id=event.request_id, problem=problem))
        else:
            self._emit(
                ServerTested(
                    request_id=event.request_id,
                    address=address,
                    models=event.models,
                    seconds=event.seconds,
                )
            )

    def _keep(self, server: ServerEntry) -> ServerEntry:
        self._servers.put(server)
        self._emit(ModelsChanged())
        return server
