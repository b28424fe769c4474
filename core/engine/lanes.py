"""Which sequence an answer is written in, so that what is at hand of its prompt isn't read anew."""

from core.engine.context import Context
from core.engine.job import Job, Lane
from core.engine.snapshot import Snapshot, Snapshots, common_prefix

WORTH_SAVING = 64
"""Tokens from which on a state is worth its copy in memory."""


class Lanes:
    """All sequences of a context, and the states that stand behind them."""

    def __init__(self, context: Context, snapshots: Snapshots) -> None:
        self._context = context
        self._snapshots = snapshots
        self.all = [Lane(number) for number in range(context.sequences)]
        self.worth_writing: float = WORTH_SAVING
        """New tokens from which on a state is worth a place on disk."""

    @property
    def running(self) -> list[Lane]:
        """Those that write or read for an answer."""
        return [lane for lane in self.all if lane.job]

    @property
    def resting(self) -> list[Lane]:
        """Those that only keep what they hold."""
        return [lane for lane in self.all if not lane.job]

    def admit(self, job: Job) -> Lane:
        """Give `job` a resting lane that holds as much of its tokens as can be had.

        The last token is always evaluated anew, for its logits. Other lanes at rest are put aside:
        attention looks at every cell in use, so what they hold would slow this answer down.
        """
        wanted = job.tokens[:-1]
        best = max(
            (lane for lane in self.all if lane.key == job.key),
            key=lambda lane: common_prefix(lane.tokens[: lane.cached], wanted),
            default=None,
        )
        common = common_prefix(best.tokens[: best.cached], wanted) if best else 0
        snapshot = self._snapshots.find(job.key, job.folder, wanted)
        if snapshot and common_prefix(snapshot.tokens, wanted) > common:
            lane = self._emptied()
            self._restore(lane, job, snapshot)
        elif best and not best.job and self._may_cut(best, job, common):
            lane = best
        elif best and common:
            lane = self._emptied(but=best)
            self._share(best, lane, common)
        else:
            lane = self._emptied()
        self._take(lane, job)
        for other in self.resting:
            self.put_aside(other)
        return lane

    def _may_cut(self, lane: Lane, job: Job, common: int) -> bool:
        """A lane at rest is continued in place by its own chat, or where little is lost."""
        others = [other for other in self.resting if other is not lane]
        return lane.folder == job.folder or common * 2 >= lane.cached or not others

    def _take(self, lane: Lane, job: Job) -> None:
        wanted = common_prefix(lane.tokens[: lane.cached], job.tokens[:-1])
        if lane.folder != job.folder and lane.cached - wanted >= WORTH_SAVING:
            self.save(lane)
        lane.cached = self._context.keep(lane.number, wanted)
        lane.tokens, lane.key, lane.folder, lane.job = job.tokens, job.key, job.folder, job

    def _emptied(self, but: Lane | None = None) -> Lane:
        """Return a resting lane without cells, the one that has fewest."""
        lane = min((lane for lane in self.resting if lane is not but), key=lambda lane: lane.cached)
        self.put_aside(lane)
        return lane

    def _restore(self, lane: Lane, job: Job, snapshot: Snapshot) -> None:
        if self._context.restore(lane.number, snapshot.data, len(snapshot.tokens)):
            lane.tokens = list(snapshot.tokens)
            lane.cached = len(snapshot.tokens)
            lane.key, lane.folder = job.key, job.folder

    def _share(self, source: Lane, target: Lane, count: int) -> None:
        target.cached = self._context.share(source.number, target.number, count)
        target.tokens = source.tokens[: target.cached]

    def release(self, lane: Lane) -> None:
        """Let a lane rest; tokens that were never evaluated are forgotten."""
        lane.tokens = lane.tokens[: lane.cached]
        lane.job = None

    def put_aside(self, lane: Lane) -> None:
        """Free the cells of a resting lane; its state is kept in memory."""
        if lane.cached >= WORTH_SAVING:
            self.save(lane)
        self.empty(lane)

    def empty(self, lane: Lane) -> None:
        """Free the cells of a lane and forget what they held."""
        self._context.keep(lane.number, 0)
        lane.cached = 0
        lane.tokens = []
        lane.key = lane.folder = ""

    def save(self, lane: Lane) -> None:
        """Keep the state of a lane; on disk too, where it spares enough that no file does yet."""
        data = self._context.save(lane.number)
        if not data:
            return
        snapshot = Snapshot(tuple(lane.tokens[: lane.cached]), data)
        self._snapshots.keep(lane.key, snapshot)
        if self._is_due(lane):
            self._snapshots.write(lane.key, lane.folder, snapshot)

    def write_due(self) -> None:
        """Write what is worth it of the lanes at rest."""
        for lane in self.resting:
            if self._is_due(lane):
                self.save(lane)

    def _is_due(self, lane: Lane) -> bool:
        if not lane.folder or lane.cached < self.worth_writing:
            return False
        written = self._snapshots.written(lane.key, lane.folder)
        return (
            lane.cached - common_prefix(written, lane.tokens[: lane.cached]) >= self.worth_writing
        )
