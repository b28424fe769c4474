"""Asks once whether there is a newer version, and believes only what the makers have signed.

The answer is a JSON object: `manifest` is the text of another one, and `signature` its Ed25519
signature in hex. The manifest has `product`, `version`, `page` to read about it, and `notes`.
"""

import re

import httpx2
import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from core.courier.address import parse
from core.courier.hub import refused
from core.courier.web import Web, expect_json, in_our_words
from core.errors import Code, NetworkError
from core.messages import CheckUpdate, UpdateChecked
from core.words import _

PRODUCT = "inglenook"
LONGEST = 64 * 1024
"""Bytes of an answer that can still be a manifest."""


class Envelope(msgspec.Struct, frozen=True, kw_only=True):
    """What is fetched: a manifest's very text, and its signature in hex."""

    manifest: str
    signature: str


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What the makers say about the newest version."""

    product: str
    version: str
    page: str = ""
    notes: str = ""


def check_update(request: CheckUpdate, web: Web) -> UpdateChecked:
    """Fetch the manifest and compare. Raises NetworkError."""
    address = parse(request.address)
    web.allow(address)
    with in_our_words(address, web), web.client(connections=1) as client:
        response = client.send(client.build_request("GET", address.url), stream=True)
        if not response.is_success:
            raise refused(address, response.status_code)
        expect_json(response)
        body = _read(response, web)
    try:
        manifest = proven(body, request.public_key)
    except InvalidSignature as error:
        web.failed(address)
        raise NetworkError(Code.UPDATE_UNPROVEN, host=address.name) from error
    except (msgspec.MsgspecError, ValueError) as error:
        web.failed(address)
        detail = _("not with news about versions")
        raise NetworkError(Code.HOST_NONSENSE, host=address.name, detail=detail) from error
    newer = is_newer(manifest.version, request.version)
    return UpdateChecked(
        request_id=request.request_id,
        newer=manifest.version if newer else "",
        page=manifest.page if newer else "",
        notes=manifest.notes if newer else "",
    )


def proven(body: bytes, public_key: str) -> Manifest:
    """Return the manifest of an answer. Raises InvalidSignature, ValueError or MsgspecError."""
    envelope = msgspec.json.decode(body, type=Envelope)
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key))
    key.verify(bytes.fromhex(envelope.signature), envelope.manifest.encode())
    manifest = msgspec.json.decode(envelope.manifest, type=Manifest)
    if manifest.product != PRODUCT:
        raise InvalidSignature  # signed by us, but for something else
    return manifest


def is_newer(version: str, than: str) -> bool:
    """Whether a version comes after another; what stands behind the numbers comes before them."""
    return _order(version) > _order(than)


def _order(version: str) -> tuple[tuple[int, ...], bool]:
    match = re.match(r"v?(\d+(?:\.\d+)*)(.*)", version)
    if match is None:
        return (), False
    numbers = tuple(int(part) for part in match[1].split("."))
    while numbers and numbers[-1] == 0:
        numbers = numbers[:-1]
    return numbers, not match[2].partition("+")[0]


def _read(response: httpx2.Response, web: Web) -> bytes:
    body = bytearray()
    for piece in response.iter_bytes():
        body += piece
        web.received(response.url, len(piece))
        if len(body) > LONGEST:
            break
    return bytes(body[:LONGEST])
