"""Slot pool: the sequence for each answer, chosen so that a cached prompt is not read again."""

from core.engine.llama.abort_flag import Aborted
from core.engine.llama.llama_context import KvCacheFull, LlamaContext
from core.engine.runtime.answer_job import AnswerJob, Slot, WantedPrompt
from core.engine.runtime.kv_snapshots import KvSnapshot, KvSnapshotStore, common_prefix_length

AHEAD_TOKENS = 64
"""Tokens that are read at a time while nobody waits.

They are the fewest that ggml's fused attention computes as it computes more (ops.cpp, `Q_TILE_SZ`),
so that logits are the same bit by bit as after reading all at once: those of the starter model
differed by up to 0.5 with 32, which also took 1.3 times as long.
"""
WORTH_SAVING = 64
"""Fewest tokens of a state that is written to disk, or kept of a long one when it is cut."""
WORTH_KEEPING = 16
"""Fewest tokens of a short state that is copied to memory: reading them takes longer."""
MOST_COPIED = 8
"""Tokens of a state that are copied for each that would be read again.

A copy takes 4 µs a token (SmolLM2 135M), reading one hundreds of times as long; what bounds it is
the memory that copies of the same long beginning take from each other.
"""


class SlotPool:
    """All sequences of a context, and their saved states."""

    def __init__(self, context: LlamaContext, snapshots: KvSnapshotStore) -> None:
        self._context = context
        self._snapshots = snapshots
        self.slots = [Slot(number) for number in range(context.sequences)]
        self.min_tokens_to_write: float = WORTH_SAVING
        """Fewest new tokens of a state that is written to disk."""

    @property
    def running_slots(self) -> list[Slot]:
        """The slots with a job."""
        return [slot for slot in self.slots if slot.job]

    @property
    def idle_slots(self) -> list[Slot]:
        """The slots without a job, which keep their cells."""
        return [slot for slot in self.slots if not slot.job]

    @property
    def used_cells(self) -> int:
        """Cells with a token: attention reads all of them for every token."""
        return sum(slot.cached for slot in self.slots)

    def assign_slot(self, job: AnswerJob) -> Slot:
        """Give `job` an idle slot with the longest possible cached prefix of its tokens.

        The last token is always evaluated again, for its logits.
        """
        slot = self._prepare_slot(job)
        slot.job = job
        return slot

    def expect_prompt(self, prompt: WantedPrompt) -> None:
        """Have an idle slot read a prompt by `read_ahead`; what it holds of it stays."""
        self._prepare_slot(prompt)

    def _prepare_slot(self, job: WantedPrompt) -> Slot:
        """Return an idle slot that holds the beginning of a prompt as far as it is known.

        Other idle slots are swapped out: attention reads every used cell, so they would slow this
        prompt's answer down.
        """
        wanted = job.tokens[:-1]
        best = max(
            (slot for slot in self.slots if slot.key == job.key),
            key=lambda slot: common_prefix_length(slot.tokens[: slot.cached], wanted),
            default=None,
        )
        common = common_prefix_length(best.tokens[: best.cached], wanted) if best else 0
        snapshot = self._snapshots.find_longest(job.key, job.folder, wanted)
        if snapshot and common_prefix_length(snapshot.tokens, wanted) > common:
            slot = self._empty_slot()
            self._restore(slot, job, snapshot)
        elif best and not best.job and self._may_cut(best, job, common):
            slot = best
        elif best and common:
            slot = self._empty_slot(except_slot=best)
            self._share(best, slot, common)
        else:
            slot = self._empty_slot()
        self._take(slot, job)
        for other in self.idle_slots:
            if other is not slot:
                self.swap_out(other)
        return slot

    def _may_cut(self, slot: Slot, job: WantedPrompt, common: int) -> bool:
        """Whether an idle slot may be reused in place: by its own chat, or if little is lost."""
        others = [other for other in self.idle_slots if other is not slot]
        if job.is_judging and slot.is_kept:
            return not others
        return _is_same_chat(slot, job) or common * 2 >= slot.cached or not others

    def _take(self, slot: Slot, job: WantedPrompt) -> None:
        wanted = common_prefix_length(slot.tokens[: slot.cached], job.tokens[:-1])
        changes_chat = not _is_same_chat(slot, job) or job.is_judging
        if changes_chat and slot.is_kept and _is_loss(slot.cached - wanted, slot.cached):
            self.save_state(slot)
        slot.cached = self._context.truncate(slot.number, wanted)
        slot.is_kept = not job.is_judging
        slot.tokens, slot.key, slot.folder = job.tokens, job.key, job.folder
        slot.adapters = job.adapters

    def _empty_slot(self, except_slot: Slot | None = None) -> Slot:
        """Swap out the idle slot with the fewest cells and return it."""
        slot = min(
            (slot for slot in self.idle_slots if slot is not except_slot),
            key=lambda slot: slot.cached,
        )
        self.swap_out(slot)
        return slot

    def _restore(self, slot: Slot, job: WantedPrompt, snapshot: KvSnapshot) -> None:
        if self._context.import_state(slot.number, snapshot.data, len(snapshot.tokens)):
            slot.tokens = list(snapshot.tokens)
            slot.cached = len(snapshot.tokens)
            slot.key, slot.folder = job.key, job.folder

    def _share(self, source: Slot, target: Slot, count: int) -> None:
        target.cached = self._context.share_prefix(source.number, target.number, count)
        target.tokens = source.tokens[: target.cached]

    def release_slot(self, slot: Slot) -> None:
        """Make a slot idle; tokens that were not evaluated are dropped."""
        slot.tokens = slot.tokens[: slot.cached]
        slot.job = None

    @property
    def can_read_ahead(self) -> bool:
        """Whether an idle slot lacks a whole batch; fewer tokens are read with the question."""
        return any(slot.pending_count >= AHEAD_TOKENS for slot in self.idle_slots)

    def read_ahead(self) -> bool:
        """Read a batch of the tokens of an idle slot that are not in its cells.

        Returns whether there were any. What an abort interrupts is not read.
        """
        lacking = (each for each in self.idle_slots if each.pending_count >= AHEAD_TOKENS)
        slot = next(lacking, None)
        if slot is None:
            return False
        self._context.attach_adapters(slot.adapters)
        batch = self._context.batch
        batch.clear()
        tokens = slot.tokens[slot.cached : slot.cached + AHEAD_TOKENS]
        batch.add_tokens(tokens, start=slot.cached, sequence=slot.number, outputs=0)
        try:
            self._context.decode()
        except Aborted:
            slot.cached = self._context.truncate(slot.number, slot.cached)
        except KvCacheFull:
            self.clear_slot(slot)
        else:
            slot.cached += len(tokens)
        return True

    def swap_out(self, slot: Slot) -> None:
        """Free the cells of an idle slot; the state of an answer is kept in memory."""
        if slot.is_kept and _is_loss(slot.cached, slot.cached):
            self.save_state(slot)
        self.clear_slot(slot)

    def clear_slot(self, slot: Slot) -> None:
        """Free the cells of a slot without saving its state."""
        self._context.truncate(slot.number, 0)
        slot.cached = 0
        slot.tokens = []
        slot.key = slot.folder = ""
        slot.adapters = ()
        slot.is_kept = True

    def save_state(self, slot: Slot) -> None:
        """Save the state of a slot in memory, and on disk if it has enough new tokens."""
        data = self._context.export_state(slot.number)
        if not data:
            return
        snapshot = KvSnapshot(tuple(slot.tokens[: slot.cached]), data)
        self._snapshots.keep_in_memory(slot.key, snapshot)
        if self._is_due(slot):
            self._snapshots.write_to_disk(slot.key, slot.folder, snapshot)

    def write_due_states(self) -> None:
        """Save idle slots that have enough new tokens for a file."""
        for slot in self.idle_slots:
            if self._is_due(slot):
                self.save_state(slot)

    def _is_due(self, slot: Slot) -> bool:
        if not slot.folder or slot.cached < self.min_tokens_to_write:
            return False
        written = self._snapshots.written_tokens(slot.key, slot.folder)
        return (
            slot.cached - common_prefix_length(written, slot.tokens[: slot.cached])
            >= self.min_tokens_to_write
        )


def _is_same_chat(slot: Slot, job: WantedPrompt) -> bool:
    """Whether the slot's state is of the job's chat; without a folder, each may be another's."""
    return slot.folder == job.folder != ""


def _is_loss(lost: int, of_tokens: int) -> bool:
    """Whether so many tokens of a state are worth a copy of all of it."""
    return lost >= WORTH_SAVING or (lost >= WORTH_KEEPING and MOST_COPIED * lost >= of_tokens)
