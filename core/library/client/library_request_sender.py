"""Library requests: one sending method for each kind of request to the library child."""

from core.library.client.file_request_sender import FileRequestSender, new_request_id
from core.library.filesystem.path_encoding import display_name, raw_path_bytes
from core.messages import (
    AddFolder,
    ChooseEmbedder,
    ChooseReranker,
    EvaluateRetrieval,
    ListFiles,
    ListFolders,
    ListSkipped,
    ListStatus,
    LoadDocument,
    MeasureEmbedder,
    PauseFolders,
    ReadFile,
    ReadLetters,
    RemoveFolder,
    RenderPage,
    SearchFiles,
    SearchFilters,
    SearchFolders,
    SetFolderInclusions,
    SyncFolder,
    VerifyLibrary,
)

NO_FILTERS = SearchFilters()


Request = (
    AddFolder
    | ChooseEmbedder
    | ChooseReranker
    | LoadDocument
    | EvaluateRetrieval
    | SetFolderInclusions
    | ListFiles
    | ListFolders
    | ListSkipped
    | ListStatus
    | MeasureEmbedder
    | PauseFolders
    | ReadFile
    | ReadLetters
    | RemoveFolder
    | RenderPage
    | SearchFolders
    | SearchFiles
    | SyncFolder
    | VerifyLibrary
)


class LibraryRequestSender(FileRequestSender[Request]):
    """Each method sends one request and returns its id."""

    def list_folders(self) -> str:
        """Ask for all folders."""
        return self._send(ListFolders(request_id=new_request_id()))

    def add_folder(self, path: str, *, hidden: bool = False) -> str:
        """Add the folder at an absolute path, which may hold any bytes, and read it."""
        shown, raw = display_name(path), raw_path_bytes(path)
        return self._send(
            AddFolder(request_id=new_request_id(), path=shown, raw=raw, hidden=hidden)
        )

    def sync_folder(self, folder_id: str, *, retry: bool = False, file: str = "") -> str:
        """Compare a folder with the disk and read what changed.

        `retry`: also what was skipped, only `file` of it if one is named.
        """
        return self._send(
            SyncFolder(request_id=new_request_id(), folder_id=folder_id, retry=retry, file=file)
        )

    def pause_folders(self, folder_ids: tuple[str, ...], *, paused: bool) -> str:
        """Pause or resume these folders, all if none is given."""
        return self._send(
            PauseFolders(request_id=new_request_id(), folder_ids=folder_ids, paused=paused)
        )

    def include_parts(self, folder_id: str, patterns: tuple[str, ...], *, hidden: bool) -> str:
        """Say which parts of a folder are read though they are passed over elsewhere."""
        return self._send(
            SetFolderInclusions(
                request_id=new_request_id(), folder_id=folder_id, hidden=hidden, patterns=patterns
            )
        )

    def list_status(self) -> str:
        """Ask how every folder and the index stand."""
        return self._send(ListStatus(request_id=new_request_id()))

    def verify_library(self) -> str:
        """Check everything that is kept, and mend what is wrong."""
        return self._send(VerifyLibrary(request_id=new_request_id()))

    def choose_embedder(self, path: str) -> str:
        """Let the model in another folder embed; "" is the one that ships."""
        return self._send(ChooseEmbedder(request_id=new_request_id(), path=path))

    def measure_embedder(self) -> str:
        """Time the embedding model by itself."""
        return self._send(MeasureEmbedder(request_id=new_request_id()))

    def remove_folder(self, folder_id: str) -> str:
        """Forget a folder."""
        return self._send(RemoveFolder(request_id=new_request_id(), folder_id=folder_id))

    def list_skipped(self, folder_id: str) -> str:
        """Ask which files were skipped and why."""
        return self._send(ListSkipped(request_id=new_request_id(), folder_id=folder_id))

    def search_folders(
        self,
        query: str,
        folder_ids: tuple[str, ...] = (),
        k: int = 8,
        filters: SearchFilters = NO_FILTERS,
    ) -> str:
        """Search these folders, all if none is given, and in them the files that `filters` let."""
        return self._send(
            SearchFolders(
                request_id=new_request_id(),
                query=query,
                folder_ids=folder_ids,
                k=k,
                filters=filters,
            )
        )

    def search_files(self, query: str, paths: tuple[str, ...], k: int, tokens: int) -> str:
        """Search files at absolute paths; those of at most `tokens` together come as a whole."""
        return self._send(
            SearchFiles(
                request_id=new_request_id(),
                query=query,
                paths=tuple(display_name(path) for path in paths),
                raws=tuple(raw_path_bytes(path) for path in paths),
                k=k,
                tokens=tokens,
            )
        )

    def choose_reranker(self, path: str) -> str:
        """Let the cross-encoder in a folder put results into order; "": none."""
        return self._send(ChooseReranker(request_id=new_request_id(), path=path))

    def evaluate_retrieval(self, path: str) -> str:
        """Measure search on a retrieval set."""
        return self._send(EvaluateRetrieval(request_id=new_request_id(), path=path))
