"""The tree of what can go wrong, each kind with two sentences: what happened, what to do next.

InglenookError            anything a person is told about
├── ModelError            a GGUF file, its loading, its template
├── EngineError           the child that runs the model
├── LibraryError          folders, files, the index
├── NetworkError          what is fetched, servers, updates
└── StorageError          disk, databases, the root folder

Errors cross a process border as a code and facts (`core.messages.Failed`) and become sentences
here, in the reader's language. A child's traceback stays in its log.
"""

import errno
from collections.abc import Mapping

from core.codes import Code
from core.error_words import SENTENCES
from core.words import _

__all__ = [
    "Code",
    "EngineError",
    "InglenookError",
    "LibraryError",
    "ModelError",
    "NetworkError",
    "StorageError",
    "describe",
    "from_os_error",
]


class _Facts(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "…"


def describe(code: str, facts: Mapping[str, str]) -> tuple[str, str]:
    """Return (what happened, what to do next), in the current language."""
    try:
        known = Code(code)
    except ValueError:
        known, facts = Code.INTERNAL, {"detail": code, **facts}
    message, hint = SENTENCES[known]
    filled = _Facts(facts)
    return _(message).format_map(filled), _(hint).format_map(filled)


class InglenookError(Exception):
    """Something a person is told: a stable code, and the facts its two sentences name."""

    def __init__(self, code: Code, **facts: str) -> None:
        super().__init__(code, facts)
        self.code = code
        self.facts = facts

    @property
    def message(self) -> str:
        """What happened, one sentence."""
        return describe(self.code, self.facts)[0]

    @property
    def hint(self) -> str:
        """What to do next, one sentence."""
        return describe(self.code, self.facts)[1]

    def __str__(self) -> str:
        return " ".join(describe(self.code, self.facts))


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


def from_os_error(error: OSError, path: str) -> StorageError:
    """Say an operating system's refusal to write `path` in our words."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return StorageError(Code.DISK_FULL, path=path)
    return StorageError(Code.ROOT_UNWRITABLE, path=path, detail=error.strerror or str(error))
