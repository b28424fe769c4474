"""Exception classes; each error has a code and two sentences: what happened, what to do next.

InglenookError            all errors that a person reads
├── ModelError            a GGUF file, its loading, its template
├── EngineError           the child that runs the model
├── LibraryError          folders, files, the index
├── NetworkError          what is fetched, servers, updates
└── StorageError          disk, databases, the root folder

Between processes an error is a code with facts (`core.messages.Failed`), which become sentences
here, in the reader's language. A child's traceback stays in its log.
"""

import errno
from collections.abc import Mapping

from core.base.error_codes import ErrorCode
from core.base.i18n import _

__all__ = [
    "EngineError",
    "ErrorCode",
    "InglenookError",
    "LibraryError",
    "ModelError",
    "NetworkError",
    "StorageError",
    "describe_error",
    "storage_error_from_os",
]


class _Facts(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "…"


def describe_error(code: str, facts: Mapping[str, str]) -> tuple[str, str]:
    """Return (what happened, what to do next), in the current language."""
    from core.base.error_messages.error_message_table import ERROR_MESSAGES  # noqa: PLC0415 - 15 ms that the window's first picture does without

    try:
        known = ErrorCode(code)
    except ValueError:
        known, facts = ErrorCode.INTERNAL, {"detail": code, **facts}
    message, hint = ERROR_MESSAGES[known]
    filled = _Facts(facts)
    return _(message).format_map(filled), _(hint).format_map(filled)


class InglenookError(Exception):
    """An error that a person reads: a stable code, and the facts in its two sentences."""

    def __init__(self, code: ErrorCode, **facts: str) -> None:
        super().__init__(code, facts)
        self.code = code
        self.facts = facts

    @property
    def message(self) -> str:
        """What happened, one sentence."""
        return describe_error(self.code, self.facts)[0]

    @property
    def hint(self) -> str:
        """What to do next, one sentence."""
        return describe_error(self.code, self.facts)[1]

    def __str__(self) -> str:
        return " ".join(describe_error(self.code, self.facts))


class ModelError(InglenookError):
    """A GGUF file can't be used as asked."""


class EngineError(InglenookError):
    """The child that runs the model failed."""


class LibraryError(InglenookError):
    """A folder, a file in it, or the index failed."""


class NetworkError(InglenookError):
    """Something beyond this machine can't be had."""


class StorageError(InglenookError):
    """The disk, a database or the root folder failed."""


def storage_error_from_os(error: OSError, path: str) -> StorageError:
    """Return the StorageError for an OSError at writing `path`."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return StorageError(ErrorCode.DISK_FULL, path=path)
    return StorageError(ErrorCode.ROOT_UNWRITABLE, path=path, detail=error.strerror or str(error))
