"""Key wrapping: the data key locked by a passphrase, a recovery code or the system's key store.

Each method has a slot of its own in the key file: AES-256-GCM of the data key under a key from
scrypt, or under a random one that the key store keeps. Another passphrase makes another slot; the
data key and all that it encrypts stay as they are.
"""

import os
import unicodedata
from enum import StrEnum

import msgspec
from msgspec import Struct, field

from core.base.data_key import KEY_BYTES
from core.base.errors import ErrorCode, StorageError

MIN_PASSPHRASE = 10
"""Characters; scrypt makes each guess cost half a second, and a short one falls all the same."""
_SALT = 32
_NONCE = 12
_COST, _BLOCK, _LANES = 2**17, 8, 1
"""What scrypt takes: 128 MB and about half a second (OWASP's advice of 2023)."""
_MOST_COST, _MOST_BLOCK, _MOST_LANES = 2**20, 16, 8
"""A key file that asks for more was not written here, and would take all memory."""
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's: none of them looks like another."""
_CODE_LETTERS, _GROUP = 32, 4


class UnlockMethod(StrEnum):
    """What a slot is opened with."""

    KEY_STORE = "key store"
    PASSPHRASE = "passphrase"  # noqa: S105 - a name
    RECOVERY_CODE = "recovery code"


class KeySlot(Struct, frozen=True):
    """The data key as one method locks it. `cost`, `block` and `lanes` are scrypt's, 0 without it.

    Its JSON is authenticated with the key: names in it stay what they were in the first key files.
    """

    method: UnlockMethod = field(name="way")
    salt: bytes
    nonce: bytes
    wrapped: bytes
    cost: int = 0
    block: int = 0
    lanes: int = 0


def slot_for_secret(key: bytes, folder_id: str, method: UnlockMethod, secret: str) -> KeySlot:
    """Lock the data key with a passphrase or a recovery code; takes half a second."""
    facts = KeySlot(method, os.urandom(_SALT), os.urandom(_NONCE), b"", _COST, _BLOCK, _LANES)
    return _locked(facts, folder_id, _derive(facts, secret), key)


def slot_for_stored_key(key: bytes, folder_id: str, stored: bytes) -> KeySlot:
    """Lock the data key with a random key that the system's key store keeps."""
    facts = KeySlot(UnlockMethod.KEY_STORE, os.urandom(_SALT), os.urandom(_NONCE), b"")
    return _locked(facts, folder_id, stored, key)


def open_with_secret(slot: KeySlot, folder_id: str, secret: str) -> bytes | None:
    """Return the data key, None for another secret. Raises StorageError for an impossible slot."""
    return _opened(slot, folder_id, _derive(slot, secret))


def open_with_stored_key(slot: KeySlot, folder_id: str, stored: bytes) -> bytes | None:
    """Return the data key, None if another key was stored."""
    return _opened(slot, folder_id, stored)


def new_recovery_code() -> str:
    """Return a random code of 160 bits, in groups of four letters and digits."""
    import secrets  # noqa: PLC0415 - not for the first paint

    letters = [secrets.choice(_LETTERS) for _ in range(_CODE_LETTERS)]
    groups = ["".join(letters[at : at + _GROUP]) for at in range(0, _CODE_LETTERS, _GROUP)]
    return "-".join(groups)


def check_passphrase(passphrase: str) -> None:
    """Raise StorageError(SECRET_WEAK) for one that is too short."""
    if len(_normalized(UnlockMethod.PASSPHRASE, passphrase)) < MIN_PASSPHRASE:
        raise StorageError(ErrorCode.SECRET_WEAK, count=str(MIN_PASSPHRASE))


def may_be_code(secret: str) -> bool:
    """Return whether a typed secret has the form of a recovery code."""
    code = _normalized(UnlockMethod.RECOVERY_CODE, secret)
    return len(code) == _CODE_LETTERS and set(code) <= set(_LETTERS)


def _normalized(method: UnlockMethod, secret: str) -> str:
    """Return what counts of a secret: of a code its letters and digits, as they were meant."""
    if method is UnlockMethod.PASSPHRASE:
        return unicodedata.normalize("NFKC", secret).strip()
    letters = "".join(each for each in secret.upper() if each.isalnum())
    return letters.translate(str.maketrans("OIL", "011"))


def _derive(slot: KeySlot, secret: str) -> bytes:
    from cryptography.hazmat.primitives.kdf.scrypt import Scrypt  # noqa: PLC0415 - not for the first paint

    allowed = (
        2 <= slot.cost <= _MOST_COST
        and slot.cost & (slot.cost - 1) == 0
        and 1 <= slot.block <= _MOST_BLOCK
        and 1 <= slot.lanes <= _MOST_LANES
    )
    if not allowed:
        raise ValueError("scrypt can't be asked for this")
    derivation = Scrypt(salt=slot.salt, length=KEY_BYTES, n=slot.cost, r=slot.block, p=slot.lanes)
    return derivation.derive(_normalized(slot.method, secret).encode("utf-8", "surrogatepass"))


def _locked(facts: KeySlot, folder_id: str, wrapping_key: bytes, key: bytes) -> KeySlot:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415 - as above

    wrapped = AESGCM(wrapping_key).encrypt(facts.nonce, key, _bound(facts, folder_id))
    return msgspec.structs.replace(facts, wrapped=wrapped)


def _opened(slot: KeySlot, folder_id: str, wrapping_key: bytes) -> bytes | None:
    from cryptography.exceptions import InvalidTag  # noqa: PLC0415 - as above
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415 - as above

    try:
        return AESGCM(wrapping_key).decrypt(slot.nonce, slot.wrapped, _bound(slot, folder_id))
    except (InvalidTag, ValueError):  # a nonce or key of another length
        return None


def _bound(slot: KeySlot, folder_id: str) -> bytes:
    """Return what is authenticated with the wrapped key: all of its slot, and whose it is."""
    return msgspec.json.encode((folder_id, msgspec.structs.replace(slot, wrapped=b"")))
