"""The fake application's folders and documents."""

from core.app.events.app_events import (
    DocumentReady,
    FolderProgress,
    FoldersChanged,
    FolderSynced,
    LibraryFolderRemoved,
    Problem,
    RequestFailed,
    SkippedFilesReady,
)
from core.library.client.file_request_sender import FileLocation
from core.messages import Document, FileSkipped, FolderState, SyncStatistics
from tests.desktop.fake_base import FakeBase


class FolderDesk:
    """The calls as the window makes them."""

    def __init__(self, fake: "FakeFolders") -> None:
        self._fake = fake
        self.add_folder = fake.add_folder
        self.sync_folder = fake.sync_folder
        self.remove_folder = fake.remove_folder
        self.list_skipped_files = fake.list_skipped
        self.search_folders = fake.search_folders
        self.pause_folders = fake.pause_folders
        self.set_included_patterns = fake.include_parts
        self.verify_library = fake.verify_library
        self.set_embedder = fake.choose_embedder
        self.cancel = fake.cancel

    @property
    def known_folders(self) -> tuple[FolderState, ...]:
        """All folders as last heard."""
        return self._fake.known_folders


class ViewingDesk:
    """The calls about single documents as the window makes them."""

    def __init__(self, fake: "FakeFolders") -> None:
        self._fake = fake
        self.open_document = fake.open_document
        self.cancel = fake.cancel

    def prepare_viewer(self) -> None:
        """Record it."""
        self._fake.prepared += 1

    def read_file(self, path: str) -> str:
        """Record it."""
        return self._fake.request("read_file", path)

    def render_page(
        self,
        place: FileLocation,
        page: int,
        *,
        width: int = 1000,
        text: str = "",
        recognize: bool = False,
        sizes: bool = False,
    ) -> str:
        """Record it."""
        return self._fake.request("render_page", place, page, width, text, recognize, sizes)

    def locate_characters(self, place: FileLocation, page: int, *, recognize: bool = False) -> str:
        """Record it."""
        return self._fake.request("read_letters", place, page, recognize)

    def list_folder_files(self, folder_id: str, words: str = "", limit: int = 500) -> str:
        """Record it."""
        return self._fake.request("list_files", folder_id, words)


class FakeFolders(FakeBase):
    """Requests are recorded and get an id; the test answers them."""

    def __init__(self) -> None:
        super().__init__()
        self.known_folders: tuple[FolderState, ...] = ()
        self.folders = FolderDesk(self)
        self.documents = ViewingDesk(self)
        self.prepared = 0

    def add_folder(self, path: str) -> str:
        """Record it."""
        return self.request("add_folder", path)

    def sync_folder(self, folder_id: str, *, retry: bool = False, file: str = "") -> str:
        """Record it."""
        if file:
            return self.request("retry_file", folder_id, file)
        return self.request("retry_folder" if retry else "sync_folder", folder_id)

    def pause_folders(self, folder_ids: tuple[str, ...], *, paused: bool) -> str:
        """Record it."""
        return self.request("pause" if paused else "resume", folder_ids)

    def include_parts(self, folder_id: str, patterns: tuple[str, ...], *, hidden: bool) -> str:
        """Record it."""
        return self.request("include", folder_id, patterns, hidden)

    def verify_library(self) -> str:
        """Record it."""
        return self.request("verify")

    def choose_embedder(self, path: str) -> str:
        """Record it."""
        return self.request("choose_embedder", path)

    def remove_folder(self, folder_id: str) -> str:
        """Forget it at the next pump."""
        request_id = self.request("remove_folder", folder_id)
        self.known_folders = tuple(f for f in self.known_folders if f.folder_id != folder_id)
        self.queue.append(LibraryFolderRemoved(request_id=request_id, folder_id=folder_id))
        return request_id

    def search_folders(self, query: str, folder_ids: tuple[str, ...] = (), k: int = 8) -> str:
        """Record it."""
        return self.request("search", query, folder_ids, k)

    def list_skipped(self, folder_id: str) -> str:
        """Record it."""
        return self.request("list_skipped", folder_id)

    def open_document(self, folder_id: str, file: str) -> str:
        """Record it."""
        return self.request("open_document", folder_id, file)

    def cancel(self, request_id: str) -> None:
        """Record it."""
        self.calls.append(("cancel", request_id))

    def folder_seen(self, folder: FolderState) -> None:
        """A folder is known and being read."""
        others = tuple(f for f in self.known_folders if f.folder_id != folder.folder_id)
        self.known_folders = (*others, folder)
        self.emit(FoldersChanged(folders=self.known_folders))

    def folder_progress(self, request_id: str, folder_id: str, **numbers: int) -> None:
        """A folder is being read."""
        self.emit(
            FolderProgress(
                request_id=request_id,
                folder_id=folder_id,
                current="notes/garden/long beds.md",
                done=numbers.get("done", 0),
                total=numbers.get("total", 0),
                skipped=numbers.get("skipped", 0),
                part=numbers.get("percent", 0) / 100,
                seconds_left=numbers.get("seconds_left"),
            )
        )

    def folder_synced(self, request_id: str, folder: FolderState) -> None:
        """A folder is in step."""
        others = tuple(f for f in self.known_folders if f.folder_id != folder.folder_id)
        self.known_folders = (*others, folder)
        self.emit(FolderSynced(request_id=request_id, folder=folder, statistics=SyncStatistics()))

    def skipped_listed(self, request_id: str, files: tuple[FileSkipped, ...]) -> None:
        """The skipped files are here."""
        self.emit(SkippedFilesReady(request_id=request_id, files=files))

    def document_ready(self, document: Document) -> None:
        """A document is here."""
        self.emit(DocumentReady(request_id=document.request_id, document=document))

    def request_failed(self, request_id: str, message: str, hint: str) -> None:
        """A request ended in a problem."""
        problem = Problem(code="folder_gone", message=message, hint=hint)
        self.emit(RequestFailed(request_id=request_id, problem=problem))
