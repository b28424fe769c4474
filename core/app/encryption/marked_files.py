"""Marked files: whether a data folder without a key file is encrypted all the same."""

import base64
import contextlib
from pathlib import Path

from core.base.data_key import MARK
from core.base.paths import Paths

_LINE_MARK = base64.b64encode(MARK[:6])


def holds_encrypted_files(paths: Paths) -> bool:
    """Return whether any of the files that every used data folder has was encrypted."""
    places = (paths.settings, paths.model_registry, paths.model_registry_cache, paths.servers,
              paths.usage, paths.checksums, paths.contacts, paths.api_log)  # fmt: skip
    for path in filter(Path.is_file, places):  # a pipe would be waited for
        with contextlib.suppress(OSError), path.open("rb") as file:
            if file.read(len(MARK)).startswith((MARK, _LINE_MARK)):
                return True
    return False
