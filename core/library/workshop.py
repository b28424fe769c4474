"""Builds what one library works with: readers, the search, the tools of a sync."""

from collections.abc import Callable

import msgspec

from core.library.embedder import Embedder
from core.library.floor import Floor
from core.library.index import VectorIndex
from core.library.rankings import Rankings
from core.library.reading import Reader, can_recognize
from core.library.records import Records
from core.library.rereading import mark_outdated
from core.library.search import Searcher
from core.library.sync import Tools
from core.library.tokens import TokenCounter
from core.paths import Paths
from core.settings import RECOGNITION, Settings


class Workshop:
    """The parts that are made more than once, each from the same few things."""

    def __init__(
        self,
        paths: Paths,
        records: Records,
        embedder: Embedder,
        index: VectorIndex,
        send: Callable[[msgspec.Struct], None],
    ) -> None:
        self._paths = paths
        self._records = records
        self._embedder = embedder
        self._index = index
        self._send = send
        self._counter: TokenCounter | None = None  # read once: a vocabulary may take a second

    def reader(self) -> Reader:
        """Return a reader of files; what it recognises in pictures follows the settings."""
        log = self._paths.logs / "extractor.log"
        return Reader(log, _nobody_waits, recognize=self._recognizes())

    def searcher(self) -> Searcher:
        """Return the search over everything."""
        connection, questions = self._records.connection, self._embedder.questions
        rankings = Rankings(connection, questions, self._index)
        return Searcher(connection, rankings, Floor(connection, questions))

    def tools(self, on_seen: Callable[[str, set[str], bool], None]) -> Tools:
        """Return what a sync works with; files that are read better now are marked before."""
        mark_outdated(self._records, recognize=self._recognizes())
        self._counter = self._counter or TokenCounter(self._embedder.folder)
        return Tools(
            records=self._records,
            embedder=self._embedder,
            counter=self._counter,
            new_reader=self.reader,
            app_root=self._paths.root,
            send=self._send,
            on_seen=on_seen,
        )

    def _recognizes(self) -> bool:
        return bool(Settings(self._paths.settings).get(RECOGNITION)) and can_recognize()


def _nobody_waits() -> None:
    """Readers are polled between steps, so their news need wake nobody."""
