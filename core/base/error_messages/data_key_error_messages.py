"""Error messages about the key of the data folder, and what unlocks it."""

from collections.abc import Mapping

from core.base.error_codes import ErrorCode
from core.base.i18n import N_

DATA_KEY_ERROR_MESSAGES: Mapping[ErrorCode, tuple[str, str]] = {
    ErrorCode.DATA_KEY_WRONG: (
        N_("{path} can't be read with this key."),
        N_("Give the key that it was written with; the file was left as it is."),
    ),
    ErrorCode.DATA_LOCKED: (
        N_("Your data is encrypted, and the key store of this computer doesn't give its key."),
        N_("Type your passphrase or the recovery code; nothing was changed."),
    ),
    ErrorCode.KEY_STORE_WAITS: (
        N_("The key store of this computer has not given the key of your data yet."),
        N_("Answer its question, if it asks one; press Enter if you are asked here, too."),
    ),
    ErrorCode.DATA_NOT_ENCRYPTED: (
        N_("{path} is not encrypted, though your data is; somebody put it there."),
        N_("Move it away if you don't know it, then start again; it was not read."),
    ),
    ErrorCode.KEY_FILE_MISSING: (
        N_("Your data in {path} is encrypted, but the file with its locked key is gone."),
        N_("Put “encryption.json” back from a copy of yours; nothing was changed."),
    ),
    ErrorCode.KEY_FILE_DAMAGED: (
        N_("{path} is damaged; it holds the locked key of your data."),
        N_("Put “encryption.json” back from a copy of yours; nothing was changed."),
    ),
    ErrorCode.SECRET_WRONG: (
        N_("That is neither the passphrase nor the recovery code of this data."),
        N_("Try again; capital letters count in a passphrase, but not in the code."),
    ),
    ErrorCode.SECRET_WEAK: (
        N_("This passphrase is too short to protect anything."),
        N_("Take at least {count} characters; four or five words are good."),
    ),
    ErrorCode.SECRET_NEEDED: (
        N_("There is no key store here that could keep the key."),
        N_("Choose a passphrase (“--passphrase”); you are asked for it at each start."),
    ),
    ErrorCode.PASSPHRASE_FILE_REFUSED: (
        N_("{path}, which “{variable}” names, can't be read ({detail})."),
        N_("Name a file whose first line is your passphrase; nothing was changed."),
    ),
    ErrorCode.ENCRYPTION_REFUSED: (
        N_("Encryption can't be changed now: {detail}."),
        N_("Nothing was changed; try again after that."),
    ),
    ErrorCode.DATA_PLAIN: (
        N_("Your data is not encrypted."),
        N_("Nothing was changed; “inglenook encryption on” encrypts it."),
    ),
    ErrorCode.DATA_ENCRYPTED: (
        N_("Your data is encrypted already."),
        N_("Nothing was changed; “inglenook encryption status” says what unlocks it."),
    ),
}
