"""Index server address: the URL of a Chroma, Qdrant or PostgreSQL server, parsed strictly."""

import ipaddress
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from core.base.errors import ErrorCode, LibraryError
from core.base.i18n import _


class ServerKind(StrEnum):
    """Which store a server is, by its name."""

    CHROMA = "Chroma"
    QDRANT = "Qdrant"
    POSTGRES = "PostgreSQL"


_SCHEMES = {
    "http": (ServerKind.CHROMA, 8000),
    "https": (ServerKind.CHROMA, 443),
    "qdrant+http": (ServerKind.QDRANT, 6333),
    "qdrant+https": (ServerKind.QDRANT, 6333),
    "postgresql": (ServerKind.POSTGRES, 5432),
}


@dataclass(frozen=True, slots=True)
class IndexServer:
    """Address of an index server; `host` is numeric, `user` and `database` are PostgreSQL's."""

    url: str
    host: str
    port: int
    encrypted: bool
    kind: ServerKind
    user: str
    database: str


def parse_index_server(url: str) -> IndexServer:
    """Parse an address. Raises LibraryError(INDEX_SERVER_REFUSED).

    Names are not looked up, since that would leave this computer: only “localhost” is known.
    """
    try:
        parts = urlsplit(url)
        host = {"localhost": "127.0.0.1"}.get(parts.hostname or "", parts.hostname or "")
        kind, usual = _SCHEMES[parts.scheme]
        port = parts.port or usual
        ipaddress.ip_address(host)
    except (ValueError, KeyError) as error:
        detail = _("it has to look like http://127.0.0.1:8000, with the address in numbers")
        raise LibraryError(ErrorCode.INDEX_SERVER_REFUSED, url=url, detail=detail) from error
    user, database = parts.username or "", parts.path.strip("/")
    if parts.password:
        detail = _("a password belongs into the file .pgpass, not into the address")
        raise LibraryError(
            ErrorCode.INDEX_SERVER_REFUSED, url=_without_password(url), detail=detail
        )
    if parts.query or ((user or database) and kind is not ServerKind.POSTGRES):
        detail = _("only an address and a port can be used")
        raise LibraryError(ErrorCode.INDEX_SERVER_REFUSED, url=url, detail=detail)
    encrypted = parts.scheme.endswith("https")
    return IndexServer(url, host, port, encrypted, kind, user, database)


def _without_password(url: str) -> str:
    head, _at, rest = url.rpartition("@")
    return f"{head.rpartition(':')[0]}@{rest}"
