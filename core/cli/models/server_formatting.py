"""Formatting of servers: JSON fields for scripts, one line for people."""

from core.base.i18n import _
from core.courier.connection.host_address import host_names
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


def format_server(server: ServerEntry) -> str:
    """Return the line of a server in a list of models."""
    text = _("Server {name}: {model} at {hosts}")
    return text.format(name=server.name, model=server.model, hosts=host_names(server.addresses))
