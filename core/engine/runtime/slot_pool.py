"""Slot pool: the sequence for each answer, chosen so that a cached prompt is not read again."""

from core.engine.llama.llama_context import LlamaContext
from core.engine.runtime.answer_job import AnswerJob, Slot
from core.engine.runtime.kv_snapshots import KvSnapshot, KvSnapshotStore, common_prefix_length

WORTH_SAVING = 64
"""Tokens from which on a state is worth its copy in memory."""


class SlotPool:
    """All sequences of a context, and the states that stand behind them."""

    def __init__(self, context: LlamaContext, snapshots: KvSnapshotStore) -> None:
        self._context = context
        self._snapshots = snapshots
        self.slots = [Slot(number) for number in range(context.sequences)]
        self.min_tokens_to_write: float = WORTH_SAVING
        """New tokens from which on a state is worth a place on disk."""

    @property
    def running_slots(self) -> list[Slot]:
        """Those that write or read for an answer."""
        return [lane for lane in self.slots if lane.job]

    @property
    def idle_slots(self) -> list[Slot]:
        """Those that only keep what they hold."""
        return [lane for lane in self.slots if not lane.job]

    def assign_slot(self, job: AnswerJob) -> Slot:
        """Give `job` a resting lane that holds as much of its tokens as can be had.

        The last token is always evaluated anew, for its logits. Other lanes at rest are put aside:
        attention looks at every cell in use, so what they hold would slow this answer down.
        """
        wanted = job.tokens[:-1]
        best = max(
            (lane for lane in self.slots if lane.key == job.key),
            key=lambda lane: common_prefix_length(lane.tokens[: lane.cached], wanted),
            default=None,
        )
        common = common_prefix_length(best.tokens[: best.cached], wanted) if best else 0
        snapshot = self._snapshots.find_longest(job.key, job.folder, wanted)
        if snapshot and common_prefix_length(snapshot.tokens, wanted) > common:
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
        for other in self.idle_slots:
            self.swap_out(other)
        return lane

    def _may_cut(self, lane: Slot, job: AnswerJob, common: int) -> bool:
        """A lane at rest is continued in place by its own chat, or where little is lost."""
        others = [other for other in self.idle_slots if other is not lane]
        return lane.folder == job.folder or common * 2 >= lane.cached or not others

    def _take(self, lane: Slot, job: AnswerJob) -> None:
        wanted = common_prefix_length(lane.tokens[: lane.cached], job.tokens[:-1])
        if lane.folder != job.folder and lane.cached - wanted >= WORTH_SAVING:
            self.save_state(lane)
        lane.cached = self._context.truncate(lane.number, wanted)
        lane.tokens, lane.key, lane.folder, lane.job = job.tokens, job.key, job.folder, job

    def _emptied(self, but: Slot | None = None) -> Slot:
        """Return a resting lane without cells, the one that has fewest."""
        lane = min(
            (lane for lane in self.idle_slots if lane is not but), key=lambda lane: lane.cached
        )
        self.swap_out(lane)
        return lane

    def _restore(self, lane: Slot, job: AnswerJob, snapshot: KvSnapshot) -> None:
        if self._context.import_state(lane.number, snapshot.data, len(snapshot.tokens)):
            lane.tokens = list(snapshot.tokens)
            lane.cached = len(snapshot.tokens)
            lane.key, lane.folder = job.key, job.folder

    def _share(self, source: Slot, target: Slot, count: int) -> None:
        target.cached = self._context.share_prefix(source.number, target.number, count)
        target.tokens = source.tokens[: target.cached]

    def release_slot(self, lane: Slot) -> None:
        """Let a lane rest; tokens that were never evaluated are forgotten."""
        lane.tokens = lane.tokens[: lane.cached]
        lane.job = None

    def swap_out(self, lane: Slot) -> None:
        """Free the cells of a resting lane; its state is kept in memory."""
        if lane.cached >= WORTH_SAVING:
            self.save_state(lane)
        self.clear_slot(lane)

    def clear_slot(self, lane: Slot) -> None:
        """Free the cells of a lane and forget what they held."""
        self._context.truncate(lane.number, 0)
        lane.cached = 0
        lane.tokens = []
        lane.key = lane.folder = ""

    def save_state(self, lane: Slot) -> None:
        """Keep the state of a lane; on disk too, where it spares enough that no file does yet."""
        data = self._context.export_state(lane.number)
        if not data:
            return
        snapshot = KvSnapshot(tuple(lane.tokens[: lane.cached]), data)
        self._snapshots.keep_in_memory(lane.key, snapshot)
        if self._is_due(lane):
            self._snapshots.write_to_disk(lane.key, lane.folder, snapshot)

    def write_due_states(self) -> None:
        """Write what is worth it of the lanes at rest."""
        for lane in self.idle_slots:
            if self._is_due(lane):
                self.save_state(lane)

    def _is_due(self, lane: Slot) -> bool:
        if not lane.folder or lane.cached < self.min_tokens_to_write:
            return False
        written = self._snapshots.written_tokens(lane.key, lane.folder)
        return (
            lane.cached - common_prefix_length(written, lane.tokens[: lane.cached])
            >= self.min_tokens_to_write
        )
