"""Idle probe: measures a loaded model while nobody waits, and gives it what is faster."""

import logging
from collections.abc import Callable

from core.base.errors import InglenookError
from core.engine.devices.device_list import list_devices
from core.engine.devices.machine_name import machine_name
from core.engine.memory.attention_shape import model_shape
from core.engine.memory.free_memory import available_memory
from core.engine.memory.placement_planner import can_change_placement
from core.engine.memory.placement_tuning import (
    is_tunable,
    tuned_placement,
    untuned_placement,
    without_choice,
)
from core.engine.runtime.model_loading import LoadedModel
from core.engine.tuning.engine_probe import EngineProbe
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
        self._probe = None if loaded.event.tuning else _probe_for(request, loaded)
        self._may_read_ahead = False

    @property
    def has_work(self) -> bool:
        """Whether there is something left to time, or to read again after a change."""
        return self._probe is not None or self._may_read_ahead

    def run_piece(self) -> None:
        """Time one piece; after the last one, change the idle model and send what it has.

        Then what chats had read is read again, a few tokens a piece.
        """
        if self._probe is None:
            self._may_read_ahead = self._loaded.scheduler.pool.read_ahead()
            return
        try:
            tuning = self._probe.run_piece()
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
        if self._probe is None:
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
        if self._probe:
            self._probe.close()
            self._probe = None
        self._answer_requests()

    def _answer_requests(self) -> None:
        while self._waiting:
            tuning = self._loaded.event.tuning
            self._send(ModelTimed(request_id=self._waiting.pop(), tuning=tuning))

    def _apply(self, tuning: EngineTuning) -> None:
        """Choose what is faster, if its memory is free.

        Raises what the last attempt raised if there is no memory for any context: the process ends
        then, and what is asked next loads the model anew.
        """
        loaded = self._loaded
        before = loaded.model.placement
        placement = tuned_placement(untuned_placement(before, self._request.placement), tuning)
        if placement != before and can_change_placement(
            loaded.header, before, placement, list_devices(), available_memory()
        ):
            if not loaded.change_placement(placement):
                tuning = without_choice(tuning)
            self._may_read_ahead = True
        loaded.use_tuning(tuning)
        self._send(
            ModelTuned(
                path=loaded.event.path,
                tuning=tuning,
                placement=loaded.model.placement,
                memory=loaded.event.memory,
            )
        )


def _probe_for(request: LoadModel, loaded: LoadedModel) -> EngineProbe | None:
    """Return a probe; None if there is nothing to choose."""
    placement = untuned_placement(loaded.model.placement, request.placement)
    shape, device = model_shape(loaded.header), loaded.main_device
    if shape is None or not request.measures or not is_tunable(placement):
        return None
    try:
        return EngineProbe(
            machine_name(request.placement, device), shape, device, loaded.context.size
        )
    except InglenookError:
        return None
