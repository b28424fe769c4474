"""Benchmark session setup for a model of the registry, in a temporary data root."""

import contextlib
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from msgspec import structs

from core.app.app import App
from core.base.paths import Paths
from core.bench.bench_session import BenchOptions, BenchSession

SEQUENCES = 8
"""The largest number of answers at once that is measured."""


@contextlib.contextmanager
def open_bench_session(
    app: App,
    path: str,
    *,
    rounds: int,
    threads: int,
    wake: Callable[[], None],
    wait: Callable[[], None],
    any_architecture: bool = False,
) -> Iterator[BenchSession]:
    """Yield a session for the model in the file `path`, placed as for answers.

    `threads` 0: as set. `wait` returns after `wake` was called, or after a moment; what it raises
    ends the run. Both children and all they wrote are gone at the end.
    """
    requested = structs.replace(app.load_options.placement_for(path), sequences=SEQUENCES)
    if threads:
        requested = structs.replace(requested, threads=threads)
    options = BenchOptions(
        path=path, placement=requested, rounds=rounds, any_architecture=any_architecture
    )
    with tempfile.TemporaryDirectory(
        prefix="inglenook-bench-", ignore_cleanup_errors=True
    ) as folder:
        paths = Paths(Path(folder))
        paths.create_folders()
        with BenchSession(paths, options, wake, wait) as bench:
            yield bench
