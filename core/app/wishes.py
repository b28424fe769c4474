"""How a model is asked into memory: the settings, less what had proved too much."""

from collections.abc import Callable
from pathlib import Path

from core import gguf
from core.app.fitting import wish_of
from core.app.remembered import Remembered
from core.chat.events import Problem
from core.engine.free_memory import available_memory
from core.engine.placement import plan_anyway, reductions, step_down
from core.errors import InglenookError
from core.messages import Device, ModelLoaded, Placement
from core.settings import Settings
from core.words import _


class Wishes:
    """Wishes for models of one root. One thread uses it."""

    def __init__(
        self,
        settings: Settings,
        remembered: Remembered,
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
    def settings(self) -> Placement:
        """What the settings say, for any model."""
        return self._avoided(wish_of(self._settings))

    def as_set(self, path: str) -> Placement:
        """Return what is set for the model at `path`, or for all."""
        return self._avoided(self._own(path, wish_of(self._settings)))

    def of(self, path: str) -> Placement:
        """Return what to ask for: as set, or what worked when that was too much."""
        return self._remembered.placement(path, self.as_set(path))

    def loaded(self, event: ModelLoaded) -> Problem | None:
        """Remember what worked if memory ran out on the way, and return what to tell of it."""
        if event.tried is None:
            return None
        self._remembered.keep(event.path, self.as_set(event.path), event.placement)
        return _told(reductions(event.tried, event.placement))

    def killed(self, path: str) -> Problem | None:
        """Memory ran out and ended the child while it loaded: return what to tell of trying less.

        None when there is nothing less to try.
        """
        try:
            header = gguf.read_header(Path(path))
            devices, available = self._devices(), available_memory()
            tried = plan_anyway(header, self.of(path), devices, available).placement
        except InglenookError:
            return None
        smaller = step_down(tried)
        if smaller is None:
            return None
        self._remembered.keep(path, self.as_set(path), smaller)
        return _told(reductions(tried, smaller))


def _told(sentences: list[str]) -> Problem:
    return Problem(
        code="stepped_down",
        message=_("Memory ran out, so the model was loaded with less. {}").format(
            " ".join(sentences)
        ),
        hint=_("Close other programs and change a setting of the model to try more again."),
    )
