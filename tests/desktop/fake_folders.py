"""The fake application's folders and documents: the real services over a child that records."""

import msgspec
from msgspec import structs

from core.app.library.document_service import DocumentService, FileLocation
from core.app.library.folder_service import FolderService
from core.base.paths import Paths
from core.library.client.library_client import LibraryClient
from core.library.filesystem.path_encoding import restore_path
from core.messages import (
    AddFolder,
    Cancel,
    ChooseEmbedder,
    Document,
    Failed,
    FileSkipped,
    FolderRemoved,
    FoldersListed,
    FolderState,
    ListFiles,
    ListSkipped,
    LoadDocument,
    PauseFolders,
    PrepareViewing,
    ReadFile,
    ReadLetters,
    RemoveFolder,
    RenderPage,
    SearchFolders,
    SetFolderInclusions,
    SkippedFiles,
    SyncDone,
    SyncFolder,
    SyncProgress,
    SyncStatistics,
    VerifyLibrary,
)
from tests.desktop.fake_base import FakeBase
from tests.fakes.child_process import FakeChildProcess


class RecordingChild(FakeChildProcess):
    """Records each request as a call, which a test names `request-N` by its place among them."""

    def __init__(self, fake: FakeBase) -> None:
        super().__init__("library")
        self._fake = fake
        self._names: dict[str, str] = {}
        self.prepared = 0

    def receive(self, request: msgspec.Struct) -> None:
        """Record it; a folder is forgotten by itself."""
        if isinstance(request, PrepareViewing):
            self.prepared += 1
            return
        request_id: str = getattr(request, "request_id", "")
        if isinstance(request, Cancel):
            self._fake.calls.append(("cancel", self._name_of(request_id)))
            return
        self._fake.calls.append(_call(request))
        self._names[f"request-{len(self._fake.calls)}"] = request_id
        if isinstance(request, RemoveFolder):
            self.deliver(FolderRemoved(request_id=request_id, folder_id=request.folder_id))

    def answer(self, message: msgspec.Struct) -> None:
        """Deliver a message to the request that it names as a test does."""
        name: str = getattr(message, "request_id", "")
        if name in self._names:
            message = structs.replace(message, request_id=self._names[name])
        self.deliver(message)

    def _name_of(self, request_id: str) -> str:
        return next(name for name, each in self._names.items() if each == request_id)


def _call(request: msgspec.Struct) -> tuple[object, ...]:  # noqa: PLR0911 - one for each kind
    match request:
        case AddFolder():
            return ("add_folder", restore_path(request.path, request.raw))
        case SyncFolder():
            if request.file:
                return ("retry_file", request.folder_id, request.file)
            return ("retry_folder" if request.retry else "sync_folder", request.folder_id)
        case PauseFolders():
            return ("pause" if request.paused else "resume", request.folder_ids)
        case SetFolderInclusions():
            return ("include", request.folder_id, request.patterns, request.hidden)
        case VerifyLibrary():
            return ("verify",)
        case ChooseEmbedder():
            return ("choose_embedder", request.path)
        case RemoveFolder():
            return ("remove_folder", request.folder_id)
        case SearchFolders():
            return ("search", request.query, request.folder_ids, request.k)
        case _:
            return _document_call(request)


def _document_call(request: msgspec.Struct) -> tuple[object, ...]:  # noqa: PLR0911 - one for each kind
    match request:
        case ListSkipped():
            return ("list_skipped", request.folder_id)
        case ListFiles():
            return ("list_files", request.folder_id, request.words)
        case LoadDocument():
            return ("open_document", request.folder_id, request.file)
        case ReadFile():
            return ("read_file", request.path)
        case RenderPage():
            wanted = (request.page, request.width, request.text, request.recognize, request.sizes)
            return ("render_page", _place(request), *wanted)
        case ReadLetters():
            return ("read_letters", _place(request), request.page, request.recognize)
        case _:
            return (type(request).__name__,)


def _place(request: RenderPage | ReadLetters) -> FileLocation:
    return FileLocation(folder_id=request.folder_id, file=request.file, path=request.path)


class FakeFolders(FakeBase):
    """Requests are recorded; the test answers them."""

    paths: Paths

    def open_library(self) -> None:
        """Make the services; the paths are known."""
        self.library_child = RecordingChild(self)
        self.library_child.start()
        self.library = LibraryClient(self.paths, lambda: None, process=self.library_child)
        self.folders = FolderService(self.library, self.emit)
        self.documents = DocumentService(self.library)

    @property
    def prepared(self) -> int:
        """How often somebody might have looked at a page soon."""
        return self.library_child.prepared

    def library_says(self, message: msgspec.Struct) -> None:
        """Let a message of the library come now."""
        self.library_child.answer(message)
        self.library.poll()

    def library_fails(self, request_id: str, code: str, **facts: str) -> None:
        """A request ended in a failure."""
        self.library_says(Failed(request_id=request_id, code=code, facts=facts))

    def folder_seen(self, folder: FolderState) -> None:
        """A folder is known and being read."""
        known = self.folders.known_folders
        others = tuple(each for each in known if each.folder_id != folder.folder_id)
        self.library_says(FoldersListed(request_id="", folders=(*others, folder)))

    def folder_progress(self, request_id: str, folder_id: str, **numbers: int) -> None:
        """A folder is being read."""
        self.library_says(
            SyncProgress(
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
        statistics = SyncStatistics()
        self.library_says(SyncDone(request_id=request_id, folder=folder, statistics=statistics))

    def skipped_listed(self, request_id: str, files: tuple[FileSkipped, ...]) -> None:
        """The skipped files are here."""
        self.library_says(SkippedFiles(request_id=request_id, files=files))

    def document_ready(self, document: Document) -> None:
        """A document is here."""
        self.library_says(document)
