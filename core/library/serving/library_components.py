"""Library components: builds readers, the searcher and the dependencies of a sync."""

from collections.abc import Callable

import msgspec

from core.base.paths import Paths
from core.base.settings.app_settings import TEXT_RECOGNITION, Settings
from core.library.embedding.embedder import Embedder
from core.library.index.vector_index import VectorIndex
from core.library.maintenance.outdated_files import mark_outdated_files
from core.library.reading.file_reader import FileReader, can_recognize_text
from core.library.search.candidate_rankings import CandidateRankings
from core.library.search.relevance_threshold import RelevanceThreshold
from core.library.search.searcher import Searcher
from core.library.store.library_records import LibraryRecords
from core.library.sync.folder_sync import SyncDependencies


class LibraryComponents:
    """The parts that are made more than once, each from the same few things."""

    def __init__(
        self,
        paths: Paths,
        records: LibraryRecords,
        embedder: Embedder,
        index: VectorIndex,
        send: Callable[[msgspec.Struct], None],
    ) -> None:
        self._paths = paths
        self._records = records
        self._embedder = embedder
        self._index = index
        self._send = send

    def new_reader(self) -> FileReader:
        """Return a reader of files; what it recognises in pictures follows the settings."""
        log = self._paths.logs / "extractor.log"
        return FileReader(log, _nobody_waits, recognize=self._recognizes())

    def new_searcher(self) -> Searcher:
        """Return the search over everything."""
        connection, questions = self._records.connection, self._embedder.query_embedder
        rankings = CandidateRankings(connection, questions, self._index)
        return Searcher(connection, rankings, RelevanceThreshold(connection, questions))

    def sync_dependencies(self, on_seen: Callable[[str, set[str], bool], None]) -> SyncDependencies:
        """Return what a sync works with; files that are read better now are marked before."""
        mark_outdated_files(self._records, recognize=self._recognizes())
        return SyncDependencies(
            records=self._records,
            embedder=self._embedder,
            new_reader=self.new_reader,
            app_root=self._paths.root,
            send=self._send,
            on_seen=on_seen,
        )

    def _recognizes(self) -> bool:
        return (
            bool(Settings(self._paths.settings).get_value(TEXT_RECOGNITION))
            and can_recognize_text()
        )


def _nobody_waits() -> None:
    """Readers are polled between steps, so their news need wake nobody."""
