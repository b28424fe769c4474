"""A library for a while: documents that no folder holds, searched like all others."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self, cast

from core.library.embedder import Embedder, Vectors
from core.library.floor import Floor
from core.library.names import display_name
from core.library.passages import CutText, cut_steps, embedded_text
from core.library.pool import FULL_TOKENS, TextPool
from core.library.rankings import Rankings
from core.library.records import Records
from core.library.scanner import Found
from core.library.search import Searcher
from core.library.texts import vector_key
from core.library.tokens import TokenCounter
from core.messages import DocumentPage
from core.paths import Paths

IN_MEMORY = Path(":memory:")


@dataclass(slots=True)
class _Waiting:
    """A document that waits for its vectors."""

    relative: str
    pages: tuple[DocumentPage, ...]
    text: CutText
    keys: list[bytes] = field(default_factory=list)


class TemporaryLibrary:
    """One folder, `root`, of documents that are handed in; gone with `close`.

    `file` is where it is kept meanwhile. The embedder is that of the library it stands beside.
    """

    def __init__(
        self, paths: Paths, embedder: Embedder, *, file: Path = IN_MEMORY, root: str = "/"
    ) -> None:
        self.records = Records(paths, file=file)
        # Nothing of it is to outlive a crash, so the disk is not waited for.
        self.records.connection.execute("PRAGMA synchronous = OFF")
        self._embedder = embedder
        self._counter = TokenCounter(embedder.folder)
        self._window = embedder.window
        self._folder = self.records.add_folder(root)
        self._count = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exit: object) -> None:
        self.records.close()

    @property
    def tokens(self) -> int:
        """How long all documents are together, in the embedder's tokens."""
        rows = self.records.connection.execute("SELECT coalesce(sum(tokens), 0) FROM passage")
        return cast("tuple[int]", rows.fetchone())[0]

    def searcher(self) -> Searcher:
        """Return what searches it."""
        connection, questions = self.records.connection, self._embedder.questions
        return Searcher(connection, Rankings(connection, questions), Floor(connection, questions))

    def put(self, documents: Iterable[tuple[str, tuple[DocumentPage, ...]]]) -> Iterator[int]:
        """Take documents (relative path, pages) in; yield how many are, after each short step.

        No more than a lot of them is in memory at once.
        """
        pool, waiting = TextPool(self._embedder.batch_tokens), list[_Waiting]()
        for relative, pages in documents:
            text: CutText | None = None
            name = display_name(relative.rpartition("/")[2])
            for step in cut_steps(pages, name, self._counter, self._window):
                text = step
                yield self._count
            assert text is not None  # the last step gives it
            waiting.append(self._cut(relative, pages, text, pool))
            if pool.tokens > FULL_TOKENS:
                yield from self._keep(pool, waiting)
        yield from self._keep(pool, waiting)

    def _cut(
        self, relative: str, pages: tuple[DocumentPage, ...], text: CutText, pool: TextPool
    ) -> _Waiting:
        document = _Waiting(relative, pages, text)
        for passage in text.passages:
            embedded = embedded_text(text.text[passage.start : passage.end], passage.title)
            key = vector_key(self._embedder.name, embedded)
            document.keys.append(key)
            pool.add(key, embedded, passage.tokens)
        return document

    def _keep(self, pool: TextPool, waiting: list[_Waiting]) -> Iterator[int]:
        vectors: dict[bytes, Vectors] = {}
        while pool:
            batch = pool.batch()
            vectors.update(zip(batch, self._embedder.embed(list(batch.values())), strict=True))
            yield self._count
        while waiting:
            document = waiting.pop(0)
            self._count += 1
            self.records.put_file(
                self._folder.id,
                Found(document.relative, 0, 0),
                str(self._count),  # no two are the same file
                document.pages,
                document.text,
                document.keys,
                vectors,
            )
            yield self._count
