"""Folder service: requests about folders and the index, and the known state of all folders."""

from collections.abc import Callable
from typing import Never

from core.app.events.app_events import AppEvent, FoldersChanged, Notice
from core.app.problems import problem_of_failure
from core.ipc.client import new_request_id
from core.ipc.reply import Reply
from core.library.client.library_client import LibraryClient
from core.library.filesystem.path_encoding import display_name, raw_path_bytes
from core.messages import (
    AddFolder,
    ChooseEmbedder,
    ChooseReranker,
    EmbedderProgress,
    EvaluateFolder,
    EvaluateRetrieval,
    EvaluationProgress,
    Failed,
    FileSkipped,
    FolderEvaluated,
    FolderRemoved,
    FoldersListed,
    FolderState,
    LibraryEvent,
    LibraryStatus,
    LibraryVerified,
    ListFolders,
    ListSkipped,
    ListStatus,
    PauseFolders,
    RemoveFolder,
    RerankerChosen,
    RetrievalEvaluated,
    SetFolderInclusions,
    SkippedFiles,
    SyncDone,
    SyncFolder,
    SyncProgress,
    SyncRequest,
    VerifyLibrary,
)

FoldersReply = Reply[Never, tuple[FolderState, ...]]
SyncUpdate = SyncProgress | FileSkipped
SyncReply = Reply[SyncUpdate, SyncDone]


