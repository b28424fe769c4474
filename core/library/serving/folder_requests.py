"""Folder requests: folders added, synced, paused, narrowed and removed, as a person asks."""

from collections.abc import Callable
from typing import assert_never

import msgspec

from core.library.filesystem.path_encoding import restore_path
from core.library.maintenance.library_maintenance import LibraryMaintenance
from core.library.serving.library_replies import LibraryReplies
from core.library.store.library_records import FolderRecord
from core.library.sync.folder_comparison import SyncOptions
from core.library.sync.folder_manager import FolderManager
from core.library.sync.folder_sync import SYNC_EVERYTHING
from core.library.sync.sync_queue import SyncQueue
from core.messages import (
    AddFolder,
    FolderRemoved,
    PauseFolders,
    RemoveFolder,
    SetFolderInclusions,
    SyncFolder,
    SyncRequest,
)

FolderRequest = SyncRequest | RemoveFolder | PauseFolders | SetFolderInclusions


class FolderRequests:
    """Handles each FolderRequest; what ends later is replied to by the queue or maintenance."""

    def __init__(
        self,
        manager: FolderManager,
        syncs: SyncQueue,
        maintenance: LibraryMaintenance,
        replies: LibraryReplies,
        send: Callable[[msgspec.Struct], None],
    ) -> None:
        self._manager = manager
        self._syncs = syncs
        self._maintenance = maintenance
        self._replies = replies
        self._send = send

    def handle_request(self, request: FolderRequest) -> None:
        """Do what is asked. Raises LibraryError."""
        manager = self._manager
        match request:
            case AddFolder():
                path = restore_path(request.path, request.raw)
                folder = manager.add_folder(path, hidden=request.hidden)
                self.sync_folder(request.request_id, folder)
            case SyncFolder():
                options = SyncOptions(retry=request.retry, file=request.file)
                folder = manager.folder_to_sync(request.folder_id)
                self.sync_folder(request.request_id, folder, options)
            case RemoveFolder():
                steps = manager.remove_folder(request.folder_id)
                done = FolderRemoved(request_id=request.request_id, folder_id=request.folder_id)
                self._maintenance.queue_removal(steps, done)
            case PauseFolders():
                manager.pause_folders(request.folder_ids, paused=request.paused)
                self._send(self._replies.folders_reply(request.request_id))
            case SetFolderInclusions():
                manager.set_included_parts(
                    request.folder_id, request.patterns, hidden=request.hidden
                )
                self._send(self._replies.folders_reply(request.request_id))
            case _:
                assert_never(request)

    def sync_folder(
        self, request_id: str, folder: FolderRecord, options: SyncOptions = SYNC_EVERYTHING
    ) -> None:
        """Queue a sync, and broadcast that the folder is being read; "" if nobody asked."""
        self._syncs.add_sync(request_id, folder, options)
        self._send(self._replies.folders_reply())
