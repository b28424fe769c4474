"""Model servers added by the person: storage, connection test, consent, and choice per chat."""

from collections.abc import Callable, Sequence
from typing import Never

from msgspec import structs

from core.app.events.app_events import AppEvent, ModelsChanged
from core.app.usage.usage_store import UsageStore
from core.base.errors import ErrorCode, NetworkError
from core.base.paths import Paths
from core.courier.client import CourierClient
from core.courier.connection.host_address import host_names, parse_address
from core.ipc.client import new_request_id
from core.ipc.reply import Reply
from core.messages import ListServerModels, RemoteServer, ServerModels
from core.models.info.model_naming import slug
from core.models.server_registry import (
    SERVER_SCHEME,
    ServerEntry,
    ServerRegistry,
    is_server_path,
)


class ServerService(ServerRegistry):
    """The registry of servers with consent and connection tests. One thread uses it.

    Nothing is sent to an address before `allow_server`.
    """

    def __init__(
        self,
        courier: CourierClient,
        paths: Paths,
        usage: UsageStore,
        emit: Callable[[AppEvent], None],
    ) -> None:
        super().__init__(paths.servers)
        self._usage = usage
        self._courier = courier
        self._emit = emit

    def find_server(self, name: str) -> ServerEntry:
        """Return a server by its name or path. Raises NetworkError if there is none."""
        server = self.get_server(name)
        if server is None:
            raise NetworkError(ErrorCode.SERVER_UNKNOWN, name=name)
        return server

    def approved_server(self, name: str) -> ServerEntry:
        """Return a server that text may be sent to. Raises NetworkError."""
        server = self.find_server(name)
        if server.unapproved_addresses:
            hosts = host_names(server.unapproved_addresses)
            raise NetworkError(ErrorCode.SERVER_CONSENT, host=hosts, name=server.name)
        return server

    def answering_server(self, name: str) -> ServerEntry:
        """Return a server that may be asked a question: agreed to, within its budget.

        Raises NetworkError.
        """
        server = self.approved_server(name)
        if 0 < server.budget <= self._usage.month_cost(server.name):
            budget = f"{server.budget:.2f}"
            raise NetworkError(ErrorCode.SERVER_BUDGET, name=server.name, budget=budget)
        return server

    def set_price(self, name: str, read: float, written: float, budget: float) -> ServerEntry:
        """Set what a million tokens cost, and what a month may. Raises NetworkError."""
        server = structs.replace(
            self.find_server(name), price_read=read, price_written=written, budget=budget
        )
        self.save_server(server)
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
        """Save a server; nothing is sent to it yet. Raises NetworkError or StorageError.

        The key itself is stored under the entry's `key_name` by `KeyService`.
        """
        ref = slug(name)
        before = self.get_server(ref)
        urls = tuple(dict.fromkeys(parse_address(address).url for address in addresses))
        agreed = before.agreed if before else ()
        server = ServerEntry(
            name=ref,
            addresses=urls,
            model=model.strip(),
            context=context,
            key_name=f"server {ref}" if has_key else "",
            agreed=tuple(address for address in agreed if address in urls),
            price_read=before.price_read if before else 0.0,
            price_written=before.price_written if before else 0.0,
            budget=before.budget if before else 0.0,
        )
        self.save_server(server)
        return server

    def save_server(self, server: ServerEntry) -> None:
        """Save a server; it replaces one of the same name. Raises StorageError."""
        super().save_server(server)
        self._emit(ModelsChanged())

    def allow_server(self, name: str) -> ServerEntry:
        """Agree that text is sent to all addresses of a server. Raises NetworkError."""
        server = self.find_server(name)
        server = structs.replace(server, agreed=server.addresses)
        self.save_server(server)
        return server

    def disallow_server(self, name: str) -> ServerEntry:
        """Take the consent back. Raises NetworkError."""
        server = structs.replace(self.find_server(name), agreed=())
        self.save_server(server)
        return server

    def remove_server(self, name: str) -> ServerEntry:
        """Remove a server and return it; its key is the caller's to delete. Raises NetworkError."""
        server = self.find_server(name)
        super().remove_server(server.name)
        self._emit(ModelsChanged())
        return server

    def set_chat_server(self, chat_id: str, name: str) -> None:
        """Let a server answer a chat from now on, "" for none. Raises NetworkError."""
        self.select_server(chat_id, self.approved_server(name).name if name else "")
        self._emit(ModelsChanged())

    def record_chat_model(self, chat_id: str, path: str, *, saved: bool) -> None:
        """Note the model that a question named: if it is a server, its chat goes on with it.

        Raises StorageError.
        """
        name = path.removeprefix(SERVER_SCHEME) if is_server_path(path) else ""
        self.select_server(chat_id, name, temporary=not saved)

    def test_server(self, address: str, key_name: str) -> Reply[Never, ServerModels]:
        """Ask a server what it offers. Raises NetworkError for an address that can't be used."""
        server = RemoteServer(address=parse_address(address).url)
        return self._courier.send(
            ListServerModels(request_id=new_request_id(), server=server, key_name=key_name)
        )
