"""A server as commands print it."""

from core.courier.address import parse
from core.models.servers import ServerEntry
from core.words import _


def server_fields(server: ServerEntry) -> dict[str, object]:
    """Return a server as scripts get it."""
    return {
        "ref": server.name,
        "model": server.model,
        "context": server.context,
        "addresses": list(server.addresses),
        "key": bool(server.key_name),
        "agreed": not server.lacking,
    }


def hosts_of(server: ServerEntry) -> str:
    """Return the hosts that text would leave for."""
    return ", ".join(parse(address).name for address in server.addresses)


def server_words(server: ServerEntry) -> str:
    """Return the line of a server among models."""
    words = _("Server {name}: {model} at {hosts}")
    return words.format(name=server.name, model=server.model, hosts=hosts_of(server))
