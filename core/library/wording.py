"""Puts whatever ends a request or a sync into words, at the border of the library child."""

import apsw

from core.database import storage_error
from core.errors import Code, InglenookError
from core.paths import Paths


def in_words(error: Exception, paths: Paths) -> InglenookError:
    """Return what a person is told of `error`; a mistake of our own names the logs."""
    if isinstance(error, InglenookError):
        return error
    if isinstance(error, apsw.FullError | apsw.IOError | apsw.ReadOnlyError | apsw.CantOpenError):
        return storage_error(error, paths.library)
    return InglenookError(Code.INTERNAL, detail=type(error).__name__, logs=str(paths.logs))
