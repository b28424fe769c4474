"""Library grants: the files that the library child may read and write."""

import os
from collections.abc import Iterable
from typing import Any

from core.base.log import trim_log
from core.base.paths import Paths
from core.base.private_files import create_private_file
from core.library.filesystem.path_encoding import restore_path
from core.library.library_options import LibraryOptions
from core.messages import Request
from core.sandbox.grants import Grants


def own_grants(paths: Paths, folders: Iterable[str], options: LibraryOptions) -> Grants:
    """Return what the child works with: its own files, and the folders that were added, to read.

    The log of its children is made and shortened here, since it can make no file beside it.
    """
    log = paths.logs / "extractor.log"
    trim_log(log)
    if log.parent.is_dir():
        create_private_file(log)
    contacts = (str(paths.contacts_folder),) if options.index_server else ()
    return Grants(
        read=(*folders, *filter(None, (options.reranker,)), str(paths.attachments)),
        write=(str(paths.library_folder), str(paths.index), str(log), *contacts),
        servers=bool(options.index_server),
    )


def request_grants(request: Request[Any, Any]) -> Grants:
    """Return the files and folders that a request names, as `path` and `raw` or as many of both."""
    named = getattr(request, "paths", None) or [getattr(request, "path", "")]
    raws = getattr(request, "raws", None) or [getattr(request, "raw", b"")] * len(named)
    paths = map(restore_path, named, raws)
    return Grants(read=tuple(os.path.abspath(path) for path in paths if path))  # noqa: PTH100 - resolve follows links
