"""The engine child: loads one model, answers one question at a time, stops when told."""

import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from core import gguf
from core.channel import Channel
from core.engine.devices import choose_threads
from core.engine.fit import available_memory, choose_context
from core.engine.generation import Generation
from core.engine.model import Aborted, AbortFlag, Model
from core.engine.scheduler import Scheduler
from core.engine.template import DEFAULT_TEMPLATE, PLAIN_STOPS
from core.engine.transcript import Transcript
from core.errors import Code, InglenookError, ModelError
from core.messages import (
    AnswerDone,
    Cancel,
    EngineRequest,
    Failed,
    FittedPrompt,
    Generate,
    LoadModel,
    ModelLoaded,
)
from core.sizes import human_bytes

_log = logging.getLogger(__name__)


Fit = Callable[[Generate, int, float, Transcript], FittedPrompt]
"""Request, context, reading speed in tokens/s and token counter to the prompt that fits."""


class Engine:
    """What the child holds: at most one model, and which requests were cancelled."""

    def __init__(self, fit: Fit) -> None:
        self._fit = fit
        self._flag = AbortFlag()
        self._cancelled: set[str] = set()  # filled by the reader thread, emptied by the main one
        self._current = ""
        self._lock = threading.Lock()  # `_current` and the flag change together
        self._model: Model | None = None
        self._scheduler: Scheduler | None = None
        self._transcript: Transcript | None = None
        self._stops: tuple[str, ...] = ()

    def on_arrival(self, request: EngineRequest) -> None:
        """Run on the reader thread for each request: Stop can't wait for its turn."""
        if isinstance(request, Cancel):
            with self._lock:
                self._cancelled.add(request.request_id)
                if request.request_id == self._current:
                    self._flag.raise_()

    def handle(self, request: EngineRequest, channel: Channel[EngineRequest]) -> None:
        """Do one request on the main thread; every way it can end sends its last event."""
        if isinstance(request, Cancel):
            self._cancelled.discard(request.request_id)
            return
        with self._lock:
            self._current = request.request_id
            if request.request_id in self._cancelled:
                self._flag.raise_()
        try:
            if isinstance(request, LoadModel):
                channel.send(self._load(request))
            else:
                self._generate(request, channel)
        except Aborted:
            channel.send(AnswerDone(request_id=request.request_id, stop="cancelled"))
        except InglenookError as error:
            channel.send(Failed(request_id=request.request_id, code=error.code, facts=error.facts))
        except Exception as error:  # noqa: BLE001 - the border of a process: say it and go on
            _log.exception("request failed")
            channel.send(
                Failed(
                    request_id=request.request_id,
                    code=Code.INTERNAL,
                    facts={"detail": type(error).__name__, "logs": "engine.log"},
                )
            )
        finally:
            with self._lock:
                self._current = ""
                self._flag.lower()

    def _check(self) -> None:
        if self._flag.raised:
            raise Aborted

    def _load(self, request: LoadModel) -> ModelLoaded:
        started = time.perf_counter()
        path = Path(request.path)
        header = gguf.read_header(path)
        gguf.check_architecture(header)
        threads = choose_threads(request.wish.threads)
        if self._model:
            self._model.close()
            self._model = None
        context = _context_that_fits(header, request.wish.context, path)
        self._model = Model(
            path,
            context=context,
            threads=threads,
            gpu_layers=request.wish.gpu_layers,
            flag=self._flag,
        )
        self._scheduler = Scheduler(self._model, self._flag, time.perf_counter)
        self._transcript = Transcript(
            self._model.vocabulary, header.chat_template or DEFAULT_TEMPLATE, path.name, self._check
        )
        self._stops = () if header.chat_template else PLAIN_STOPS
        return ModelLoaded(
            request_id=request.request_id,
            path=request.path,
            fingerprint=gguf.fingerprint(path, header),
            context=self._model.context,
            threads=threads,
            prompt_tokens_per_second=self._scheduler.prompt_tokens_per_second,
            seconds=time.perf_counter() - started,
        )

    def _generate(self, request: Generate, channel: Channel[EngineRequest]) -> None:
        if not (self._model and self._scheduler and self._transcript):
            raise InglenookError(Code.NO_MODEL)
        fitted = self._fit(
            request,
            self._model.context,
            self._scheduler.prompt_tokens_per_second,
            self._transcript,
        )
        generation = Generation(
            request,
            self._model.vocabulary,
            self._scheduler,
            channel.send,
            self._stops,
        )
        generation.run(fitted, self._transcript.tokens(fitted.turns))


def _context_that_fits(header: gguf.Header, wanted: int, path: Path) -> int:
    available = available_memory()
    plan = choose_context(header, wanted, available)
    if plan.verdict == "no":
        raise ModelError(
            Code.MODEL_TOO_LARGE,
            file=path.name,
            needed=human_bytes(plan.total),
            available=human_bytes(available),
        )
    return plan.context


def serve(incoming: BinaryIO, outgoing: BinaryIO, fit: Fit) -> None:
    """Answer requests until the parent hangs up; raises ParentGone then."""
    engine = Engine(fit)
    channel: Channel[EngineRequest] = Channel(
        EngineRequest, incoming, outgoing, on_arrival=engine.on_arrival
    )
    channel.start("engine")
    while True:
        request = channel.receive()
        assert request is not None  # without a timeout there is always one
        engine.handle(request, channel)
