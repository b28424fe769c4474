"""The benchmark's child: runs llama.cpp bare and draws the plot, then it is thrown away."""

import logging
from pathlib import Path
from typing import BinaryIO

from core.channel import Channel, ParentGone
from core.engine import bare
from core.engine.bare import BareModel
from core.engine.plot import draw
from core.errors import Code, InglenookError
from core.messages import (
    BareDone,
    BenchRequest,
    Cancel,
    CompareBatched,
    DrawPlot,
    Failed,
    LoadBare,
    TimeChecking,
    TimeReading,
    TimeWriting,
    Tokenize,
    Weigh,
    WriteGreedily,
)
from core.storage import write_aside

_log = logging.getLogger(__name__)


def serve(incoming: BinaryIO, outgoing: BinaryIO) -> None:
    """Answer requests until the parent hangs up; raises ParentGone then."""
    channel: Channel[BenchRequest] = Channel(BenchRequest, incoming, outgoing)
    channel.start("bench")
    model: BareModel | None = None
    while True:
        request = channel.receive()
        assert request is not None  # without a timeout there is always one
        try:
            if isinstance(request, LoadBare):
                if model:
                    model.close()
                model = BareModel(Path(request.path), request.placement)
                figures = (float(model.keeps_a_state),)
                channel.send(BareDone(request_id=request.request_id, figures=figures))
            elif isinstance(request, DrawPlot):
                write_aside(Path(request.path), draw(request.title, request.panels))
                channel.send(BareDone(request_id=request.request_id))
            elif not isinstance(request, Cancel):
                assert model is not None  # the parent loads first
                channel.send(_measured(model, request))
        except ParentGone:
            raise
        except Exception as error:  # noqa: BLE001 - the border of a process: say it and go on
            channel.send(_failure(request.request_id, error))


def _failure(request_id: str, error: Exception) -> Failed:
    if isinstance(error, InglenookError):
        return Failed(request_id=request_id, code=error.code, facts=error.facts)
    _log.error("measuring failed", exc_info=error)
    facts = {"detail": type(error).__name__, "logs": "bench.log"}
    return Failed(request_id=request_id, code=Code.INTERNAL, facts=facts)


def _measured(
    model: BareModel,
    request: Tokenize
    | TimeReading
    | TimeWriting
    | TimeChecking
    | WriteGreedily
    | Weigh
    | CompareBatched,
) -> BareDone:
    tokens: tuple[int, ...] = ()
    figures: tuple[float, ...] = ()
    match request:
        case Tokenize():
            tokens = model.tokens(request.turns)
        case TimeReading():
            figures = (bare.time_reading(model, request.tokens),)
        case TimeWriting():
            seconds = bare.time_writing(model, request.prompt, request.count, request.sequences)
            figures = (seconds,)
        case TimeChecking():
            figures = tuple(
                bare.time_checking(model, request.prompt, request.answer, size)
                for size in request.sizes
            )
        case WriteGreedily():
            tokens = bare.write_greedily(model, request.prompt, request.count)
        case Weigh():
            logits = bare.weigh(model, request.tokens, request.written)
            best = logits.argsort()[-2:][::-1]
            tokens = tuple(map(int, best))
            figures = tuple(float(logits[token]) for token in (*request.wanted, *tokens))
        case CompareBatched():
            figures = (bare.compare_batched(model, request.prompts, request.answers),)
    return BareDone(request_id=request.request_id, tokens=tokens, figures=figures)
