"""Update check: one request for the newest version, believed only when signed by the makers.

The response is a JSON object: `manifest` is the text of another JSON object, `signature` its
Ed25519 signature in hex. The manifest has `product`, `version`, `page` and `notes`.
"""

import re

import httpx2
import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from core.base.errors import ErrorCode, NetworkError
from core.base.i18n import _
from core.courier.connection.host_address import parse_address
from core.courier.connection.http_connections import (
    HttpConnections,
    expect_json,
    translate_network_errors,
)
from core.courier.downloads.hub_listing import refusal_error
from core.messages import CheckUpdate, UpdateChecked

PRODUCT = "inglenook"
MAX_BYTES = 64 * 1024
"""Longest response in bytes."""


class SignedManifest(msgspec.Struct, frozen=True, kw_only=True):
    """The response: the exact text of a manifest, and its signature in hex."""

    manifest: str
    signature: str


class UpdateManifest(msgspec.Struct, frozen=True, kw_only=True):
    """The newest version, as its makers describe it."""

    product: str
    version: str
    page: str = ""
    notes: str = ""
    issued: int = 0
    """When it was signed, in seconds since the epoch."""


def check_update(request: CheckUpdate, http: HttpConnections) -> UpdateChecked:
    """Download the manifest and compare versions; blocks. Raises NetworkError."""
    address = parse_address(request.address)
    http.allow_address(address)
    with translate_network_errors(address, http), http.create_client(connections=1) as client:
        response = client.send(client.build_request("GET", address.url), stream=True)
        if not response.is_success:
            raise refusal_error(address, response.status_code)
        expect_json(response)
        body = _read(response, http)
    try:
        manifest = verify_manifest(body, request.public_key)
    except InvalidSignature as error:
        http.record_failure(address)
        raise NetworkError(ErrorCode.UPDATE_UNPROVEN, host=address.name) from error
    except (msgspec.MsgspecError, ValueError) as error:
        http.record_failure(address)
        detail = _("not with news about versions")
        raise NetworkError(ErrorCode.HOST_NONSENSE, host=address.name, detail=detail) from error
    if manifest.issued < request.issued:
        http.record_failure(address)
        raise NetworkError(ErrorCode.UPDATE_REPLAYED, host=address.name)
    newer = is_newer_version(manifest.version, request.version)
    return UpdateChecked(
        request_id=request.request_id,
        newer=manifest.version if newer else "",
        page=manifest.page if newer else "",
        notes=manifest.notes if newer else "",
        issued=manifest.issued,
    )


def verify_manifest(body: bytes, public_key: str) -> UpdateManifest:
    """Return the manifest of a response. Raises InvalidSignature, ValueError or MsgspecError."""
    envelope = msgspec.json.decode(body, type=SignedManifest)
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key))
    key.verify(bytes.fromhex(envelope.signature), envelope.manifest.encode())
    manifest = msgspec.json.decode(envelope.manifest, type=UpdateManifest)
    if manifest.product != PRODUCT:
        raise InvalidSignature  # signed by us, but for something else
    return manifest


def is_newer_version(version: str, than: str) -> bool:
    """Whether a version is newer than another; one with a suffix (1.2rc1) is older than without."""
    return _order(version) > _order(than)


def _order(version: str) -> tuple[tuple[int, ...], bool]:
    match = re.match(r"v?(\d+(?:\.\d+)*)(.*)", version)
    if match is None:
        return (), False
    numbers = tuple(int(part) for part in match[1].split("."))
    while numbers and numbers[-1] == 0:
        numbers = numbers[:-1]
    return numbers, not match[2].partition("+")[0]


def _read(response: httpx2.Response, http: HttpConnections) -> bytes:
    body = bytearray()
    for piece in response.iter_bytes():
        body += piece
        http.count_received(response.url, len(piece))
        if len(body) > MAX_BYTES:
            break
    return bytes(body[:MAX_BYTES])
