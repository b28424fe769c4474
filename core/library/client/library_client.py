"""Client of the library child: searches, folder watching, and recovery after the child's death."""

from collections.abc import Callable, Sequence
from typing import Any, Never

from core.base.errors import ErrorCode
from core.base.paths import ROOT_VARIABLE, Paths
from core.ipc.child_process import STOP_SECONDS, ChildProcess
from core.ipc.client import new_request_id
from core.ipc.reply import Reply
from core.library.client.granted_places import GrantedPlaces
from core.library.client.library_grants import own_grants, request_grants
from core.library.client.place_granting_client import PlaceGrantingClient
from core.library.filesystem.path_encoding import display_name, raw_path_bytes
from core.library.library_options import (
    OPTIONS_VARIABLE,
    LibraryOptions,
    encode_options,
    read_options,
)
from core.library.store.stored_folders import (
    StoredFolder,
    read_stored_folders,
    read_stored_places,
)
from core.messages import (
    NO_FILTERS,
    ChildDied,
    EmbedTexts,
    EvaluationProgress,
    FinalMessage,
    FingerprintFolders,
    FoldersFingerprinted,
    JudgeOpened,
    JudgeStatements,
    LibraryEvent,
    Request,
    ScoreSimilarity,
    SearchDone,
    SearchFiles,
    SearchFilters,
    SearchFolders,
    SimilarityPair,
    SimilarityScored,
    StatementPair,
    StatementsJudged,
    SyncDone,
    SyncRequest,
    TextsEmbedded,
    ThrottleIndexing,
    WatchFolders,
)
from core.sandbox.grants import NO_GRANTS, Grants

_MOST_DEATHS = 3
"""Number of deaths without an answer in between after which folders are no longer watched."""


