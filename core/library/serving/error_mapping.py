"""Error mapping: any exception as an InglenookError, at the border of the library child."""

import apsw

from core.base.database import storage_error
from core.base.errors import ErrorCode, InglenookError, LibraryError
from core.base.paths import Paths
from core.library.maintenance.unreadable_contents import UNDECODABLE


def to_inglenook_error(error: Exception, paths: Paths) -> InglenookError:
    """Return an error that a person can read; for a mistake of ours, one that names the logs."""
    if isinstance(error, InglenookError):
        return error
    if isinstance(error, UNDECODABLE):
        return LibraryError(ErrorCode.FILE_TEXT_DAMAGED)
    if isinstance(error, apsw.FullError | apsw.IOError | apsw.ReadOnlyError | apsw.CantOpenError):
        return storage_error(error, paths.library)
    return InglenookError(ErrorCode.INTERNAL, detail=type(error).__name__, logs=str(paths.logs))
