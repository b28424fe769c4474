"""Idle probe: measures a loaded model while nobody waits, and gives it what is faster."""

import logging

from core.base.errors import InglenookError
from core.engine.devices.machine_name import machine_name
from core.engine.llama.llama_parameters import gpu_names
from core.engine.memory.attention_shape import model_shape
from core.engine.memory.placement_tuning import is_tunable, tuned_placement
from core.engine.runtime.model_loading import LoadedModel
from core.engine.tuning.engine_probe import PROCESSOR, EngineProbe
from core.messages import EngineTuning, LoadModel, ModelTuned

_log = logging.getLogger(__name__)


class IdleProbe:
    """The probe of one loaded model; `run_piece` takes at most a fraction of a second."""

    def __init__(self, loaded: LoadedModel, probe: EngineProbe) -> None:
        self._loaded = loaded
        self._probe = probe
        self.is_open = True
        """Whether there is something left to time, or to read again after a change."""
        self._is_timed = False

    @classmethod
    def start(cls, request: LoadModel, loaded: LoadedModel) -> "IdleProbe | None":
        """Return a probe; None if there is nothing to choose, or it was measured before."""
        placement = loaded.model.placement
        shape = model_shape(loaded.header)
        is_wanted = request.measures and loaded.event.tuning is None
        if shape is None or not is_wanted or not is_tunable(placement):
            return None
        cards = gpu_names(placement)
        try:
            probe = EngineProbe(
                machine_name(request.placement),
                shape,
                cards[0] if cards else PROCESSOR,
                placement.threads,
                loaded.context.size,
            )
        except InglenookError:
            return None
        return cls(loaded, probe)

    def run_piece(self) -> ModelTuned | None:
        """Time one piece; after the last one, change the idle model and return what it has.

        Then what chats had read is read again, a few tokens a piece.
        """
        if self._is_timed:
            self.is_open = self._loaded.scheduler.pool.read_ahead()
            return None
        try:
            tuning = self._probe.run_piece()
        except RuntimeError:
            _log.exception("a model can't be measured")
            self.close()
            self.is_open = False
            return None
        if tuning is None:
            return None
        self.close()
        return self._apply(tuning)

    def close(self) -> None:
        """Free what it computes with."""
        if not self._is_timed:
            self._is_timed = True
            self._probe.close()

    def _apply(self, tuning: EngineTuning) -> ModelTuned:
        loaded = self._loaded
        placement = tuned_placement(loaded.model.placement, tuning)
        if placement != loaded.model.placement:
            loaded.change_placement(placement)
        loaded.use_tuning(tuning)
        return ModelTuned(
            path=loaded.event.path,
            tuning=tuning,
            placement=loaded.model.placement,
            memory=loaded.event.memory,
        )
