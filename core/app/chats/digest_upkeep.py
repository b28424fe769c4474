"""Digest upkeep: what was written of documents is erased when they leave the library."""

import contextlib

from core.app.events.app_events import AppEvent, FoldersChanged
from core.base.errors import InglenookError
from core.chat.library_answers.library_queries import all_documents_query
from core.chat.store.digest_store import DigestStore
from core.library.client.library_client import LibraryClient
from core.messages import FilesFound, SyncDone


class DigestUpkeep:
    """Belongs to the thread of the application, and listens to its events."""

    def __init__(self, digests: DigestStore, library: LibraryClient) -> None:
        self._digests = digests
        self._library = library

    def on_app_event(self, event: AppEvent) -> None:
        """Erase what is of a folder that was removed, or of files that a sync found changed."""
        with contextlib.suppress(InglenookError):  # a full disk: with the next event
            if isinstance(event, FoldersChanged):
                here = {folder.folder_id for folder in event.folders}
                for folder_id in self._digests.known_folders() - here:
                    self._digests.forget_folder(folder_id)
            elif isinstance(event, SyncDone) and self._has_changed(event):
                folder_id = event.folder.folder_id
                files = self._library.send(all_documents_query((folder_id,)))
                files.on_done(lambda found: self._forget_missing(folder_id, found))

    def _has_changed(self, done: SyncDone) -> bool:
        changed = done.statistics.removed or done.statistics.read
        return bool(changed) and done.folder.folder_id in self._digests.known_folders()

    def _forget_missing(self, folder_id: str, found: FilesFound) -> None:
        if found.total > len(found.files):  # not all are known: they go with the folder
            return
        with contextlib.suppress(InglenookError):
            self._digests.forget_missing(folder_id, (each.content_hash for each in found.files))
