"""Passphrase file: what a script names, so that encrypted data opens where nobody can be asked.

The file may be a descriptor (/dev/fd/3) or a pipe. On a command line, and in a variable, every
program of the person could read the passphrase itself.
"""

from collections.abc import Mapping
from pathlib import Path

from core.base.errors import ErrorCode, StorageError
from core.base.i18n import _

PASSPHRASE_FILE_VARIABLE = "INGLENOOK_PASSPHRASE_FILE"  # noqa: S105 - a name
"""Names the file; its first line is a passphrase or a recovery code."""
_MOST_BYTES = 4096


def read_named_passphrase(environment: Mapping[str, str]) -> str | None:
    """Return the first line of the named file, None if none is named.

    Raises StorageError(PASSPHRASE_FILE_REFUSED).
    """
    name = environment.get(PASSPHRASE_FILE_VARIABLE, "")
    if not name:
        return None
    try:
        with Path(name).expanduser().open("rb") as file:
            line = file.readline(_MOST_BYTES).decode("utf-8-sig").rstrip("\r\n")
    except (OSError, ValueError, RuntimeError) as error:  # no text, no file, no such home
        raise _refused(name, getattr(error, "strerror", None) or _("it holds no text")) from error
    if not line:
        raise _refused(name, _("its first line is empty"))
    return line


def _refused(name: str, detail: str) -> StorageError:
    return StorageError(
        ErrorCode.PASSPHRASE_FILE_REFUSED,
        path=name,
        variable=PASSPHRASE_FILE_VARIABLE,
        detail=detail,
    )
