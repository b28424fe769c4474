"""Model servers added by the person: storage, connection test, consent, and choice per chat."""

from collections.abc import Callable, Collection, Sequence

import uuid_utils
from msgspec import structs

from core.app.events.app_events import AppEvent, ModelsChanged, RequestFailed
from core.app.events.network_events import ServerTested
from core.app.problems import problem_of_failure
from core.base.errors import ErrorCode, NetworkError
from core.base.paths import Paths
from core.courier.client import CourierClient
from core.courier.connection.host_address import parse_address
from core.messages import (
    CourierEvent,
    Failed,
    ListServerModels,
    RemoteServer,
    ServerModels,
)
from core.models.info.model_entry import ModelEntry
from core.models.info.model_naming import slug
from core.models.server_registry import (
    SERVER_SCHEME,
    ServerEntry,
    ServerRegistry,
    is_server_path,
)


class ServerService:
    """One thread uses it. Nothing is sent to an address before `allow_server`."""

    def __init__(
        self,
        courier: CourierClient,
        paths: Paths,
        emit: Callable[[AppEvent], None],
    ) -> None:
        self._courier = courier
        self._servers = ServerRegistry(paths.servers)
        self._emit = emit
        self._tests: dict[str, str] = {}

    def list_servers(self) -> tuple[ServerEntry, ...]:
        """Return every server by name."""
        return self._servers.list_servers()

    def server_entries(self) -> tuple[ModelEntry, ...]:
        """Return the servers as they stand among models."""
        return tuple(server.model_entry for server in self._servers.list_servers())

    def get_server(self, name: str) -> ServerEntry | None:
        """Return a server by its name or path, None if there is none."""
        return self._servers.find_server(name)

    def find_server(self, name: str) -> ServerEntry:
        """Return a server by its name or path. Raises NetworkError."""
        server = self._servers.find_server(name)
        if server is None:
            raise NetworkError(ErrorCode.SERVER_UNKNOWN, name=name)
        return server

    def approved_server(self, name: str) -> ServerEntry:
        """Return a server that text may leave for. Raises NetworkError."""
        server = self.find_server(name)
        if server.unapproved_addresses:
            host = ", ".join(parse_address(address).name for address in server.unapproved_addresses)
            raise NetworkError(ErrorCode.SERVER_CONSENT, host=host, name=server.name)
        return server

    def add_server(
        self,
        name: str,
        addresses: Sequence[str],
        model: str,
        *,
        context: int = 0,
        has_key: bool = False,
    ) -> ServerEntry:
        """Keep a server; nothing is sent to it yet. Raises NetworkError or StorageError.

        A key is kept apart, under the entry's `key_name` (see `core.app.network.key_service`).
        """
        ref = slug(name)
        before = self._servers.find_server(ref)
        urls = tuple(dict.fromkeys(parse_address(address).url for address in addresses))
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

    def allow_server(self, name: str) -> ServerEntry:
        """Agree that text leaves for all addresses of a server. Raises NetworkError."""
        server = self.find_server(name)
        return self._keep(structs.replace(server, agreed=server.addresses))

    def disallow_server(self, name: str) -> ServerEntry:
        """Agree no longer. Raises NetworkError."""
        return self._keep(structs.replace(self.find_server(name), agreed=()))

    def remove_server(self, name: str) -> ServerEntry:
        """Forget a server; whoever calls forgets its key too. Raises NetworkError."""
        server = self.find_server(name)
        self._servers.remove_server(server.name)
        self._emit(ModelsChanged())
        return server

    def server_for_chat(self, chat_id: str) -> ServerEntry | None:
        """Return the server that a person chose in a chat, None for models of this computer."""
        return self._servers.server_for_chat(chat_id)

    def record_chat_model(self, chat_id: str, path: str, *, saved: bool) -> None:
        """A question named its model: the chat goes on with it if it is a server.

        Raises StorageError.
        """
        name = path.removeprefix(SERVER_SCHEME) if is_server_path(path) else ""
        self._servers.select_server(chat_id, name, temporary=not saved)

    def save_chat_server(self, chat_id: str) -> None:
        """A temporary chat is saved from now on: write down which server it uses.

        Raises StorageError.
        """
        self._servers.persist_chat_server(chat_id)

    def remove_stale_chats(self, chat_ids: Collection[str]) -> None:
        """Forget what was chosen in chats that are gone."""
        self._servers.remove_deleted_chats(chat_ids)

    def set_chat_server(self, chat_id: str, name: str) -> None:
        """Answer a chat with this server from now on, "" for none. Raises NetworkError."""
        self._servers.select_server(chat_id, self.approved_server(name).name if name else "")
        self._emit(ModelsChanged())

    def test_server(self, address: str, key_name: str = "") -> str:
        """Ask a server what it offers: ServerTested or RequestFailed carries the returned id.

        Raises NetworkError for an address that can't be used.
        """
        server = RemoteServer(address=parse_address(address).url, key_name=key_name)
        request = ListServerModels(request_id=uuid_utils.uuid7().hex, server=server)
        self._tests[request.request_id] = server.address
        return self._courier.send(request)

    def on_courier_event(self, event: CourierEvent) -> bool:
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
        self._servers.save_server(server)
        self._emit(ModelsChanged())
        return server
