"""Folder fingerprints: hashes that change whenever a search of folders could find otherwise."""

import hashlib
from collections.abc import Sequence

from core.library.maintenance.embedder_choice import current_embedder_folder
from core.library.store.library_records import LibraryRecords

_MOST_KEPT = 64
_FILES = """
    SELECT folder_id, path, hash FROM file JOIN content ON content.id = content_id
    WHERE folder_id = ? ORDER BY path
"""


class FolderFingerprints:
    """Computes and keeps them; the records' connection is the only one that changes the library."""

    def __init__(self, records: LibraryRecords) -> None:
        self._records = records
        self._changes = -1
        self._kept: dict[str, str] = {}

    def fingerprint(self, folder_ids: Sequence[str]) -> str:
        """Return the fingerprint of folders (none given: of all), in whatever order they are named.

        It covers names and contents of the files that were read, and the embedding model. 100,000
        files take a tenth of a second, once after each change.
        """
        changes = self._records.connection.total_changes()
        if changes != self._changes or len(self._kept) > _MOST_KEPT:
            self._kept.clear()
            self._changes = changes
        active = [folder.id for folder in self._records.active_folders()]
        asked = sorted(set(folder_ids or active))
        parts = [str(current_embedder_folder(self._records))]
        parts += [self._folder_fingerprint(each) for each in asked if each in active]
        return hashlib.sha256("\n".join(parts).encode(errors="surrogateescape")).hexdigest()

    def _folder_fingerprint(self, folder_id: str) -> str:
        if folder_id not in self._kept:
            digest = hashlib.sha256()
            for id_, path, content_hash in self._records.connection.execute(_FILES, (folder_id,)):
                digest.update(b"%s\0%s\0%s\n" % (id_.encode(), path, content_hash.encode()))
            self._kept[folder_id] = digest.hexdigest()
        return self._kept[folder_id]