class FolderService:
    """Each call returns a reply; what it changes in the folders is broadcast as well.

    FoldersChanged, SyncProgress and SyncDone are broadcast for every sync, also for those that
    nobody asked for, and EmbedderProgress while everything is embedded anew.
    """

    def __init__(self, library: LibraryClient, emit: Callable[[AppEvent], None]) -> None:
        self._library = library
        self._emit = emit
        self.known_folders: tuple[FolderState, ...] = ()
        """All folders as last heard, by name."""
        self.look_at_folders = library.look_at_folders
        """Returns the stored folders before they were listed, None if that can't be told."""
        library.on_broadcast = self._on_broadcast

    def folder_names(self) -> dict[str, str]:
        """Return folder ids with their names."""
        return {folder.folder_id: folder.name for folder in self.known_folders}

    # ------------------------------------------------------------ folders

    def list_folders(self) -> FoldersReply:
        """Ask for all folders; needs no embedding model."""
        request = ListFolders(request_id=new_request_id())
        return self._library.send(request).convert(self._update_folders)

    def add_folder(self, path: str, *, hidden: bool = False) -> SyncReply:
        """Add the folder at an absolute path, which may hold any bytes, and read what is in it.

        `hidden`: hidden parts of it are read too, from now on.
        """
        shown, raw = display_name(path), raw_path_bytes(path)
        return self._sync(
            AddFolder(request_id=new_request_id(), path=shown, raw=raw, hidden=hidden)
        )

    def sync_folder(self, folder_id: str, *, retry: bool = False, file: str = "") -> SyncReply:
        """Compare a folder with the disk and read what changed.

        `retry`: read once more what was skipped, only `file` of it if one is named.
        """
        return self._sync(
            SyncFolder(request_id=new_request_id(), folder_id=folder_id, retry=retry, file=file)
        )

    def pause_folders(self, folder_ids: tuple[str, ...], *, paused: bool) -> FoldersReply:
        """Pause or resume folders, all if none is given."""
        request = PauseFolders(request_id=new_request_id(), folder_ids=folder_ids, paused=paused)
        return self._library.send(request).convert(self._update_folders)

    def set_included_patterns(
        self, folder_id: str, patterns: tuple[str, ...], *, hidden: bool
    ) -> FoldersReply:
        """Set which parts of a folder are read though they are passed over elsewhere.

        The next sync reads them; a folder that is watched is synced by itself.
        """
        request = SetFolderInclusions(
            request_id=new_request_id(), folder_id=folder_id, hidden=hidden, patterns=patterns
        )
        return self._library.send(request).convert(self._update_folders)

    def remove_folder(self, folder_id: str) -> Reply[Never, FolderRemoved]:
        """Forget a folder and everything that was read from it; its files are not touched."""
        request = RemoveFolder(request_id=new_request_id(), folder_id=folder_id)
        return self._library.send(request).convert(self._forget_folder)

    def list_skipped_files(self, folder_id: str) -> Reply[Never, SkippedFiles]:
        """Ask which files were skipped; `describe_skipped` puts the reasons into words."""
        return self._library.send(ListSkipped(request_id=new_request_id(), folder_id=folder_id))

    # ------------------------------------------------------------ index and models

    def request_status(self) -> Reply[Never, LibraryStatus]:
        """Ask for the state of all folders, the index and the embedding model."""
        return self._library.send(ListStatus(request_id=new_request_id()))

    def verify_library(self) -> Reply[Never, LibraryVerified]:
        """Check what is kept, and mend what is damaged."""
        return self._library.send(VerifyLibrary(request_id=new_request_id()))

    def set_embedder(self, path: str) -> Reply[Never, LibraryStatus]:
        """Let the model in another folder embed ("": the shipped one that suits the languages).

        The result comes when it is accepted; everything is embedded anew after that.
        """
        return self._library.send(ChooseEmbedder(request_id=new_request_id(), path=path))

    def set_reranker(self, path: str) -> Reply[Never, RerankerChosen]:
        """Try a cross-encoder's folder, and let it sort search results ("": none does)."""
        return self._library.send(ChooseReranker(request_id=new_request_id(), path=path))

    def evaluate_search(self, path: str) -> Reply[EvaluationProgress, RetrievalEvaluated]:
        """Measure search on the retrieval set in a folder."""
        return self._library.send(EvaluateRetrieval(request_id=new_request_id(), path=path))

    def evaluate_folder(
        self, folder_id: str, *, questions: int = 60, k: int = 10, seed: int = 1
    ) -> Reply[EvaluationProgress, FolderEvaluated]:
        """Ask questions made from a folder's own texts, and say what isn't found and why."""
        return self._library.send(
            EvaluateFolder(
                request_id=new_request_id(),
                folder_id=folder_id,
                questions=questions,
                k=k,
                seed=seed,
            )
        )

    # ------------------------------------------------------------ events of the library

    def _sync(self, request: SyncRequest) -> SyncReply:
        reply: SyncReply = self._library.send(request)
        return reply.on_progress(self._on_broadcast).convert(self._finish_sync)

    def _on_broadcast(self, event: LibraryEvent) -> None:
        """Broadcast changed state; late answers, whose request is over, change nothing."""
        match event:
            case FoldersListed():
                self._update_folders(event)
            case SyncDone():
                self._finish_sync(event)
            case SyncProgress() | EmbedderProgress():
                self._emit(event)
            case Failed(request_id=""):
                problem = problem_of_failure(event)
                self._emit(Notice(key="library", severity="warning", problem=problem))
            case _:
                pass

    def _update_folders(self, listed: FoldersListed) -> tuple[FolderState, ...]:
        self.known_folders = listed.folders
        self._emit(FoldersChanged(folders=listed.folders))
        return listed.folders

    def _finish_sync(self, done: SyncDone) -> SyncDone:
        """Put the folder, by name, in place of its former state."""
        others = [each for each in self.known_folders if each.folder_id != done.folder.folder_id]
        folders = sorted([*others, done.folder], key=lambda each: each.name.casefold())
        self.known_folders = tuple(folders)
        self._emit(done)
        return done

    def _forget_folder(self, removed: FolderRemoved) -> FolderRemoved:
        known = self.known_folders
        self.known_folders = tuple(f for f in known if f.folder_id != removed.folder_id)
        self._emit(FoldersChanged(folders=self.known_folders))
        return removed
