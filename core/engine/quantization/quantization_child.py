"""Quantization child: plans, makes and measures quantizations; killing it is the only stop."""

import logging
import time
from collections.abc import Callable
from typing import BinaryIO

from core.base.errors import ErrorCode, InglenookError
from core.engine.quantization.quality_measurement import measure_quality
from core.engine.quantization.quantization_maker import make_quantization
from core.engine.quantization.quantization_planner import plan_quantizations
from core.engine.quantization.type_speed import measure_type_speeds
from core.ipc.channel import Channel, ParentGone
from core.messages import (
    Cancel,
    Failed,
    MeasureQuality,
    ModelQuantized,
    PlanQuantizations,
    QualityMeasured,
    QuantizationRequest,
    QuantizationsPlanned,
    QuantizationTaskProgress,
    Quantize,
    TensorTypesTimed,
    TimeTensorTypes,
)

_log = logging.getLogger(__name__)

PROGRESS_SECONDS = 0.2


def serve(incoming: BinaryIO, outgoing: BinaryIO) -> None:
    """Answer requests until the parent hangs up; raises ParentGone then."""
    channel: Channel[QuantizationRequest] = Channel(QuantizationRequest, incoming, outgoing)
    channel.start("quantizer")
    while True:
        request = channel.receive()
        assert request is not None  # without a timeout there is always one
        if isinstance(request, Cancel):
            continue  # the parent ends the process instead
        try:
            channel.send(_answer(request, _progress(channel, request.request_id)))
        except InglenookError as error:
            channel.send(Failed.from_error(request.request_id, error))
        except ParentGone:
            raise
        except Exception as error:  # noqa: BLE001 - the border of a process: say it and go on
            _log.exception("a quantization request failed")
            facts = {"detail": type(error).__name__, "logs": "quantizer.log"}
            channel.send(
                Failed(request_id=request.request_id, code=ErrorCode.INTERNAL, facts=facts)
            )


def _answer(
    request: PlanQuantizations | TimeTensorTypes | Quantize | MeasureQuality,
    progress: Callable[[int, int, str], None],
) -> QuantizationsPlanned | TensorTypesTimed | ModelQuantized | QualityMeasured:
    match request:
        case PlanQuantizations():
            return plan_quantizations(request)
        case TimeTensorTypes():
            return measure_type_speeds(request)
        case Quantize():
            return make_quantization(request, progress)
        case MeasureQuality():
            return measure_quality(request, progress)


def _progress(
    channel: Channel[QuantizationRequest], request_id: str
) -> Callable[[int, int, str], None]:
    """Return a function that sends progress, at most five times a second."""
    due = 0.0

    def report(done: int, total: int, current: str) -> None:
        nonlocal due
        now = time.monotonic()
        if now >= due:
            due = now + PROGRESS_SECONDS
            channel.send(
                QuantizationTaskProgress(
                    request_id=request_id, done=done, total=total, current=current
                )
            )

    return report
