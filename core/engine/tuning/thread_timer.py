"""Time that a written and a read token take with several numbers of threads."""

from collections.abc import Sequence

from core.engine.devices.graph_timer import GraphTimer
from core.engine.devices.quiet_check import QuietCheck
from core.engine.llama.llama_parameters import PROCESSOR
from core.engine.memory.attention_shape import ModelShape
from core.engine.tuning.attention_timer import AttentionTimer
from core.messages import ThreadsTiming

_DEPTH = 256
_READ = 64
_SHARES = (1.0, 0.75, 0.5, 0.25)


def thread_counts(usual: int) -> tuple[int, ...]:
    """Return the numbers of threads to compare: as many as usual first, then fewer."""
    return tuple(dict.fromkeys(max(1, int(usual * share)) for share in _SHARES))


class ThreadTimer:
    """Times a model's batches with several numbers of threads, which take turns.

    Unlike all other timings that is time as it passes, since the threads wait for each other: it
    counts only if no other program computes from the beginning to the end.
    """

    def __init__(self, shape: ModelShape, cells: int) -> None:
        self._shape = shape
        self._cells = cells
        self._quiet = QuietCheck()
        self._found: dict[int, list[ThreadsTiming]] = {}

    def time_threads(self, threads: int, *, fused: bool) -> None:
        """Time one number of threads, with flash attention or without."""
        if not self._quiet.is_quiet():
            return
        with GraphTimer(PROCESSOR, threads) as timer:
            parts = AttentionTimer(timer, self._shape, self._cells)
            written, read = (
                (
                    parts.weights_seconds(rows),
                    parts.attention_seconds(rows, _DEPTH, fused=fused),
                )
                for rows in (1, _READ)
            )
        if all((*written, *read)):
            timing = ThreadsTiming(threads=threads, written=sum(written), read=sum(read) / _READ)
            self._found.setdefault(threads, []).append(timing)

    def timings(self, counts: Sequence[int]) -> tuple[ThreadsTiming, ...]:
        """Return the fastest of each number, the most threads first.

        Nothing if others computed, or not all of `counts` were timed as often.
        """
        rounds = {len(self._found.get(count, ())) for count in counts}
        if len(rounds) != 1 or not min(rounds) or not self._quiet.is_quiet():
            return ()
        return tuple(
            ThreadsTiming(
                threads=threads,
                written=min(each.written for each in times),
                read=min(each.read for each in times),
            )
            for threads, times in sorted(self._found.items(), reverse=True)
        )
