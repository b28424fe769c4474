"""Encryption service: unlocks a data folder at its start, and switches encryption on and off.

Switching only notes what is wanted: files are converted when the application has closed them, and
a conversion that was cut off goes on before they are opened the next time.
"""

import logging
import os
from collections.abc import Callable
from functools import partial

from msgspec import Struct, structs

from core.app.encryption.conversion import ConversionProgress, FolderConversion
from core.app.encryption.convertible_files import check_convertible
from core.app.encryption.early_settings import end_refusal
from core.app.encryption.key_file import (
    EncryptionState,
    KeyFile,
    early_values,
    keep_key_file,
    read_key_file,
    remove_key_file,
    write_key_file,
)
from core.app.encryption.key_wrapping import (
    KeySlot,
    UnlockMethod,
    check_passphrase,
    may_be_code,
    open_with_secret,
    slot_for_secret,
    slot_for_stored_key,
)
from core.app.encryption.marked_files import holds_encrypted_files
from core.app.encryption.place_key import PlaceKey
from core.app.encryption.stored_key_search import StoredKeySearch
from core.app.encryption.system_key_store import DataKeyStore, SystemKeyStore
from core.base import log
from core.base.data_key import KEY_BYTES, DataFileCipher, no_key, use_data_key
from core.base.errors import ErrorCode, StorageError
from core.base.i18n import _
from core.base.paths import Paths, is_portable
from core.base.settings.app_settings import Settings

_log = logging.getLogger(__name__)
_SECRETS = (UnlockMethod.PASSPHRASE, UnlockMethod.RECOVERY_CODE)


class EncryptionStatus(Struct, frozen=True):
    """What the data folder is, how it is unlocked, and what it becomes once it is closed."""

    state: EncryptionState
    methods: tuple[UnlockMethod, ...]
    pending: EncryptionState | None


