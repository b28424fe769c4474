"""Index server address: a Chroma server's URL, parsed strictly."""

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

from core.base.errors import ErrorCode, LibraryError
from core.base.i18n import _

_PORTS = {"http": 8000, "https": 443}


@dataclass(frozen=True, slots=True)
class IndexServer:
    """Address of a Chroma server; `host` is numeric."""

    url: str
    host: str
    port: int
    encrypted: bool


def parse_index_server(url: str) -> IndexServer:
    """Parse an address. Raises LibraryError(INDEX_SERVER_REFUSED).

    Names are not looked up, since that would leave this computer: only “localhost” is known.
    """
    try:
        parts = urlsplit(url)
        host = {"localhost": "127.0.0.1"}.get(parts.hostname or "", parts.hostname or "")
        usual = _PORTS[parts.scheme]
        port = parts.port or usual
        ipaddress.ip_address(host)
    except (ValueError, KeyError) as error:
        detail = _("it has to look like http://127.0.0.1:8000, with the address in numbers")
        raise LibraryError(ErrorCode.INDEX_SERVER_REFUSED, url=url, detail=detail) from error
    if parts.username or parts.password or parts.path.strip("/") or parts.query:
        detail = _("only an address and a port can be used")
        raise LibraryError(ErrorCode.INDEX_SERVER_REFUSED, url=url, detail=detail)
    return IndexServer(url, host, port, encrypted=parts.scheme == "https")
