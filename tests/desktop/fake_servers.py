"""The fake application's servers, Auto and keys."""

from collections.abc import Sequence
from typing import Never

from msgspec import structs

from core.app.events.app_events import ModelsChanged
from core.courier.connection.host_address import parse_address
from core.ipc.reply import Reply
from core.messages import KeySaved, ServerModels
from core.models.info.model_naming import slug
from core.models.server_registry import ServerEntry
from tests.desktop.fake_base import FakeBase


class FakeServers:
    """Keeps servers in memory; asking one is the test's to answer."""

    def __init__(self, base: FakeBase) -> None:
        self._base = base
        self.known: dict[str, ServerEntry] = {}
        self.used: dict[str, str] = {}

    def list_servers(self) -> tuple[ServerEntry, ...]:
        return tuple(self.known[name] for name in sorted(self.known))

    def get_server(self, name: str) -> ServerEntry | None:
        return self.known.get(name)

    def add_server(
        self,
        name: str,
        addresses: Sequence[str],
        model: str,
        *,
        context: int = 0,
        has_key: bool = False,
    ) -> ServerEntry:
        self._base.calls.append(("add_server", name, tuple(addresses), model))
        urls = tuple(parse_address(address).url for address in addresses)
        server = ServerEntry(
            name=slug(name),
            addresses=urls,
            model=model,
            context=context,
            key_name=f"server {slug(name)}" if has_key else "",
        )
        return self._keep(server)

    def allow_server(self, name: str) -> ServerEntry:
        self._base.calls.append(("allow_server", name))
        server = self.known[name]
        return self._keep(structs.replace(server, agreed=server.addresses))

    def remove_server(self, name: str) -> ServerEntry:
        self._base.calls.append(("remove_server", name))
        return self.known.pop(name)

    def server_for_chat(self, chat_id: str) -> ServerEntry | None:
        return self.known.get(self.used.get(chat_id, ""))

    def set_chat_server(self, chat_id: str, name: str) -> None:
        self._base.calls.append(("use_server", chat_id, name))
        self.used[chat_id] = name
        self._base.emit(ModelsChanged())

    def test_server(self, address: str, key_name: str = "") -> Reply[Never, ServerModels]:
        return self._base.reply("test_server", address, key_name)

    def _keep(self, server: ServerEntry) -> ServerEntry:
        self.known[server.name] = server
        self._base.emit(ModelsChanged())
        return server


class FakeRouting:
    """Auto is off until it is chosen."""

    is_auto = False
    has_choice = False

    def set_auto(self) -> None:
        self.is_auto = True


class FakeKeys:
    """Keeps nothing."""

    def __init__(self, base: FakeBase) -> None:
        self._base = base

    def store_key(self, name: str, key: str) -> Reply[Never, KeySaved]:
        return self._base.reply("keep_key", name, key)
