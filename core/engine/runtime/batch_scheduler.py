"""Batch scheduler (continuous batching): which tokens of which answers are evaluated next."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass

from core.base.clock import Clock
from core.base.errors import InglenookError
from core.engine.llama.abort_flag import Aborted, AbortFlag
from core.engine.llama.llama_context import KvCacheFull, LlamaContext
from core.engine.runtime.answer_job import AnswerJob, ShownText, Slot
from core.engine.runtime.kv_snapshots import KvSnapshotStore, common_prefix_length
from core.engine.runtime.slice_sizes import SliceSizes
from core.engine.runtime.slot_pool import WORTH_SAVING, SlotPool
from core.engine.runtime.speculative_decoding import NO_DRAFT, DraftTokens, SpeculativeDrafter
from core.engine.runtime.text_pacing import TextBridge

WARM_UP_TOKENS = 32
"""Tokens of the first speed measurement: enough to be in the range, short for a large model."""
MEASURABLE_TOKENS = 64
SLOTS_FOR_ANSWERS = 1
"""Slots that prompts to be judged leave free, so that an answer can begin at once."""
MAX_CELLS_TO_WRITE = 256
"""Most cells that must be free besides its prompt before an answer starts next to others."""
SAVE_SECONDS = 0.25
"""A state is written to disk when reading its new tokens again would take this long."""


@dataclass(slots=True)
class _Part:
    """One slot's part of a batch: `count` tokens, with logits from `output` on (-1: none)."""

    slot: Slot
    count: int
    output: int
    draft: DraftTokens = NO_DRAFT

    @property
    def writes(self) -> bool:
        """Whether it continues an answer, rather than reading a prompt."""
        return self.output >= 0 and self.count == 1 + len(self.draft.tokens)


