"""Encrypted files of the data folder, decrypted for extractors, which have no key."""

import os
from pathlib import Path

from msgspec import structs

from core.base.data_files import read_data_file
from core.base.data_key import proven_key
from core.base.errors import StorageError
from core.messages import ExtractorRequest


def with_decrypted_content(request: ExtractorRequest) -> ExtractorRequest:
    """Return a request with the content of its file, if that is one of an encrypted data folder.

    One that can't be decrypted there names no file any more: it is not read as what it isn't.
    """
    proven = proven_key()
    if proven is None:
        return request
    path = Path(os.fsdecode(request.raw) if request.raw else request.path)
    if not path.is_relative_to(proven[1]):
        return request
    try:
        return structs.replace(request, content=read_data_file(path))
    except (OSError, StorageError, ValueError):
        return structs.replace(request, path="", raw=b"")
