"""Idle probe: measures a loaded model while nobody waits, and gives it what is faster."""

import logging
from collections.abc import Callable

from core.base.errors import InglenookError
from core.engine.devices.device_list import choose_threads, list_devices
from core.engine.devices.machine_name import machine_name
from core.engine.llama.llama_parameters import PROCESSOR
from core.engine.memory.attention_shape import model_shape
from core.engine.memory.free_memory import available_memory
from core.engine.memory.memory_budget import RESERVE_BYTES
from core.engine.memory.placement_planner import can_change_placement
from core.engine.memory.placement_tuning import (
    choose_cache,
    faster_cache,
    is_tunable,
    without_choice,
)
from core.engine.quantization.quality_text import load_quality_text
from core.engine.runtime.model_loading import LoadedModel
from core.engine.tuning.cache_quality import CacheComparison, windows_in_time
from core.engine.tuning.engine_probe import BUDGET_SECONDS, EngineProbe
from core.engine.tuning.thread_timer import thread_counts
from core.messages import AnswerDone, EngineTuning, LoadModel, ModelTimed, ModelTuned

_log = logging.getLogger(__name__)


class IdleProbe:
    """The probe of one loaded model, and the requests that wait for what it finds.

    `run_piece` takes at most a fraction of a second.
    """

    def __init__(
        self,
        request: LoadModel,
        loaded: LoadedModel,
        send: Callable[[ModelTuned | ModelTimed | AnswerDone], None],
    ) -> None:
        self._request = request
        self._loaded = loaded
        self._send = send
        self._waiting: list[str] = []  # ids of requests
        self._only_completes = loaded.event.tuning is not None
        """Whether the probe adds to what is known, rather than timing all anew."""
        self._probe = self._first_probe()
        self._comparison: CacheComparison | None = None
        self._found: EngineTuning | None = None

    @property
    def has_work(self) -> bool:
        """Whether there is something left to time."""
        return self._probe is not None

    def run_piece(self) -> None:
        """Time one piece; after the last one, change the idle model and send what it has."""
        if self._probe is None:
            return
        try:
            tuning = self._compare_caches() if self._comparison else self._probe.run_piece()
            if tuning is not None and self._comparison is None:
                tuning = self._begin_comparison(tuning)
        except RuntimeError:
            _log.exception("a model can't be measured")
            self.close()
            return
        if tuning is not None:
            self._apply(tuning)
            self.close()

    def add_request(self, request_id: str) -> None:
        """Answer a request as soon as everything is timed, again if it was before."""
        self._waiting.append(request_id)
        if self._probe is None or self._only_completes:
            self._only_completes = False
            self._free_probe()
            self._probe = _probe_for(self._request, self._loaded)
        if self._probe is None:
            self._answer_requests()

    def cancel_request(self, request_id: str) -> None:
        """Answer a request that is not wanted any more; the measurement goes on."""
        if request_id in self._waiting:
            self._waiting.remove(request_id)
            self._send(AnswerDone(request_id=request_id, stop="cancelled"))

    def close(self) -> None:
        """Free what it computes with; who waits hears what is known."""
        self._free_probe()
        self._answer_requests()

    def _free_probe(self) -> None:
        if self._comparison:
            self._comparison.close()
            self._comparison = None
        if self._probe:
            self._probe.close()
            self._probe = None

    def _answer_requests(self) -> None:
        while self._waiting:
            tuning = self._loaded.event.tuning
            self._send(ModelTimed(request_id=self._waiting.pop(), tuning=tuning))

    def _first_probe(self) -> EngineProbe | None:
        """Return the probe of what is not known; None if there is nothing."""
        known = self._loaded.event.tuning
        if known is None or (not known.by_threads and self._compares_threads):
            return _probe_for(self._request, self._loaded, known)
        return None

    @property
    def _compares_threads(self) -> bool:
        counts = thread_counts(_usual_threads(self._request))
        return self._loaded.main_device == PROCESSOR and len(counts) > 1

    def _begin_comparison(self, tuning: EngineTuning) -> EngineTuning | None:
        """Compare a faster cache with f16 if time is left for it; else return what was found.

        Without the comparison, the faster one is only told.
        """
        offer = faster_cache(tuning)
        speed = self._loaded.scheduler.prompt_tokens_per_second
        windows = windows_in_time(speed, BUDGET_SECONDS - tuning.seconds)
        if offer is None or offer.perplexity is not None or not windows or not self._has_room():
            return tuning
        try:
            self._comparison = CacheComparison(
                self._loaded.model, offer.type, load_quality_text(), windows
            )
        except InglenookError:
            return tuning
        self._found = tuning
        return None

    def _has_room(self) -> bool:
        """Return whether there is memory for two small contexts, which is never more than this."""
        memory = self._loaded.event.memory
        needed = 2 * sum(each.cache + each.compute for each in memory)
        return needed + RESERVE_BYTES <= available_memory()

    def _compare_caches(self) -> EngineTuning | None:
        assert self._comparison is not None
        assert self._found is not None
        perplexity = self._comparison.run_piece()
        return None if perplexity is None else choose_cache(self._found, perplexity)

    def _apply(self, tuning: EngineTuning) -> None:
        """Choose what is faster, if its memory is free.

        Raises what the last attempt raised if there is no memory for any context: the process ends
        then, and what is asked next loads the model anew.
        """
        loaded = self._loaded
        before = loaded.model.placement
        placement = loaded.tuned(self._request.placement, tuning)
        is_possible = placement != before and can_change_placement(
            loaded.header, before, placement, list_devices(), available_memory()
        )
        if is_possible and not loaded.change_placement(placement):
            tuning = without_choice(tuning)
        loaded.use_tuning(tuning)
        self._send(
            ModelTuned(
                path=loaded.event.path,
                tuning=tuning,
                placement=loaded.model.placement,
                memory=loaded.event.memory,
            )
        )


def _probe_for(
    request: LoadModel, loaded: LoadedModel, known: EngineTuning | None = None
) -> EngineProbe | None:
    """Return a probe of what is not `known`; None if there is nothing to choose."""
    shape, device = model_shape(loaded.header), loaded.main_device
    if shape is None or not request.measures or not is_tunable(loaded.untuned):
        return None
    try:
        return EngineProbe(
            machine_name(request.placement, device),
            shape,
            device,
            loaded.context.size,
            threads=_usual_threads(request),
            known=known,
        )
    except InglenookError:
        return None


def _usual_threads(request: LoadModel) -> int:
    """Return how many threads compute where the person set no number; 0 where they did."""
    return 0 if request.placement.threads else choose_threads()