class EncryptionService:
    """Owner of the data key of one root, on the application's thread.

    `on_progress` hears of a conversion, which runs within `open_key` or `close`.
    """

    def __init__(self, paths: Paths, keys: DataKeyStore | None = None) -> None:
        self._paths = paths
        self._keys: DataKeyStore = keys or SystemKeyStore()
        self._place_key = PlaceKey(paths, self._keys)
        self._key: bytes | None = None
        self._file: KeyFile | None = None
        self._pending: KeyFile | None = None
        self.on_progress: Callable[[ConversionProgress], object] = lambda _progress: None
        self._is_missed = False
        """Whether a secret opened what the key store should have opened."""
        self._search: StoredKeySearch | None = None
        self._to_keep: bytes | None = None
        """What the key store has for another place, which opened it here."""

    @property
    def status(self) -> EncryptionStatus:
        """Return what holds now."""
        shown = self._pending or self._file
        return EncryptionStatus(
            state=self._file.state if self._file else EncryptionState.OFF,
            methods=tuple(slot.method for slot in shown.slots) if shown else (),
            pending=self._pending.state if self._pending else None,
        )

    # ------------------------------------------------------------ opening

    def open_key(self) -> None:
        """Have the key, and end a conversion that was cut off; the root is owned.

        Raises StorageError: DATA_LOCKED if the key store doesn't have it, and nobody has called
        `unlock`; or for a key file that is gone or damaged.
        """
        self._file = read_key_file(self._paths)
        if self._file is None:
            if holds_encrypted_files(self._paths):
                raise StorageError(ErrorCode.KEY_FILE_MISSING, path=str(self._paths.root))
            end_refusal()
            return
        if self._key is None:
            self._key = self._stored_key(self._file)
        if self._key is None:
            raise StorageError(ErrorCode.DATA_LOCKED, path=str(self._paths.root))
        if not self._file.is_proven_by(self._key):
            raise StorageError(ErrorCode.KEY_FILE_DAMAGED, path=str(self._paths.key_file))
        if self._file.state is not EncryptionState.ON:
            self._convert(self._file, self._key)
        if self._file is None:  # it is plain now
            self._key = None
            use_data_key(no_key)
        else:
            self._use_key()
            self._keep_in_store_again(self._file, self._key)

    def ask_key_store(self) -> StoredKeySearch | None:
        """Ask the key store, without waiting: `open_key` goes on with what it has answered by then.

        None where it has nothing to open. Raises StorageError for a damaged key file.
        """
        found = read_key_file(self._paths)
        if found is None or not found.slots_of(UnlockMethod.KEY_STORE):
            return None
        self._search = StoredKeySearch(found, self._place_key.open_data_key)
        return self._search

    def unlock(self, secret: str) -> None:
        """Have the key by a passphrase or the recovery code; the next `open_key` goes on with it.

        Takes half a second. Raises StorageError(SECRET_WRONG).
        """
        found = read_key_file(self._paths)
        if found is None:
            return
        key = _open_slots(self._paths, found, secret)
        if key is None:
            raise StorageError(ErrorCode.SECRET_WRONG)
        self._key = key
        has_answered = self._search is None or self._search.is_answered
        self._is_missed = has_answered and bool(found.slots_of(UnlockMethod.KEY_STORE))

    def close(self) -> None:
        """Convert what is noted; all files are closed, and the root is still owned."""
        pending, self._pending = self._pending, None
        if pending is not None and self._key is not None:
            if pending.state is EncryptionState.ENCRYPTING:
                pending = self._with_store_slot(pending, self._key)
            write_key_file(self._paths, pending)
            use_data_key(no_key)
            self._convert(pending, self._key)
        if self._file is not None:
            use_data_key(no_key)
            log.hide_details(hidden=False)
        self._key = self._file = None

    def note_settings(self, settings: Settings) -> None:
        """Keep how the window looks before it is unlocked, at the next start."""
        early = early_values(settings)
        if self._pending is not None:
            self._pending = structs.replace(self._pending, early=early)
        if self._file is not None and self._file.early != early:
            self._save(structs.replace(self._file, early=early))

    # ------------------------------------------------------------ switching

    def switch_on(self, passphrase: str, recovery_code: str) -> None:
        """Encrypt all once the application is closed; takes a second.

        Without a passphrase the system's key store has to keep the key. Raises StorageError.
        """
        self._check_state(EncryptionState.OFF)
        if passphrase:
            check_passphrase(passphrase)
        elif is_portable(self._paths.root) or not self._place_key.can_keep_entries():
            raise StorageError(ErrorCode.SECRET_NEEDED)
        check_convertible(self._paths)
        key, folder_id = os.urandom(KEY_BYTES), os.urandom(16).hex()
        secrets = [
            (UnlockMethod.RECOVERY_CODE, recovery_code),
            (UnlockMethod.PASSPHRASE, passphrase),
        ]
        slots = tuple(
            slot_for_secret(key, folder_id, method, secret) for method, secret in secrets if secret
        )
        made = KeyFile(folder_id, EncryptionState.ENCRYPTING, slots)
        self._key, self._pending = key, made.proven_with(key)

    def switch_off(self) -> None:
        """Write all plain once the application is closed. Raises StorageError."""
        self._check_state(EncryptionState.ON)
        check_convertible(self._paths)
        assert self._file is not None  # it is on
        assert self._key is not None
        changed = structs.replace(self._file, state=EncryptionState.DECRYPTING)
        self._pending = changed.proven_with(self._key)

    def cancel_switch(self) -> None:
        """Forget a switch that was noted and not carried out."""
        self._pending = None
        if self._file is None:
            self._key = None

    def change_passphrase(self, passphrase: str) -> None:
        """Lock the key with another passphrase; "" for none. Only the key file is written.

        Raises StorageError, also where nothing but the recovery code would be left.
        """
        self._check_state(EncryptionState.ON)
        if passphrase:
            check_passphrase(passphrase)
        elif self._file and not self._file.slots_of(UnlockMethod.KEY_STORE):
            raise StorageError(ErrorCode.SECRET_NEEDED)
        self._change_secret(UnlockMethod.PASSPHRASE, passphrase)

    def change_recovery_code(self, code: str) -> None:
        """Let a new code take the place of the old one."""
        self._check_state(EncryptionState.ON)
        self._change_secret(UnlockMethod.RECOVERY_CODE, code)

    def _change_secret(self, method: UnlockMethod, secret: str) -> None:
        file, key = self._file, self._key
        assert file is not None  # it is on
        assert key is not None
        slots = tuple(slot for slot in file.slots if slot.method is not method)
        if secret:
            slots = (*slots, slot_for_secret(key, file.folder_id, method, secret))
        self._save(structs.replace(file, slots=slots))

    def _check_state(self, wanted: EncryptionState) -> None:
        if self._pending is not None:
            detail = _("it is already to be changed when Inglenook closes")
            raise StorageError(ErrorCode.ENCRYPTION_REFUSED, detail=detail)
        if self.status.state is not wanted:
            is_off = wanted is EncryptionState.ON
            raise StorageError(ErrorCode.DATA_PLAIN if is_off else ErrorCode.DATA_ENCRYPTED)

    # ------------------------------------------------------------ key

    def _use_key(self) -> None:
        key, root = self._key, self._paths.root
        use_data_key(lambda: key, partial(DataFileCipher, root), proven_for=root)
        log.hide_details(hidden=True)

    def _convert(self, file: KeyFile, key: bytes) -> None:
        to_plain = file.state is EncryptionState.DECRYPTING
        conversion = FolderConversion(self._paths, key, to_plain=to_plain)
        conversion.run(self.on_progress)
        if to_plain:
            if conversion.has_left_files:
                keep_key_file(self._paths, file)
            remove_key_file(self._paths)
            if not conversion.has_left_files:
                self._place_key.forget_entry(file.folder_id)
            self._file = None
        else:
            self._file = file
            self._save(structs.replace(file, state=EncryptionState.ON).proven_with(key))

    def _save(self, file: KeyFile) -> None:
        write_key_file(self._paths, file)
        self._file = file

    def _stored_key(self, file: KeyFile) -> bytes | None:
        search, self._search = self._search, None
        if search is not None and search.file == file:
            opened = search.found
        else:
            opened = self._place_key.open_data_key(file)
        key, self._to_keep = opened or (None, None)
        return key

    def _with_store_slot(self, file: KeyFile, key: bytes) -> KeyFile:
        """Return the key file with a slot for the system's key store, if that keeps the key."""
        stored = os.urandom(KEY_BYTES)
        if is_portable(self._paths.root) or not self._place_key.keep_entry(file.folder_id, stored):
            return file
        slots: tuple[KeySlot, ...] = (
            *(slot for slot in file.slots if slot.method in _SECRETS),
            slot_for_stored_key(key, file.folder_id, stored),
        )
        return self._place_key.with_place(structs.replace(file, slots=slots))

    def _keep_in_store_again(self, file: KeyFile, key: bytes) -> None:
        """Let the key store of this computer open it here from now on, if it keeps keys."""
        changed = file
        if self._is_missed:
            changed = self._with_store_slot(file, key)
        elif self._to_keep and self._place_key.keep_entry(file.folder_id, self._to_keep):
            changed = self._place_key.with_place(file)
        self._is_missed, self._to_keep = False, None
        try:
            if changed is not file:
                self._save(changed)
        except StorageError as error:  # a full disk: the data opens all the same
            _log.warning("the key store does not open the data: %s", error.code)


def _open_slots(paths: Paths, file: KeyFile, secret: str) -> bytes | None:
    """Return the key from whichever slot a secret opens; one that looks like a code first."""
    order = _SECRETS if not may_be_code(secret) else _SECRETS[::-1]
    try:
        for method in order:
            for slot in file.slots_of(method):
                if method is UnlockMethod.RECOVERY_CODE and not may_be_code(secret):
                    continue
                key = open_with_secret(slot, file.folder_id, secret)
                if key is not None:
                    return key
    except ValueError as error:
        raise StorageError(ErrorCode.KEY_FILE_DAMAGED, path=str(paths.key_file)) from error
    return None
