"""Formatting of servers: JSON fields for scripts, one line for people."""

from core.base.i18n import _
from core.courier.connection.host_address import parse_address
from core.models.server_registry import ServerEntry


def server_fields(server: ServerEntry) -> dict[str, object]:
    """Return a server as a JSON object for scripts."""
    return {
        "ref": server.name,
        "model": server.model,
        "context": server.context,
        "addresses": list(server.addresses),
        "key": bool(server.key_name),
        "agreed": not server.unapproved_addresses,
    }


def server_hosts(server: ServerEntry) -> str:
    """Return the hosts that text would be sent to."""
    return ", ".join(parse_address(address).name for address in server.addresses)


def format_server(server: ServerEntry) -> str:
    """Return the line of a server in a list of models."""
    text = _("Server {name}: {model} at {hosts}")
    return text.format(name=server.name, model=server.model, hosts=server_hosts(server))
