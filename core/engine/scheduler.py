"""Continuous batching: which tokens of which answers are evaluated next, and what comes of them."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from core.engine.abort import Aborted, AbortFlag
from core.engine.context import Context, NoRoom
from core.engine.drafting import NO_GUESS, Drafter, Guess
from core.engine.job import Job, Lane
from core.engine.lanes import WORTH_SAVING, Lanes
from core.engine.snapshot import Snapshots, common_prefix
from core.errors import InglenookError

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

    lane: Lane
    count: int
    output: int
    guess: Guess = NO_GUESS

    @property
    def writes(self) -> bool:
        """Whether it goes on with an answer, rather than reading a prompt."""
        return self.output >= 0 and self.count == 1 + len(self.guess.tokens)


class Scheduler:
    """Runs jobs on the lanes of one context; `step` evaluates one batch. One thread uses it."""

    def __init__(
        self,
        context: Context,
        snapshots: Snapshots,
        flag: AbortFlag,
        clock: Callable[[], float],
        drafter: Drafter,
    ) -> None:
        self._context = context
        self._flag = flag
        self._clock = clock
        self.drafter = drafter
        self.snapshots = snapshots
        self._lanes = Lanes(context, snapshots)
        self._waiting: deque[Job] = deque()
        self._crowded = False  # an answer had to make room, and none has ended since
        self._steps = 0
        self.prompt_tokens_per_second = self._warm_up()

    def _warm_up(self) -> float:
        """Read a short prompt twice: the first touches the weights, the second is measured."""
        count = min(WARM_UP_TOKENS, self._context.size // 2)
        started = 0.0
        for _ in range(2):
            self._context.keep(0, 0)
            self._context.batch.clear()
            self._context.batch.add([0] * count, start=0, sequence=0, outputs=1)
            started = self._clock()
            self._context.decode()
        seconds = self._clock() - started
        self._context.keep(0, 0)
        self.drafter.costs.estimate(count, seconds)
        return count / max(seconds, 1e-6)

    # ------------------------------------------------------------ requests

    @property
    def busy(self) -> bool:
        """Whether an answer is being written or waits."""
        return bool(self._waiting or self._lanes.running)

    def submit(self, job: Job) -> None:
        """Answer `job` as soon as there is room; in the order they came."""
        self._waiting.append(job)

    def cancel(self, request_id: str) -> bool:
        """End a job with what it has written; return whether there was one."""
        for lane in self._lanes.running:
            if lane.job and lane.job.request_id == request_id:
                self._end(lane, "cancelled")
                return True
        for job in list(self._waiting):
            if job.request_id == request_id:
                self._waiting.remove(job)
                job.ended("cancelled")
                return True
        return False

    def abandon(self, error: Exception) -> None:
        """End every job with `error` and forget what the cells hold: nothing is known of it."""
        for lane in self._lanes.all:
            if lane.job:
                self._drop(lane, error)
            self._lanes.empty(lane)
        while self._waiting:
            self._waiting.popleft().failed(error)

    def step(self) -> None:
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
        except NoRoom:
            self._make_room(parts)
            return
        self._measure(parts, started)
        for part in parts:
            part.lane.cached += part.count
        for part in parts:
            if part.output >= 0:
                self._advance(part)

    def rest(self) -> None:
        """Write the states of chats at rest to disk where that will spare time; when idle."""
        self._lanes.write_due()

    # ------------------------------------------------------------ admission

    def _admit(self) -> None:
        while self._waiting and self._lanes.resting and self._may_begin(self._waiting[0]):
            job = self._waiting.popleft()
            lane = self._lanes.admit(job)
            lane.served = self._steps
            if not job.started:
                job.started = True
                job.began(lane.cached)

    def _may_begin(self, job: Job) -> bool:
        """Beside others there must be room; what another is just reading is waited for.

        Room is an estimate, so after it was wrong none begins beside others until one has ended:
        two answers would push each other out for ever.
        """
        running = self._lanes.running
        if not running or self._crowded:
            return not running
        taken = sum(_room(lane.job) for lane in running if lane.job)
        shared = 0
        for lane in running:
            if lane.key == job.key:
                common = common_prefix(lane.tokens, job.tokens)
                if lane.missing > 1 and common > lane.cached:
                    return False
                shared = max(shared, common)
        return taken + _room(job) - shared <= self._context.size

    # ------------------------------------------------------------ one batch

    def _fill(self) -> list[_Part]:
        """Fill the batch: a token of each answer being written, then slices of prompts.

        Lanes with other adapters are never evaluated together; they take turns.
        """
        running = sorted(self._lanes.running, key=lambda lane: lane.served)
        if not running:
            return []
        group = [lane for lane in running if lane.key == running[0].key]
        job = group[0].job
        assert job is not None
        self._context.attach(job.adapters)
        batch = self._context.batch
        batch.clear()
        self._steps += 1
        alone = len(running) == 1
        parts = [self._write(lane, alone=alone) for lane in group if lane.missing == 1]
        room = batch.left
        if parts:
            room = min(room, max(LEAST_SLICE, int(self.prompt_tokens_per_second * SLICE_SECONDS)))
        for lane in group:
            if lane.missing > 1 and room > 0:
                parts.append(self._read(lane, room))
                room -= parts[-1].count
        for part in parts:
            part.lane.served = self._steps
        return parts

    def _write(self, lane: Lane, *, alone: bool) -> _Part:
        job = lane.job
        assert job is not None
        guess = NO_GUESS
        if alone and job.drafting:
            most = min(job.limit - job.written, self._context.size - len(lane.tokens)) - 1
            guess = self.drafter.guess(job, most)
        tokens = [lane.tokens[-1], *guess.tokens]
        output = self._context.batch.add(
            tokens, start=lane.cached, sequence=lane.number, outputs=len(tokens)
        )
        return _Part(lane, len(tokens), output, guess)

    def _read(self, lane: Lane, room: int) -> _Part:
        tokens = lane.tokens[lane.cached : lane.cached + room]
        whole = len(tokens) == lane.missing
        output = self._context.batch.add(
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
                token = job.sampler.choose(self._context.handle, part.output + place)
            except InglenookError as error:
                lane.cached = self._context.keep(lane.number, lane.cached - part.count)
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
            lane.cached = self._context.keep(lane.number, lane.cached - part.count + 1 + accepted)
        self.drafter.learn(job, part.guess, accepted)
        if not reason and job.written >= job.limit:
            reason = "length"
        if reason:
            self._end(lane, reason)

    def _measure(self, parts: list[_Part], started: float) -> None:
        count = self._context.batch.size
        # Logits are fetched when the work is done; on a graphics card decode returns before.
        if any(part.output >= 0 for part in parts):
            self._context.wait()
        seconds = self._clock() - started
        reading = not any(part.writes for part in parts)
        if reading and count >= MEASURABLE_TOKENS and seconds > 0:
            self.prompt_tokens_per_second = count / seconds
            self._lanes.worth_writing = max(WORTH_SAVING, SAVE_SECONDS * count / seconds)
        elif len(parts) == 1 and not reading:
            self.drafter.costs.note(count, seconds)

    def _end(self, lane: Lane, reason: str) -> None:
        self._released(lane).ended(reason)

    def _drop(self, lane: Lane, error: Exception) -> None:
        self._released(lane).failed(error)

    def _released(self, lane: Lane) -> Job:
        """Let a lane rest; return the job that was in it."""
        job = lane.job
        assert job is not None
        self._lanes.release(lane)
        self._crowded = False
        self.drafter.forget(job)
        return job

    # ------------------------------------------------------------ when it doesn't go on

    def _resynchronize(self, parts: list[_Part]) -> None:
        """Part of a stopped batch may be in the cells; only what was whole is known."""
        for part in parts:
            lane = part.lane
            lane.cached = self._context.keep(lane.number, lane.cached)

    def _make_room(self, parts: list[_Part]) -> None:
        """Free cells: of lanes at rest, else of the job that wrote least, which begins again later.

        One that is alone has all there is: it ends.
        """
        self._resynchronize(parts)
        resting = [lane for lane in self._lanes.resting if lane.cached]
        running = self._lanes.running
        if resting:
            for lane in resting:
                self._lanes.put_aside(lane)
        elif len(running) > 1:
            last = min(running, key=lambda lane: lane.job.written if lane.job else 0)
            self._waiting.appendleft(self._released(last))
            self._lanes.put_aside(last)
            self._crowded = True
        else:
            self._end(running[0], "length")


def _room(job: Job) -> int:
    """Return the cells an answer should have, to begin with."""
    return len(job.tokens) + min(job.limit - job.written, ROOM_TO_WRITE)
