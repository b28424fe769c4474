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
    path: str

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

    @property
    def is_private(self) -> bool:
        """Whether it is this machine or, by its number, one of a private network."""
        if self.is_this_machine or self.host.endswith((".local", ".localhost", ".internal")):
            return True
        try:
            number = ipaddress.ip_address(self.host)
        except ValueError:
            return False
        return number.is_private or number.is_link_local or number.is_unspecified

    @property
    def is_unencrypted(self) -> bool:
        """Whether what is sent there can be read on the way, a key included."""
        return self.scheme == "http" and not self.is_this_machine

    def allows_redirect_to(self, other: "HostAddress") -> bool:
        """Whether a redirect to `other` is followed.

        Never from https to http, and from a public host never into a private network.
        """
        is_inwards = other.is_private and not self.is_private
        return (other.scheme == "https" or self.scheme == "http") and not is_inwards

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


def unencrypted_warning(addresses: Iterable[str]) -> str:
    """Return what to say of addresses that can be listened to, "" if there is none."""
    hosts = [parse_address(address) for address in addresses]
    open_ones = ", ".join(host.name for host in hosts if host.is_unencrypted)
    if not open_ones:
        return ""
    text = _(
        "The way to {hosts} is not encrypted (http): its key and your texts can be read on it."
    )
    return text.format(hosts=open_ones)


def host_names(addresses: Iterable[str]) -> str:
    """Return the hosts of addresses as a list for people to read. Raises NetworkError."""
    return ", ".join(parse_address(address).name for address in addresses)
