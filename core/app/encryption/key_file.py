"""Key file of a data folder: its locked key, and whether all of it is encrypted.

`encryption.json` is plain: it is read before anything else can be. A second one lies among the
backups, since without one nothing could be read any more. Both hold no secret.
"""

import logging
from enum import StrEnum

import msgspec
from msgspec import Struct

from core.app.encryption.key_wrapping import KeySlot, UnlockMethod
from core.base.atomic_write import write_atomically
from core.base.data_key import derived_key
from core.base.errors import ErrorCode, StorageError
from core.base.paths import KEY_FILE, Paths
from core.base.private_files import is_regular
from core.base.settings.app_settings import Settings
from core.base.settings.window_settings import EARLY_SETTINGS

_log = logging.getLogger(__name__)
_VERSION = 1
_MOST_BYTES = 64 * 1024


class EncryptionState(StrEnum):
    """What the files of a data folder are."""

    OFF = "off"
    ENCRYPTING = "encrypting"
    ON = "on"
    DECRYPTING = "decrypting"


class KeyFile(Struct, frozen=True):
    """`state` is authenticated by `proof` with the data key: no other hand can set it.

    `early` are settings of the window, such as its language, which is shown before it can be
    unlocked; they tell of no content. `places` are where the system's key store has opened it, the
    newest last.
    """

    folder_id: str
    state: EncryptionState
    slots: tuple[KeySlot, ...]
    early: dict[str, str | bool | int | float] = {}
    proof: bytes = b""
    version: int = _VERSION
    places: tuple[str, ...] = ()

    def slots_of(self, *methods: UnlockMethod) -> tuple[KeySlot, ...]:
        """Return the slots that are opened by one of these methods."""
        return tuple(slot for slot in self.slots if slot.method in methods)

    def proven_with(self, key: bytes) -> "KeyFile":
        """Return it with the proof of its state."""
        return msgspec.structs.replace(self, proof=self._proof(key))

    def is_proven_by(self, key: bytes) -> bool:
        """Return whether its state was set by somebody who had the key."""
        import hmac  # noqa: PLC0415 - as in `derived_key`

        return hmac.compare_digest(self.proof, self._proof(key))

    def _proof(self, key: bytes) -> bytes:
        import hmac  # noqa: PLC0415 - as in `derived_key`

        stated = msgspec.json.encode((self.version, self.folder_id, self.state))
        return hmac.digest(derived_key(key, "key file"), stated, "sha256")


def read_key_file(paths: Paths) -> KeyFile | None:
    """Return the key file of a data folder or its second one, None if there is neither.

    Raises StorageError(KEY_FILE_DAMAGED) if there are only damaged ones.
    """
    is_damaged = False
    for path in (paths.key_file, paths.second_key_file):
        try:
            if not is_regular(path):  # a pipe would be waited for
                is_damaged = True
                continue
            with path.open("rb") as file:
                found = msgspec.json.decode(file.read(_MOST_BYTES), type=KeyFile)
        except (FileNotFoundError, NotADirectoryError):
            continue
        except (OSError, ValueError, RecursionError):
            is_damaged = True
            continue
        if found.version == _VERSION:
            return found
        raise StorageError(ErrorCode.DATABASE_NEWER, path=str(path))
    if is_damaged:
        raise StorageError(ErrorCode.KEY_FILE_DAMAGED, path=str(paths.key_file))
    return None


def write_key_file(paths: Paths, content: KeyFile) -> None:
    """Replace both, the one that counts first. Raises StorageError, if that can't be written."""
    write_atomically(paths.key_file, _encoded(content), private=True)
    try:
        write_atomically(paths.second_key_file, _encoded(content), private=True)
    except StorageError as error:  # what was changed holds all the same
        _log.warning("the second key file can't be written: %s", error.code)


def keep_key_file(paths: Paths, content: KeyFile) -> None:
    """Write one that no start reads, for files that stay encrypted. Raises StorageError."""
    kept = paths.key_file.with_name(f"{KEY_FILE}.kept-{content.folder_id[:8]}")
    write_atomically(kept, _encoded(content), private=True)


def _encoded(content: KeyFile) -> bytes:
    return msgspec.json.format(msgspec.json.encode(content))


def remove_key_file(paths: Paths) -> None:
    """Delete both, the one that counts last."""
    for path in (paths.second_key_file, paths.key_file):
        path.unlink(missing_ok=True)


def early_values(settings: Settings) -> dict[str, str | bool | int | float]:
    """Return what is kept of the settings for the next start, before it is unlocked."""
    values = {setting.key: settings.get_value(setting) for setting in EARLY_SETTINGS}
    return {
        setting.key: values[setting.key]
        for setting in EARLY_SETTINGS
        if values[setting.key] != setting.default
    }
