"""Error mapping: any exception as an InglenookError, and that as a message, at the border."""

import apsw

from core.base.database import storage_error
from core.base.errors import ErrorCode, InglenookError
from core.base.paths import Paths
from core.messages import Failed


def to_inglenook_error(error: Exception, paths: Paths) -> InglenookError:
    """Return an error that a person can read; for a mistake of ours, one that names the logs."""
    if isinstance(error, InglenookError):
        return error
    if isinstance(error, apsw.FullError | apsw.IOError | apsw.ReadOnlyError | apsw.CantOpenError):
        return storage_error(error, paths.library)
    return InglenookError(ErrorCode.INTERNAL, detail=type(error).__name__, logs=str(paths.logs))


def failure_message(request_id: str, error: InglenookError) -> Failed:
    """Return the message that ends a request in an error."""
    return Failed(request_id=request_id, code=error.code, facts=error.facts)