class LibraryClient(PlaceGrantingClient[LibraryEvent]):
    """Sends requests to the library child. A sync is resumed once when the child has died."""

    def __init__(
        self,
        paths: Paths,
        wake: Callable[[], None],
        *,
        command: list[str] | None = None,
        process: ChildProcess[LibraryEvent] | None = None,
    ) -> None:
        """`wake` is called from other threads when `poll` has news.

        `command` starts another program than the library child.
        """
        super().__init__(
            process
            or ChildProcess(
                "library",
                LibraryEvent,
                paths.logs / "library.log",
                wake,
                command=command,
                environment={ROOT_VARIABLE: str(paths.root)},
            ),
            ErrorCode.LIBRARY_DIED,
            GrantedPlaces(wake),
        )
        self._library = None if process else paths.library
        self._paths = paths
        self._options = LibraryOptions()  # those of the child that was started last
        self._resumed: set[str] = set()  # ids of the syncs that were sent again
        self._is_indexing_throttled = False
        self._is_watching = False
        self._deaths = 0
        self.judge_name = ""
        """Name of the judge that the child has opened, "" while there is none."""

    def start(self) -> None:
        """Start the child, which watches all folders from now on; returns at once."""
        self._is_watching = True
        self.grant_files(NO_GRANTS)
        self._process.send(WatchFolders())

    def own_grants(self) -> Grants:
        """Return the child's own files and the folders that were added; tell it its options."""
        if self._library is None:
            return super().own_grants()
        options = self._tell_options()
        places = read_stored_places(self._library, self._paths.next_library)
        return own_grants(self._paths, places, options)

    def grants_for(self, request: Request[Any, Any]) -> Grants:
        """Return the files that a request names."""
        return request_grants(request)

    def grant_files(self, needed: Grants) -> None:
        """Have a child with what is needed; one that was told other settings is replaced."""
        if self._library and self._process.pid is not None and not self._is_renewing:
            before = self._options
            if self._tell_options() != before:
                self.renew_child()
        super().grant_files(needed)

    def _tell_options(self) -> LibraryOptions:
        """Tell the next child the settings as they are now."""
        self._options = read_options(self._paths)
        self._process.environment[OPTIONS_VARIABLE] = encode_options(self._options)
        return self._options

    def begin_again(self) -> None:
        """Let a new child watch and be slowed as the one before, then go on with the requests."""
        self._tell_state()
        super().begin_again()

    def stop(self, grace: float = STOP_SECONDS) -> None:
        """End the child; what is unfinished goes on at the next sync."""
        self._is_watching = False
        super().stop(grace)

    def look_at_folders(self) -> tuple[StoredFolder, ...] | None:
        """Return the stored folders without starting the child; None if that can't be told."""
        return read_stored_folders(self._library) if self._library else None

    def search_folders(
        self,
        query: str,
        folder_ids: tuple[str, ...] = (),
        k: int = 8,
        filters: SearchFilters = NO_FILTERS,
    ) -> Reply[Never, SearchDone]:
        """Search these folders, all if none is given, and in them the files that `filters` let."""
        return self.send(
            SearchFolders(
                request_id=new_request_id(),
                query=query,
                folder_ids=folder_ids,
                k=k,
                filters=filters,
            )
        )

    def search_files(
        self, query: str, paths: tuple[str, ...], k: int, tokens: int
    ) -> Reply[Never, SearchDone]:
        """Search files at absolute paths; those of at most `tokens` together come as a whole."""
        return self.send(
            SearchFiles(
                request_id=new_request_id(),
                query=query,
                paths=tuple(display_name(path) for path in paths),
                raws=tuple(raw_path_bytes(path) for path in paths),
                k=k,
                tokens=tokens,
            )
        )

    def fingerprint_folders(
        self, folder_ids: tuple[str, ...]
    ) -> Reply[Never, FoldersFingerprinted]:
        """Return a hash of what is found in these folders, in all if none is given."""
        return self.send(FingerprintFolders(request_id=new_request_id(), folder_ids=folder_ids))

    def embed_texts(
        self, texts: tuple[str, ...], *, as_passages: bool = False
    ) -> Reply[Never, TextsEmbedded]:
        """Return the vectors of short texts, in their order; as passages, many are quicker."""
        return self.send(
            EmbedTexts(request_id=new_request_id(), texts=texts, as_passages=as_passages)
        )

    def score_similarity(
        self, pairs: tuple[SimilarityPair, ...]
    ) -> Reply[EvaluationProgress, SimilarityScored]:
        """Compare texts by the token vectors of the embedding model."""
        return self.send(ScoreSimilarity(request_id=new_request_id(), pairs=pairs))

    def judge_statements(
        self, question: str, pairs: Sequence[tuple[str, str]]
    ) -> Reply[Never, StatementsJudged]:
        """Ask the judge about pairs (statement, evidence) of an answer to a question."""
        return self.send(
            JudgeStatements(
                request_id=new_request_id(),
                question=question,
                pairs=tuple(
                    StatementPair(statement=statement, evidence=evidence)
                    for statement, evidence in pairs
                ),
            )
        )

    def throttle_indexing(self, *, active: bool) -> None:
        """Slow reading down while the engine answers, also that of a restarted child."""
        self._is_indexing_throttled = active
        self.send_if_running(ThrottleIndexing(active=active))

    # ------------------------------------------------------------ death of the child

    def retry_request(
        self, request: Request[Any, Any], _death: ChildDied
    ) -> Request[Any, Any] | None:
        """Return a sync that was not yet sent again; everything else fails."""
        if isinstance(request, SyncRequest) and request.request_id not in self._resumed:
            self._resumed.add(request.request_id)
            return request
        self._resumed.discard(request.request_id)
        return None

    def restore_state(self) -> None:
        """Let a new child watch the folders, unless the old ones died too often, and slow it."""
        self._deaths += 1
        self._is_watching = self._is_watching and self._deaths <= _MOST_DEATHS
        self._tell_state()

    def _tell_state(self) -> None:
        if self._is_watching:
            self._process.send(WatchFolders())
        if self._is_indexing_throttled:
            self.send_if_running(ThrottleIndexing(active=True))

    def _deliver(self, event: LibraryEvent) -> None:
        if isinstance(event, SyncDone):
            self._places.look_soon()  # it may have found a folder that it can't read
        if isinstance(event, FinalMessage):
            self._deaths = 0
            self._resumed.discard(event.request_id)
        if isinstance(event, JudgeOpened):
            self.judge_name = event.name
        super()._deliver(event)
