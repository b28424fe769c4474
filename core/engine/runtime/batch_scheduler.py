"""Batch scheduler (continuous batching): which tokens of which answers are evaluated next."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from core.base.errors import InglenookError
from core.engine.llama.abort_flag import Aborted, AbortFlag
from core.engine.llama.llama_context import KvCacheFull, LlamaContext
from core.engine.runtime.answer_job import AnswerJob, Slot
from core.engine.runtime.kv_snapshots import KvSnapshotStore, common_prefix_length
from core.engine.runtime.slot_pool import WORTH_SAVING, SlotPool
from core.engine.runtime.speculative_decoding import NO_DRAFT, DraftTokens, SpeculativeDrafter

WARM_UP_TOKENS = 32
"""Tokens of the first speed measurement: enough to be in the range, short for a large model."""
MEASURABLE_TOKENS = 64
SLICE_SECONDS = 0.1
"""How long reading a prompt may hold up the answers that are being written."""
LEAST_SLICE = 16
ROOM_TO_WRITE = 256
"""Cells that must be free beside its prompt, at most, before an answer begins next to others."""
SAVE_SECONDS = 0.25
"""A state is written to disk when reading its new tokens again would take this long."""


@dataclass(slots=True)
class _Part:
    """What one lane has in a batch: `count` tokens, logits from `output` on (-1: none)."""

    lane: Slot
    count: int
    output: int
    guess: DraftTokens = NO_DRAFT

    @property
    def writes(self) -> bool:
        """Whether it goes on with an answer, rather than reading a prompt."""
        return self.output >= 0 and self.count == 1 + len(self.guess.tokens)


class BatchScheduler:
    """Runs jobs in the slots of one context; `run_batch` evaluates one batch. Not thread-safe."""

    def __init__(
        self,
        context: LlamaContext,
        snapshots: KvSnapshotStore,
        flag: AbortFlag,
        clock: Callable[[], float],
        drafter: SpeculativeDrafter,
    ) -> None:
        self._context = context
        self._flag = flag
        self._clock = clock
        self.drafter = drafter
        self.snapshots = snapshots
        self._lanes = SlotPool(context, snapshots)
        self._waiting: deque[AnswerJob] = deque()
        self._crowded = False  # an answer had to make room, and none has ended since
        self._steps = 0
        self.prompt_tokens_per_second = self._warm_up()

    def _warm_up(self) -> float:
        """Read a short prompt twice: the first touches the weights, the second is measured."""
        count = min(WARM_UP_TOKENS, self._context.size // 2)
        started = 0.0
        for _ in range(2):
            self._context.truncate(0, 0)
            self._context.batch.clear()
            self._context.batch.add_tokens([0] * count, start=0, sequence=0, outputs=1)
            started = self._clock()
            self._context.decode()
        seconds = self._clock() - started
        self._context.truncate(0, 0)
        self.drafter.costs.set_estimate(count, seconds)
        return count / max(seconds, 1e-6)

    # ------------------------------------------------------------ requests

    @property
    def has_work(self) -> bool:
        """Whether an answer is being written or waits."""
        return bool(self._waiting or self._lanes.running_slots)

    def submit_job(self, job: AnswerJob) -> None:
        """Answer `job` as soon as there is room; in the order they came."""
        self._waiting.append(job)

    def cancel(self, request_id: str) -> bool:
        """End a job with what it has written; return whether there was one."""
        for lane in self._lanes.running_slots:
            if lane.job and lane.job.request_id == request_id:
                self._end(lane, "cancelled")
                return True
        for job in list(self._waiting):
            if job.request_id == request_id:
                self._waiting.remove(job)
                job.ended("cancelled")
                return True
        return False

    def fail_all_jobs(self, error: Exception) -> None:
        """End every job with `error` and forget what the cells hold: nothing is known of it."""
        for lane in self._lanes.slots:
            if lane.job:
                self._drop(lane, error)
            self._lanes.clear_slot(lane)
        while self._waiting:
            self._waiting.popleft().failed(error)

    def run_batch(self) -> None:
        """Evaluate the next batch and hand out what was written; returns early when stopped."""
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
            self._make_room(parts)
            return
        self._measure(parts, started)
        for part in parts:
            part.lane.cached += part.count
        for part in parts:
            if part.output >= 0:
                self._advance(part)

    def write_idle_states(self) -> None:
        """Write the states of chats at rest to disk where that will spare time; when idle."""
        self._lanes.write_due_states()

    # ------------------------------------------------------------ admission

    def _admit(self) -> None:
        while self._waiting and self._lanes.idle_slots and self._may_begin(self._waiting[0]):
            job = self._waiting.popleft()
            lane = self._lanes.assign_slot(job)
            lane.served = self._steps
            if not job.started:
                job.started = True
                job.began(lane.cached)

    def _may_begin(self, job: AnswerJob) -> bool:
        """Beside others there must be room; what another is just reading is waited for.

        Room is an estimate, so after it was wrong none begins beside others until one has ended:
        two answers would push each other out for ever.
        """
        running = self._lanes.running_slots
        if not running or self._crowded:
            return not running
        taken = sum(_room(lane.job) for lane in running if lane.job)
        shared = 0
        for lane in running:
            if lane.key == job.key:
                common = common_prefix_length(lane.tokens, job.tokens)
                if lane.pending_count > 1 and common > lane.cached:
                    return False
                shared = max(shared, common)
        return taken + _room(job) - shared <= self._context.size

    # ------------------------------------------------------------ one batch

    def _fill(self) -> list[_Part]:
        """Fill the batch: a token of each answer being written, then slices of prompts.

        Lanes with other adapters are never evaluated together; they take turns.
        """
        running = sorted(self._lanes.running_slots, key=lambda lane: lane.served)
        if not running:
            return []
        group = [lane for lane in running if lane.key == running[0].key]
        job = group[0].job
        assert job is not None
        self._context.attach_adapters(job.adapters)
        batch = self._context.batch
        batch.clear()
        self._steps += 1
        alone = len(running) == 1
        parts = [self._write(lane, alone=alone) for lane in group if lane.pending_count == 1]
        room = batch.free_places
        if parts:
            room = min(room, max(LEAST_SLICE, int(self.prompt_tokens_per_second * SLICE_SECONDS)))
        for lane in group:
            if lane.pending_count > 1 and room > 0:
                parts.append(self._read(lane, room))
                room -= parts[-1].count
        for part in parts:
            part.lane.served = self._steps
        return parts

    def _write(self, lane: Slot, *, alone: bool) -> _Part:
        job = lane.job
        assert job is not None
        guess = NO_DRAFT
        if alone and job.drafting:
            most = min(job.limit - job.written_count, self._context.size - len(lane.tokens)) - 1
            guess = self.drafter.propose_draft(job, most)
        tokens = [lane.tokens[-1], *guess.tokens]
        output = self._context.batch.add_tokens(
            tokens, start=lane.cached, sequence=lane.number, outputs=len(tokens)
        )
        return _Part(lane, len(tokens), output, guess)

    def _read(self, lane: Slot, room: int) -> _Part:
        tokens = lane.tokens[lane.cached : lane.cached + room]
        whole = len(tokens) == lane.pending_count
        output = self._context.batch.add_tokens(
            tokens, start=lane.cached, sequence=lane.number, outputs=int(whole)
        )
        return _Part(lane, len(tokens), output if whole else -1)

    def _advance(self, part: _Part) -> None:
        """Take the tokens the logits give, as long as what was guessed is what they give."""
        lane, job = part.lane, part.lane.job
        assert job is not None
        reason = ""
        accepted = 0
        for place in range(len(part.guess.tokens) + 1):
            try:
                token = job.sampler.choose_token(self._context.handle, part.output + place)
            except InglenookError as error:
                lane.cached = self._context.truncate(lane.number, lane.cached - part.count)
                self._drop(lane, error)
                return
            job.tokens.append(token)
            reason = job.wrote(token)
            if reason or place == len(part.guess.tokens) or token != part.guess.tokens[place]:
                break
            accepted += 1
        if part.guess.tokens:
            job.checks += 1
            job.drafted += len(part.guess.tokens)
            job.accepted += accepted
            lane.cached = self._context.truncate(
                lane.number, lane.cached - part.count + 1 + accepted
            )
        self.drafter.record_result(job, part.guess, accepted)
        if not reason and job.written_count >= job.limit:
            reason = "length"
        if reason:
            self._end(lane, reason)

    def _measure(self, parts: list[_Part], started: float) -> None:
        count = self._context.batch.size
        # Logits are fetched when the work is done; on a graphics card decode returns before.
        if any(part.output >= 0 for part in parts):
            self._context.synchronize()
        seconds = self._clock() - started
        reading = not any(part.writes for part in parts)
        if reading and count >= MEASURABLE_TOKENS and seconds > 0:
            self.prompt_tokens_per_second = count / seconds
            self._lanes.min_tokens_to_write = max(WORTH_SAVING, SAVE_SECONDS * count / seconds)
        elif len(parts) == 1 and not reading:
            self.drafter.costs.add_measurement(count, seconds)

    def _end(self, lane: Slot, reason: str) -> None:
        self._released(lane).ended(reason)

    def _drop(self, lane: Slot, error: Exception) -> None:
        self._released(lane).failed(error)

    def _released(self, lane: Slot) -> AnswerJob:
        """Let a lane rest; return the job that was in it."""
        job = lane.job
        assert job is not None
        self._lanes.release_slot(lane)
        self._crowded = False
        self.drafter.forget_job(job)
        return job

    # ------------------------------------------------------------ when it doesn't go on

    def _resynchronize(self, parts: list[_Part]) -> None:
        """Part of a stopped batch may be in the cells; only what was whole is known."""
        for part in parts:
            lane = part.lane
            lane.cached = self._context.truncate(lane.number, lane.cached)

    def _make_room(self, parts: list[_Part]) -> None:
        """Free cells: of lanes at rest, else of the job that wrote least, which begins again later.

        One that is alone has all there is: it ends.
        """
        self._resynchronize(parts)
        resting = [lane for lane in self._lanes.idle_slots if lane.cached]
        running = self._lanes.running_slots
        if resting:
            for lane in resting:
                self._lanes.swap_out(lane)
        elif len(running) > 1:
            last = min(running, key=lambda lane: lane.job.written_count if lane.job else 0)
            self._waiting.appendleft(self._released(last))
            self._lanes.swap_out(last)
            self._crowded = True
        else:
            self._end(running[0], "length")


def _room(job: AnswerJob) -> int:
    """Return the cells an answer should have, to begin with."""
    return len(job.tokens) + min(job.limit - job.written_count, ROOM_TO_WRITE)
