"""Load options: the placement to request for a model, reduced where memory had run out."""

from collections.abc import Callable
from pathlib import Path

from core import gguf
from core.app.loading.fallback_placements import FallbackPlacements
from core.app.loading.memory_fit_check import placement_from_settings
from core.base.errors import InglenookError
from core.base.i18n import _
from core.base.settings.app_settings import Settings
from core.chat.answering.answer_events import Problem
from core.engine.memory.free_memory import available_memory
from core.engine.memory.placement_planner import (
    choose_or_minimal_placement,
    describe_reductions,
    next_smaller_placement,
)
from core.messages import Device, ModelLoaded, Placement


class LoadOptions:
    """Wishes for models of one root. One thread uses it."""

    def __init__(
        self,
        settings: Settings,
        remembered: FallbackPlacements,
        devices: Callable[[], tuple[Device, ...]],
        avoided: Callable[[Placement], Placement] = lambda wish: wish,
        own: Callable[[str, Placement], Placement] = lambda _path, wish: wish,
    ) -> None:
        """`own` puts what is set for the model at a path into what is set for all."""
        self._settings = settings
        self._remembered = remembered
        self._devices = devices
        self._avoided = avoided
        self._own = own

    @property
    def default_placement(self) -> Placement:
        """What the settings say, for any model."""
        return self._avoided(placement_from_settings(self._settings))

    def configured_placement(self, path: str) -> Placement:
        """Return what is set for the model at `path`, or for all."""
        return self._avoided(self._own(path, placement_from_settings(self._settings)))

    def placement_for(self, path: str) -> Placement:
        """Return what to ask for: as set, or what worked when that was too much."""
        return self._remembered.placement_for(path, self.configured_placement(path))

    def record_loaded(self, event: ModelLoaded) -> Problem | None:
        """Remember what worked if memory ran out on the way, and return what to tell of it."""
        if event.tried is None:
            return None
        self._remembered.remember_placement(
            event.path, self.configured_placement(event.path), event.placement
        )
        return _reduction_problem(describe_reductions(event.tried, event.placement))

    def record_out_of_memory(self, path: str) -> Problem | None:
        """Memory ran out and ended the child while it loaded: return what to tell of trying less.

        None when there is nothing less to try.
        """
        try:
            header = gguf.read_header(Path(path))
            devices, available = self._devices(), available_memory()
            tried = choose_or_minimal_placement(
                header, self.placement_for(path), devices, available
            ).placement
        except InglenookError:
            return None
        smaller = next_smaller_placement(tried)
        if smaller is None:
            return None
        self._remembered.remember_placement(path, self.configured_placement(path), smaller)
        return _reduction_problem(describe_reductions(tried, smaller))


def _reduction_problem(sentences: list[str]) -> Problem:
    return Problem(
        code="stepped_down",
        message=_("Memory ran out, so the model was loaded with less. {}").format(
            " ".join(sentences)
        ),
        hint=_("Close other programs and change a setting of the model to try more again."),
    )
