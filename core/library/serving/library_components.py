"""Library components: builds readers, the searcher and the dependencies of a sync."""

import logging
from collections.abc import Callable

import msgspec

from core.base.errors import LibraryError
from core.base.paths import Paths, judge_model
from core.library.embedding.embedder import Embedder
from core.library.filesystem.missing_files import MissingFiles
from core.library.index.vector_index import VectorIndex
from core.library.judging.judge import Judge, OpenJudge
from core.library.maintenance.outdated_files import mark_outdated_files
from core.library.reading.file_reader import FileReader, can_recognize_text
from core.library.search.evidence_judge import EvidenceJudge
from core.library.search.foreign_questions import foreign_question_reranker
from core.library.search.rank_fusion import CandidateRankings
from core.library.search.searcher import Searcher
from core.library.search.sentence_reranker import sentence_reranker
from core.library.store.library_records import LibraryRecords
from core.library.sync.folder_sync import SyncDependencies

_log = logging.getLogger(__name__)


class LibraryComponents:
    """Builds what is needed more than once, each time from the same few parts."""

    def __init__(
        self,
        paths: Paths,
        records: LibraryRecords,
        embedder: Embedder,
        index: VectorIndex,
        send: Callable[[msgspec.Struct], None],
        *,
        recognize: bool,
    ) -> None:
        """`recognize`: read text in pictures, where that can be done here."""
        self._paths = paths
        self._recognize = recognize
        self._records = records
        self._embedder = embedder
        self._index = index
        self._send = send

    def new_reader(self, *, in_background: bool = True) -> FileReader:
        """Return a reader of files; one for what a person waits for is not `in_background`."""
        log = self._paths.logs / "extractor.log"
        recognize = self._recognizes()
        return FileReader(log, _wake_nobody, recognize=recognize, in_background=in_background)

    def new_awaited_reader(self) -> FileReader:
        """Return a reader of the files that a person waits for."""
        return self.new_reader(in_background=False)

    def new_searcher(self, judge: Judge | None) -> Searcher:
        """Return the search over the whole library."""
        connection, embedder = self._records.connection, self._embedder.query_embedder
        rankings = CandidateRankings(
            connection, embedder, self._index, multilingual=self._embedder.is_multilingual
        )
        evidence = EvidenceJudge(connection, self._embedder.model_folder.name, judge)
        return Searcher(
            connection,
            rankings,
            evidence,
            MissingFiles().is_missing,
            default_reranker=sentence_reranker(judge),
            foreign_question_reranker=foreign_question_reranker(
                judge, multilingual=self._embedder.is_multilingual
            ),
            embedder_name=self._embedder.model_folder.name,
        )

    def sync_dependencies(
        self, on_entered: Callable[[str, set[str], bool], None]
    ) -> SyncDependencies:
        """Return what a sync works with, after marking files that would be read better now."""
        mark_outdated_files(self._records, recognize=self._recognizes())
        return SyncDependencies(
            records=self._records,
            embedder=self._embedder,
            new_reader=self.new_reader,
            app_root=self._paths.root,
            send=self._send,
            on_entered=on_entered,
        )

    def _recognizes(self) -> bool:
        return self._recognize and can_recognize_text()


def open_installed_judge(open_judge: OpenJudge | None) -> Judge | None:
    """Return the judge that is installed; None if there is none, or none that can be used."""
    folder = judge_model()
    if open_judge is None or not folder.is_dir():
        return None
    try:
        return open_judge(folder)
    except LibraryError:
        _log.exception("the judge can't be used")
        return None


def _wake_nobody() -> None:
    """Readers are polled between steps, so that their answers need to wake nobody."""
