"""The trainer child by script: tests say how far it is, and when it is done."""

from pathlib import Path
from typing import Any

from core.base.data_files import write_data_file
from core.messages import AdapterTrained, LossPoint, Request, TrainAdapter, TrainingProgress
from tests.fakes.scripted_child import ScriptedChild


class FakeTrainerChild(ScriptedChild):
    """Keeps what is to be trained until a test ends it, trains `content` at once, or `dies`."""

    def __init__(self) -> None:
        super().__init__("trainer")
        self.content: bytes | None = None
        self.dies = False

    def serve(self, request: Request[Any, Any]) -> None:
        """Train at once, if a test says what."""
        if self.dies:
            self.die()
        elif isinstance(request, TrainAdapter) and self.content is not None:
            self.finish(b"" if request.seconds else self.content)

    @property
    def job(self) -> TrainAdapter:
        """What is being trained or timed."""
        jobs = self.waiting_for(TrainAdapter)
        assert isinstance(jobs[-1], TrainAdapter)
        return jobs[-1]

    def report_step(self, step: int, steps: int, loss: float, held_out: float | None) -> None:
        """Say that a step was taken."""
        self.deliver(
            TrainingProgress(
                request_id=self.job.request_id,
                stage="training",
                step=step,
                steps=steps,
                loss=loss,
                held_out=held_out,
                seconds_left=60.0,
            )
        )

    def finish(self, content: bytes = b"", **changes: Any) -> None:
        """Write the adapter, unless steps were only timed, and say so."""
        if content:
            write_data_file(Path(self.job.adapter), content)
        found: dict[str, Any] = {
            "parameters": 1_000_000,
            "steps": 60,
            "step_seconds": 2.0,
            "load_seconds": 10.0,
            "memory": 900 << 20,
            "curve": (LossPoint(1, 2.5, None), LossPoint(2, 1.5, 2.0)) if content else (),
            "bytes": len(content),
        }
        self.answer(AdapterTrained, self.job.request_id, **(found | changes))
