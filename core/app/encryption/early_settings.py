"""Early settings: those of the window before a data folder is open, which may be encrypted."""

from core.base.data_key import drop_data_key, use_data_key
from core.base.errors import ErrorCode, StorageError
from core.base.paths import Paths
from core.base.settings.app_settings import Settings


def early_settings(paths: Paths) -> Settings:
    """Return the settings, or those of them that an encrypted data folder shows before it is open.

    Until it is unlocked, this process then reads and writes nothing in it.
    """
    if not _may_have_key_file(paths):
        return Settings(paths.settings)
    from core.app.encryption.key_file import (  # noqa: PLC0415 - most folders have none, and the window waits
        EncryptionState,
        KeyFile,
        read_key_file,
    )

    try:
        found = read_key_file(paths)
    except StorageError:  # said when it is to be opened
        found = KeyFile("", EncryptionState.ON, ())
    if found is None:
        return Settings(paths.settings)
    use_data_key(refuse_key)
    return Settings(paths.settings, found.early)


def end_refusal() -> None:
    """Let this process read and write again: the folder that it opens has no key."""
    drop_data_key(refuse_key)


def refuse_key() -> bytes | None:
    """Have the data key of a folder that is not unlocked: there is none."""
    raise StorageError(ErrorCode.DATA_LOCKED)


def _may_have_key_file(paths: Paths) -> bool:
    """Return whether either key file is there, or can't be looked for."""
    for path in (paths.key_file, paths.second_key_file):
        try:
            path.stat()
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError:
            return True
        return True
    return False
