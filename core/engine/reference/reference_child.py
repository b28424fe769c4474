"""Reference child of a benchmark: runs the reference loop and draws the plot."""

import logging
from pathlib import Path
from typing import BinaryIO

from core.base.atomic_write import write_atomically
from core.base.errors import ErrorCode, InglenookError
from core.engine.reference import reference_loop
from core.engine.reference.plot_drawing import draw_plot
from core.engine.reference.reference_loop import ReferenceModel
from core.ipc.channel import Channel, ParentGone
from core.messages import (
    BenchRequest,
    Cancel,
    CompareBatched,
    DrawPlot,
    Failed,
    GenerateGreedily,
    LoadReference,
    ReadLogits,
    ReferenceDone,
    TimeDecoding,
    TimeDraftChecks,
    TimePrefill,
    Tokenize,
)

_log = logging.getLogger(__name__)


def serve(incoming: BinaryIO, outgoing: BinaryIO) -> None:
    """Answer requests until the parent hangs up; raises ParentGone then."""
    channel: Channel[BenchRequest] = Channel(BenchRequest, incoming, outgoing)
    channel.start("bench")
    model: ReferenceModel | None = None
    while True:
        request = channel.receive()
        assert request is not None  # without a timeout there is always one
        try:
            if isinstance(request, LoadReference):
                if model:
                    model.close()
                model = ReferenceModel(Path(request.path), request.placement)
                figures = (float(model.is_recurrent),)
                channel.send(ReferenceDone(request_id=request.request_id, figures=figures))
            elif isinstance(request, DrawPlot):
                write_atomically(Path(request.path), draw_plot(request.title, request.panels))
                channel.send(ReferenceDone(request_id=request.request_id))
            elif not isinstance(request, Cancel):
                assert model is not None  # the parent loads first
                channel.send(_measured(model, request))
        except ParentGone:
            raise
        except Exception as error:  # noqa: BLE001 - the border of a process: say it and go on
            channel.send(_failure(request.request_id, error))


def _failure(request_id: str, error: Exception) -> Failed:
    if isinstance(error, InglenookError):
        return Failed.from_error(request_id, error)
    _log.error("measuring failed", exc_info=error)
    facts = {"detail": type(error).__name__, "logs": "bench.log"}
    return Failed(request_id=request_id, code=ErrorCode.INTERNAL, facts=facts)


def _measured(
    model: ReferenceModel,
    request: Tokenize
    | TimePrefill
    | TimeDecoding
    | TimeDraftChecks
    | GenerateGreedily
    | ReadLogits
    | CompareBatched,
) -> ReferenceDone:
    tokens: tuple[int, ...] = ()
    figures: tuple[float, ...] = ()
    match request:
        case Tokenize():
            tokens = model.prompt_tokens(request.turns)
        case TimePrefill():
            figures = (reference_loop.time_reading(model, request.tokens),)
        case TimeDecoding():
            seconds = reference_loop.time_writing(
                model, request.prompt, request.count, request.sequences
            )
            figures = (seconds,)
        case TimeDraftChecks():
            figures = tuple(
                reference_loop.time_checking(model, request.prompt, request.answer, size)
                for size in request.sizes
            )
        case GenerateGreedily():
            tokens = reference_loop.write_greedily(model, request.prompt, request.count)
        case ReadLogits():
            logits = reference_loop.logits_after(model, request.tokens, request.written)
            best = logits.argsort()[-2:][::-1]
            tokens = tuple(map(int, best))
            figures = tuple(float(logits[token]) for token in (*request.wanted, *tokens))
        case CompareBatched():
            figures = (reference_loop.measure_batch_noise(model, request.prompts, request.answers),)
    return ReferenceDone(request_id=request.request_id, tokens=tokens, figures=figures)
