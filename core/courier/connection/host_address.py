"""Host addresses: http and https addresses as people write them, and rules for redirects."""

import ipaddress
from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import urlsplit

from core.base.errors import ErrorCode, NetworkError
from core.base.i18n import _

_PORTS = {"http": 80, "https": 443}


class HostAddress(NamedTuple):
    """The target of a connection: scheme, host, port, and the base path of requests."""

    scheme: str
    host: str
    port: int
    path: str = ""

    @property
    def origin(self) -> str:
        """The address without its path, and without the default port of the scheme."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == _PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{host}{port}"

    @property
    def name(self) -> str:
        """The host, with the port if it is not the default one."""
        return self.origin.partition("://")[2]

    @property
    def url(self) -> str:
        """The whole address, without a slash at its end."""
        return self.origin + self.path

    @property
    def is_this_machine(self) -> bool:
        """Whether it is this very machine."""
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False

    def allows_redirect_to(self, other: "HostAddress") -> bool:
        """Whether a redirect to `other` is followed: never from https to http."""
        return other.scheme == "https" or self.scheme == "http"

    def is_same_origin(self, other: "HostAddress") -> bool:
        """Whether a key for this address may be sent to `other`."""
        return self[:3] == other[:3]


def parse_address(text: str) -> HostAddress:
    """Parse an http or https address. Raises NetworkError."""
    shown = text.strip()
    try:
        parts = urlsplit(shown)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise NetworkError(ErrorCode.ADDRESS_REFUSED, address=shown, detail=str(error)) from error
    if parts.scheme not in _PORTS:
        detail = _("it doesn't begin with http:// or https://")
    elif not host or any(each.isspace() for each in shown):
        detail = _("it names no host")
    elif parts.username or parts.password:
        detail = _("it holds a password, which belongs into the key store")
    elif parts.query or parts.fragment:
        detail = _("it holds more than host and path")
    else:
        path = parts.path.rstrip("/")
        return HostAddress(parts.scheme, host, port or _PORTS[parts.scheme], path)
    raise NetworkError(ErrorCode.ADDRESS_REFUSED, address=shown, detail=detail)


def parse_link(url: str) -> HostAddress:
    """Parse the address of a link without its query and fragment. Raises NetworkError."""
    return parse_address(url.partition("?")[0].partition("#")[0])


def host_names(addresses: Iterable[str]) -> str:
    """Return the hosts of addresses as a list for people to read. Raises NetworkError."""
    return ", ".join(parse_address(address).name for address in addresses)
