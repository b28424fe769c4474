"""A scheduler on a fake context, and what it makes of its jobs."""

from itertools import count
from typing import Any

from core.engine.abort import AbortFlag
from core.engine.drafting import Drafter
from core.engine.job import Job
from core.engine.scheduler import Scheduler
from core.engine.snapshot import Snapshots
from tests.engine.fake_context import FakeContext, FakeSampler


class Bench:
    """A scheduler on a fake context; `written` and `ended` tell what each job got."""

    def __init__(self, context: FakeContext | None = None) -> None:
        self.context = context or FakeContext()
        self.snapshots = Snapshots()
        self.snapshots.keep_in("", 0, 1 << 20)
        ticks = count()
        self.drafter = Drafter(lambda _token: False)
        self.scheduler = Scheduler(
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

    def job(self, name: str, tokens: list[int], limit: int = 10, **more: Any) -> Job:
        self.written[name] = []

        def wrote(token: int) -> str:
            self.written[name].append(token)
            return ""

        job = Job(
            request_id=name,
            tokens=list(tokens),
            limit=limit,
            sampler=FakeSampler(),  # type: ignore[arg-type]
            began=lambda cached: self.cached.__setitem__(name, cached),
            wrote=wrote,
            ended=lambda stop: self.ended.__setitem__(name, stop),
            failed=lambda error: self.failed.__setitem__(name, error),
            drafting=more.pop("drafting", False),
            **more,
        )
        self.scheduler.submit(job)
        return job

    def run(self) -> None:
        for _ in range(2000):
            if not self.scheduler.busy:
                return
            self.scheduler.step()
        raise AssertionError("it never ends")


def following(tokens: list[int], limit: int = 10) -> list[int]:
    return [tokens[-1] + 1 + step for step in range(limit)]