class BatchScheduler:
    """Runs jobs in the slots of one context; `run_batch` evaluates one batch. Not thread-safe."""

    def __init__(
        self,
        context: LlamaContext,
        snapshots: KvSnapshotStore,
        flag: AbortFlag,
        clock: Clock,
        drafter: SpeculativeDrafter,
        known_speed: float = 0.0,
    ) -> None:
        """`known_speed` is that of reading, in tokens a second, where it was measured before."""
        self._context = context
        self._flag = flag
        self._clock = clock
        self.drafter = drafter
        self.snapshots = snapshots
        self.slices = SliceSizes()
        self._bridge = TextBridge()
        self.pool = SlotPool(context, snapshots)
        self._waiting: deque[AnswerJob] = deque()
        self._is_overfull = False  # an answer was evicted, and none has ended since
        self._steps = 0
        if known_speed:
            self.prompt_tokens_per_second = known_speed
            drafter.costs.set_estimate(WARM_UP_TOKENS, WARM_UP_TOKENS / known_speed)
        else:
            self.prompt_tokens_per_second = _warm_up(context, self._clock, self.drafter)

    def replace_context(self, context: LlamaContext, keys: Mapping[str, str]) -> None:
        """Go on in another, empty context of the same model; nothing may run.

        What idle slots have read is read again by `pool.read_ahead`, under the new one of `keys`.
        """
        known = [slot for slot in self.pool.idle_slots if slot.key in keys and slot.is_kept]
        self._context = context
        self.pool = SlotPool(context, self.snapshots)
        for before, slot in zip(known, self.pool.slots, strict=False):
            slot.tokens, slot.folder = before.tokens, before.folder
            slot.key = keys[before.key]
        self.prompt_tokens_per_second = _warm_up(context, self._clock, self.drafter)

    # ------------------------------------------------------------ requests

    @property
    def has_work(self) -> bool:
        """Whether an answer is running or waits."""
        return bool(self._waiting or self.pool.running_slots)

    def submit_job(self, job: AnswerJob) -> None:
        """Start `job` as soon as there are a slot and cells for it; the first submitted first.

        Answers go before prompts that are to be judged, and those for the person before others.
        """
        places = (n for n, each in enumerate(self._waiting) if each.rank > job.rank)
        self._waiting.insert(next(places, len(self._waiting)), job)

    def cancel(self, request_id: str) -> bool:
        """End the jobs of a request with what they have written; return whether there were any."""
        running = [
            slot
            for slot in self.pool.running_slots
            if slot.job and slot.job.request_id == request_id
        ]
        waiting = [job for job in self._waiting if job.request_id == request_id]
        for job in waiting:
            self._waiting.remove(job)
            job.on_end("cancelled")
        for slot in running:
            self._released(slot).on_end("cancelled")
        return bool(running or waiting)

    def fail_all_jobs(self, error: Exception) -> None:
        """End every job with `error`, and clear all cells: their content is unknown."""
        for slot in self.pool.slots:
            if slot.job:
                self._released(slot).on_failure(error)
            self.pool.clear_slot(slot)
        while self._waiting:
            self._waiting.popleft().on_failure(error)

    def run_batch(self) -> None:
        """Evaluate the next batch and pass on the new tokens; returns early when stopped."""
        self._admit()
        parts = self._fill()
        if not parts:
            return
        started = self._clock()
        try:
            self._context.decode()
        except Aborted:
            self._resynchronize(parts)
            return
        except KvCacheFull:
            self._free_cells(parts)
            return
        self._measure(parts, started)
        for part in parts:
            part.slot.cached += part.count
        writing = [part for part in parts if part.output >= 0]
        for part in writing:
            self._advance(part, len(writing))

    def write_idle_states(self) -> None:
        """Write the states of idle slots to disk where that will save time."""
        self.pool.write_due_states()

    # ------------------------------------------------------------ admission

    def _admit(self) -> None:
        self._free_slot_for_person()
        while self._waiting and self.pool.idle_slots and self._may_begin(self._waiting[0]):
            job = self._waiting.popleft()
            slot = self.pool.assign_slot(job)
            slot.served = self._steps
            if not job.started:
                job.started = True
                job.on_start(slot.cached)

    def _free_slot_for_person(self) -> None:
        """Let an answer for the person begin where other programs' have all slots.

        One of those goes on later, from what it has written.
        """
        if not self._waiting or self._waiting[0].rank or self.pool.idle_slots:
            return
        outside = [slot for slot in self.pool.running_slots if slot.job and slot.job.is_outside]
        if outside:
            last = min(outside, key=_eviction_rank)
            job = self._released(last)
            places = (n for n, each in enumerate(self._waiting) if each.rank >= job.rank)
            self._waiting.insert(next(places, len(self._waiting)), job)

    def _may_begin(self, job: AnswerJob) -> bool:
        """Whether a job may start: next to others it needs free cells.

        It also waits for a shared prefix that another job is just reading. The cells are estimated:
        after an eviction no job starts next to others until one has ended, else two answers would
        evict each other for ever.
        """
        running = self.pool.running_slots
        if not running or self._is_overfull:
            return not running
        if job.is_judging and len(self.pool.idle_slots) <= SLOTS_FOR_ANSWERS:
            return False
        taken = sum(_cells_needed(slot.job) for slot in running if slot.job)
        shared = 0
        for slot in running:
            if slot.key == job.key:
                common = common_prefix_length(slot.tokens, job.tokens)
                if slot.pending_count > 1 and common > slot.cached:
                    return False
                shared = max(shared, common)
        return taken + _cells_needed(job) - shared <= self._context.size

    # ------------------------------------------------------------ one batch

    def _fill(self) -> list[_Part]:
        """Fill the batch: a token of each answer being written, then slices of prompts.

        Slots with different adapters are never evaluated together; they take turns.
        """
        running = self.pool.running_slots
        if not running:
            return []
        running.sort(key=_served)
        group = [slot for slot in running if slot.key == running[0].key]
        job = group[0].job
        assert job is not None
        self._context.attach_adapters(job.adapters)
        batch = self._context.batch
        batch.clear()
        self._steps += 1
        alone = len(running) == 1
        writing = [slot for slot in group if slot.pending_count == 1]
        parts = [self._write(slot, alone=alone) for slot in writing]
        if len(parts) < len(group):
            self._read_prompts(group, parts)
        elif self._bridge.is_used:
            self._bridge.show_all(_shown_texts(writing))
        for part in parts:
            part.slot.served = self._steps
        return parts

    def _read_prompts(self, group: list[Slot], parts: list[_Part]) -> None:
        """Fill the rest of the batch with slices of prompts."""
        batch = self._context.batch
        free = batch.free_places
        if parts:
            shown = _shown_texts([part.slot for part in parts])
            reading = self.slices.choose_slice(
                sum(slot.pending_count for slot in group if slot.pending_count > 1),
                self.pool.used_cells,
                batch.size,
                self.prompt_tokens_per_second,
                may_wait=len(shown) == len(parts),
            )
            # Where too little text waits, answers write on first.
            free = min(free, reading.tokens if self._bridge.begin_slice(reading, shown) else 0)
        # The person's prompts are read first.
        for slot in sorted(group, key=lambda slot: slot.job is not None and slot.job.rank):
            if slot.pending_count > 1 and free > 0:
                parts.append(self._read(slot, free))
                free -= parts[-1].count

    def _write(self, slot: Slot, *, alone: bool) -> _Part:
        job = slot.job
        assert job is not None
        draft = NO_DRAFT
        if alone and job.drafting:
            most = min(job.limit - job.written_count, self._context.size - len(slot.tokens)) - 1
            draft = self.drafter.propose_draft(job, most)
        tokens = [slot.tokens[-1], *draft.tokens]
        output = self._context.batch.add_tokens(
            tokens, start=slot.cached, sequence=slot.number, outputs=len(tokens)
        )
        return _Part(slot, len(tokens), output, draft)

    def _read(self, slot: Slot, free: int) -> _Part:
        tokens = slot.tokens[slot.cached : slot.cached + free]
        whole = len(tokens) == slot.pending_count
        output = self._context.batch.add_tokens(
            tokens, start=slot.cached, sequence=slot.number, outputs=int(whole)
        )
        return _Part(slot, len(tokens), output if whole else -1)

    def _advance(self, part: _Part, choices: int) -> None:
        """Sample tokens from the logits, as long as they equal the draft tokens."""
        slot, job = part.slot, part.slot.job
        assert job is not None
        reason = ""
        accepted = 0
        for place in range(len(part.draft.tokens) + 1):
            try:
                token = job.sampler.choose_token(
                    self._context.handle, part.output + place, choices=choices
                )
            except InglenookError as error:
                slot.cached = self._context.truncate(slot.number, slot.cached - part.count)
                self._released(slot).on_failure(error)
                return
            job.tokens.append(token)
            reason = job.on_token(token)
            if reason or place == len(part.draft.tokens) or token != part.draft.tokens[place]:
                break
            accepted += 1
        if part.draft.tokens:
            job.checks += 1
            job.drafted += len(part.draft.tokens)
            job.accepted += accepted
            slot.cached = self._context.truncate(
                slot.number, slot.cached - part.count + 1 + accepted
            )
        self.drafter.record_result(job, part.draft, accepted)
        if not reason and job.written_count >= job.limit:
            reason = "length"
        if reason:
            self._released(slot).on_end(reason)

    def _measure(self, parts: list[_Part], started: float) -> None:
        count = self._context.batch.size
        if self._context.computes_later and any(part.output >= 0 for part in parts):
            self._context.synchronize()
        seconds = self._clock() - started
        if len(parts) == 1 and parts[0].writes:
            self.drafter.costs.add_measurement(count, seconds, parts[0].slot.cached)
        reading = not any(part.writes for part in parts)
        if reading and count >= MEASURABLE_TOKENS and seconds > 0:
            self.slices.add_reading(count, self.pool.used_cells, seconds)
            self.prompt_tokens_per_second = count / seconds
            self.pool.min_tokens_to_write = max(WORTH_SAVING, SAVE_SECONDS * count / seconds)
        elif not reading and any(not part.writes for part in parts):
            written = sum(part.writes for part in parts)
            self.slices.add_measurement(count, self.pool.used_cells, seconds, written)
        elif self._bridge.is_used:
            self.slices.add_writing(count, self.pool.used_cells, seconds)

    def _released(self, slot: Slot) -> AnswerJob:
        """Make a slot idle; return its job."""
        job = slot.job
        assert job is not None
        self.pool.release_slot(slot)
        self._is_overfull = False
        self.drafter.forget_job(job)
        return job

    # ------------------------------------------------------------ interrupted batches

    def _resynchronize(self, parts: list[_Part]) -> None:
        """Remove the tokens of a stopped batch, which may be in the cells in part."""
        for part in parts:
            slot = part.slot
            slot.cached = self._context.truncate(slot.number, slot.cached)

    def _free_cells(self, parts: list[_Part]) -> None:
        """Free cells: of idle slots, else of a job, which starts again later.

        A job that is alone has all cells already: it ends.
        """
        self._resynchronize(parts)
        idle = [slot for slot in self.pool.idle_slots if slot.cached]
        running = self.pool.running_slots
        if idle:
            for slot in idle:
                self.pool.swap_out(slot)
        elif len(running) > 1:
            last = min(running, key=_eviction_rank)
            self._waiting.appendleft(self._released(last))
            self.pool.swap_out(last)
            self._is_overfull = True
        else:
            self._released(running[0]).on_end("length")


def _warm_up(context: LlamaContext, clock: Clock, drafter: SpeculativeDrafter) -> float:
    """Read a short prompt; the context was tried before, which has touched all weights.

    Returns tokens a second.
    """
    count = min(WARM_UP_TOKENS, context.size // 2)
    context.truncate(0, 0)
    context.batch.clear()
    context.batch.add_tokens([0] * count, start=0, sequence=0, outputs=1)
    started = clock()
    context.decode()
    seconds = clock() - started
    context.truncate(0, 0)
    drafter.costs.set_estimate(count, seconds)
    return count / max(seconds, 1e-6)


def _served(slot: Slot) -> int:
    return slot.served


def _shown_texts(slots: list[Slot]) -> list[ShownText]:
    return [slot.job.shown for slot in slots if slot.job and slot.job.shown]


def _eviction_rank(slot: Slot) -> tuple[int, int]:
    """Return the order in which jobs are evicted: the last in rank, then what wrote least."""
    assert slot.job is not None
    return -slot.job.rank, slot.job.written_count


def _cells_needed(job: AnswerJob) -> int:
    """Return the cells that should be free for an answer to start."""
    return len(job.tokens) + min(job.limit - job.written_count, MAX_CELLS_TO_WRITE)
