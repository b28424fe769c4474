"""A scheduler on a fake context, and what it makes of its jobs."""

from itertools import count
from typing import Any

from core.engine.llama.abort_flag import AbortFlag
from core.engine.runtime.answer_job import AnswerJob
from core.engine.runtime.batch_scheduler import BatchScheduler
from core.engine.runtime.kv_snapshots import KvSnapshotStore
from core.engine.runtime.speculative_decoding import SpeculativeDrafter
from tests.engine.fake_context import FakeContext, FakeSampler


class Bench:
    """A scheduler on a fake context; `written` and `ended` tell what each job got."""

    def __init__(self, context: FakeContext | None = None) -> None:
        self.context = context or FakeContext()
        self.snapshots = KvSnapshotStore()
        self.snapshots.configure_limits("", 0, 1 << 20)
        ticks = count()
        self.drafter = SpeculativeDrafter(lambda _token: False)
        self.scheduler = BatchScheduler(
            self.context,  # type: ignore[arg-type]
            self.snapshots,
            AbortFlag(),
            lambda: next(ticks) / 100,
            self.drafter,
        )
        self.context.batches.clear()
        self.cached: dict[str, int] = {}
        self.written: dict[str, list[int]] = {}
        self.ended: dict[str, str] = {}
        self.failed: dict[str, Exception] = {}

    def job(self, name: str, tokens: list[int], limit: int = 10, **more: Any) -> AnswerJob:
        self.written[name] = []

        def wrote(token: int) -> str:
            self.written[name].append(token)
            return ""

        job = AnswerJob(
            request_id=name,
            tokens=list(tokens),
            limit=limit,
            sampler=FakeSampler(),  # type: ignore[arg-type]
            on_start=lambda cached: self.cached.__setitem__(name, cached),
            on_token=wrote,
            on_end=lambda stop: self.ended.__setitem__(name, stop),
            on_failure=lambda error: self.failed.__setitem__(name, error),
            drafting=more.pop("drafting", False),
            **more,
        )
        self.scheduler.submit_job(job)
        return job

    def run(self) -> None:
        for _ in range(2000):
            if not self.scheduler.has_work:
                return
            self.scheduler.run_batch()
        raise AssertionError("it never ends")


def following(tokens: list[int], limit: int = 10) -> list[int]:
    return [tokens[-1] + 1 + step for step in range(limit)]
