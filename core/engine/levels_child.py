"""The child that plans, makes and measures levels of a model; to stop it, it is ended."""

import logging
import time
from collections.abc import Callable
from typing import BinaryIO

from core.channel import Channel, ParentGone
from core.engine.level_plans import plan_levels
from core.engine.making import make
from core.engine.quality import measure_levels
from core.engine.type_speed import time_types
from core.errors import Code, InglenookError
from core.messages import (
    Cancel,
    Failed,
    LevelMade,
    LevelProgress,
    LevelsPlanned,
    LevelsRequest,
    MeasureLevels,
    PlanLevels,
    QualityMeasured,
    Quantize,
    TimeTypes,
    TypesTimed,
)

_log = logging.getLogger(__name__)

PROGRESS_SECONDS = 0.2


def serve(incoming: BinaryIO, outgoing: BinaryIO) -> None:
    """Answer requests until the parent hangs up; raises ParentGone then."""
    channel: Channel[LevelsRequest] = Channel(LevelsRequest, incoming, outgoing)
    channel.start("levels")
    while True:
        request = channel.receive()
        assert request is not None  # without a timeout there is always one
        if isinstance(request, Cancel):
            continue  # what runs is ended with the process
        try:
            channel.send(_answer(request, _progress(channel, request.request_id)))
        except InglenookError as error:
            channel.send(Failed(request_id=request.request_id, code=error.code, facts=error.facts))
        except ParentGone:
            raise
        except Exception as error:  # noqa: BLE001 - the border of a process: say it and go on
            _log.exception("a level failed")
            facts = {"detail": type(error).__name__, "logs": "levels.log"}
            channel.send(Failed(request_id=request.request_id, code=Code.INTERNAL, facts=facts))


def _answer(
    request: PlanLevels | TimeTypes | Quantize | MeasureLevels,
    progress: Callable[[int, int, str], None],
) -> LevelsPlanned | TypesTimed | LevelMade | QualityMeasured:
    match request:
        case PlanLevels():
            return plan_levels(request)
        case TimeTypes():
            return time_types(request)
        case Quantize():
            return make(request, progress)
        case MeasureLevels():
            return measure_levels(request, progress)


def _progress(channel: Channel[LevelsRequest], request_id: str) -> Callable[[int, int, str], None]:
    """Return what tells how far it is, at most five times a second."""
    due = 0.0

    def tell(done: int, total: int, current: str) -> None:
        nonlocal due
        now = time.monotonic()
        if now >= due:
            due = now + PROGRESS_SECONDS
            channel.send(
                LevelProgress(request_id=request_id, done=done, total=total, current=current)
            )

    return tell
