"""Command `inglenook bench library DIR`: speed of reading, re-syncing and searching a folder."""

import argparse
import itertools
import re
import shutil
import statistics
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from msgspec import Struct

from core.app.library.folder_service import FolderService
from core.base.errors import ErrorCode, LibraryError
from core.base.i18n import LocalizedFloat, _
from core.base.paths import Paths
from core.base.time_left import format_time_left
from core.cli.console import Console
from core.cli.session import Session
from core.ipc.client import new_request_id
from core.ipc.reply import Reply
from core.library.client.library_client import LibraryClient
from core.messages import EmbedderMeasured, MeasureEmbedder, SyncProgress, SyncStatistics

_SEARCHES = 40
_WORDS_A_QUESTION = 8
_WORD = re.compile(r"\w{3,}")
Progress = TypeVar("Progress")
Result = TypeVar("Result")


class LibraryBenchMetrics(Struct, frozen=True):
    """Measurements; seconds of wall clock, tokens as the embedder counts them.

    `embedder_share` is the part of the reading's time in which the embedder worked,
    `against_bare` its speed divided by that of a plain `encode`, both by turns over the same.
    """

    files: int
    skipped: int
    words: int
    passages: int
    seconds: float
    files_per_second: float
    words_per_second: float
    embedder_share: float
    tokens_per_second: float
    bare_tokens_per_second: float
    against_bare: float
    number_format: str
    batch_tokens: int
    resync_seconds: float
    search_p50_ms: float
    search_p95_ms: float


def bench_library(session: Session, console: Console, options: argparse.Namespace) -> int:
    """Read a folder into a temporary library, and print the metrics."""
    folder = Path(options.path).expanduser().absolute()
    if not folder.is_dir():
        raise LibraryError(ErrorCode.FOLDER_GONE, path=str(folder))
    with _temporary_root(session.app.paths) as paths:
        bench = _Bench(session, console, paths)
        try:
            figures = bench.run(folder)
        finally:
            bench.close()
    if console.as_json:
        console.print_json({name: getattr(figures, name) for name in figures.__struct_fields__})
    else:
        console.print_table((_("WHAT"), _("HERE")), _rows(figures))
    return 0


@contextmanager
def _temporary_root(paths: Paths) -> Iterator[Paths]:
    """Yield a temporary root beside the data folder, on the same disk."""
    root = Path(tempfile.mkdtemp(prefix="bench-", dir=paths.root))
    try:
        yield Paths(root)
    finally:
        shutil.rmtree(root, ignore_errors=True)


class _Bench:
    """A library child of its own, and the measurements that need it."""

    def __init__(self, session: Session, console: Console, paths: Paths) -> None:
        self._session = session
        self._console = console
        paths.create_folders()
        self._client = LibraryClient(paths, session.wake)
        self._folders = FolderService(self._client, emit=lambda _event: None)

    def close(self) -> None:
        self._client.stop()

    def run(self, folder: Path) -> LibraryBenchMetrics:
        """Read, read again, measure the model alone, search."""
        self._console.show_status(_("Starting …"))
        # The model is loaded before: that takes seconds once, and is no part of the reading.
        self._measure_embedder()
        first = self._wait_for(self._folders.add_folder(str(folder)))
        bare = self._measure_embedder()
        again = self._wait_for(self._folders.sync_folder(first.folder.folder_id))
        times = self._search_times(first.folder.folder_id)
        return _figures(first.statistics, first.folder.passages, bare, again.statistics, times)

    def _measure_embedder(self) -> EmbedderMeasured:
        return self._wait_for(self._client.send(MeasureEmbedder(request_id=new_request_id())))

    def _search_times(self, folder_id: str) -> list[float]:
        """Search for sentences of the folder itself; return the milliseconds of each search."""
        sentence = itertools.cycle(self._questions(folder_id))
        times = []
        for question in itertools.islice(sentence, _SEARCHES):
            done = self._wait_for(self._client.search_folders(question, (folder_id,)))
            times.append(done.seconds * 1000)
        return times

    def _questions(self, folder_id: str) -> list[str]:
        hits = self._wait_for(
            self._client.search_folders("what is this about", (folder_id,), _SEARCHES)
        ).hits
        texts = [" ".join(_WORD.findall(hit.text)[:_WORDS_A_QUESTION]) for hit in hits]
        return [text for text in texts if text] or [_("What is this about?")]

    def _wait_for(self, reply: Reply[Progress, Result]) -> Result:
        """Return the result of a reply. Raises RequestRefused, and Interrupted at Ctrl-C."""
        result = self._session.wait_for(reply, self._show_progress, poll=self._client.poll)
        self._console.clear_status()
        return result

    def _show_progress(self, progress: object) -> None:
        if isinstance(progress, SyncProgress):
            left = format_time_left(progress.seconds_left)
            rest = " · ".join(filter(None, [left, progress.current]))
            self._console.show_progress(progress.done, progress.total, rest)


def _figures(
    first: SyncStatistics,
    passages: int,
    bare: EmbedderMeasured,
    again: SyncStatistics,
    times: list[float],
) -> LibraryBenchMetrics:
    seconds = max(first.seconds, 1e-6)
    ours = first.tokens / max(first.seconds_embedding, 1e-6)
    ordered = sorted(times)
    return LibraryBenchMetrics(
        files=first.read,
        skipped=first.skipped,
        words=first.words,
        passages=passages,
        seconds=round(first.seconds, 2),
        files_per_second=round(first.read / seconds, 2),
        words_per_second=round(first.words / seconds, 1),
        embedder_share=round(first.seconds_embedding / seconds, 4),
        tokens_per_second=round(ours, 1),
        bare_tokens_per_second=round(bare.tokens_per_second, 1),
        against_bare=round(bare.against_bare, 4),
        number_format=bare.number_format,
        batch_tokens=bare.batch_tokens,
        resync_seconds=round(again.seconds, 3),
        search_p50_ms=round(statistics.median(ordered), 1),
        search_p95_ms=round(ordered[int(0.95 * (len(ordered) - 1))], 1),
    )


def _rows(figures: LibraryBenchMetrics) -> list[tuple[str, str]]:
    read = _("{files} read, {skipped} skipped, {passages} passages").format(
        files=figures.files, skipped=figures.skipped, passages=figures.passages
    )
    speed = _("{files:.1f} files/s, {words:.0f} words/s").format(
        files=LocalizedFloat(figures.files_per_second),
        words=LocalizedFloat(figures.words_per_second),
    )
    tokens = _("{ours:.0f} tokens/s; a bare encode {bare:.0f}: {share:.0%}").format(
        ours=LocalizedFloat(figures.tokens_per_second),
        bare=LocalizedFloat(figures.bare_tokens_per_second),
        share=LocalizedFloat(figures.against_bare),
    )
    return [
        (_("Files"), read),
        (_("First reading"), f"{LocalizedFloat(figures.seconds):.1f} s"),
        (_("Speed"), speed),
        (_("Time in the embedder"), f"{LocalizedFloat(figures.embedder_share):.1%}"),
        (_("Embedding"), tokens),
        (_("Numbers, batch"), f"{figures.number_format}, {figures.batch_tokens}"),
        (_("Unchanged re-sync"), f"{LocalizedFloat(figures.resync_seconds):.2f} s"),
        (
            _("Search, middle and 95 %"),
            f"{figures.search_p50_ms:.0f} ms, {figures.search_p95_ms:.0f} ms",
        ),
    ]
