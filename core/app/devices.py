"""The graphics cards: which are left alone, and the packs of backends that were added for them."""

from collections.abc import Callable
from pathlib import Path

from core.app.events import AppEvent, Notice
from core.app.left_devices import LeftDevices
from core.app.plans import PlanDesk
from core.chat.events import Problem
from core.engine.packs import Pack, PacksFolder
from core.errors import EngineError
from core.messages import EngineEvent, Placement
from core.messages.planning import SkippedBackend
from core.paths import Paths
from core.words import _


class DeviceDesk:
    """What a front end can ask and wish about graphics cards. One thread uses it."""

    def __init__(self, paths: Paths, plans: PlanDesk, emit: Callable[[AppEvent], None]) -> None:
        self._packs = PacksFolder(paths.packs)
        self._plans = plans
        self._emit = emit
        self._left = LeftDevices(paths.left_devices, lambda: plans.devices, emit)
        self._seen: tuple[SkippedBackend, ...] = ()

    @property
    def left(self) -> tuple[str, ...]:
        """Return the cards that are left alone, by backend and description."""
        return self._left.cards

    def retry(self) -> None:
        """Let every card be used again."""
        self._left.retry()

    def avoided(self, wish: Placement) -> Placement:
        """Return `wish` without the cards that are left alone."""
        return self._left.avoided(wish)

    def watch(self, event: EngineEvent, wish: Placement) -> None:
        """Leave a card alone when the engine crashed on it."""
        self._left.watch(event, wish)

    def packs(self) -> list[Pack]:
        """Return the packs that are installed."""
        return self._packs.installed()

    def install_pack(self, path: Path, sha256: str = "") -> Pack:
        """Add a pack from a file; models use it from the next load on.

        Raises EngineError or StorageError; then nothing has changed.
        """
        pack = self._packs.install(path, sha256)
        self._plans.look()
        return pack

    def remove_pack(self, name: str) -> None:
        """Delete a pack. Raises EngineError if there is none of that name."""
        self._packs.remove(name)
        self._plans.look()

    def tidy(self) -> None:
        """Draw the consequences of the last look: packs of another version are deleted, and said.

        A driver that ended the child that looked is not loaded again by itself.
        """
        skipped = self._plans.skipped
        if skipped == self._seen:
            return
        self._seen = skipped
        if any(each.reason == "crashed" for each in skipped):
            self._left.leave_all()
        for each in skipped:
            if each.reason == "pack":
                self._drop(each)

    def _drop(self, skipped: SkippedBackend) -> None:
        try:
            self._packs.remove(skipped.backend)
        except EngineError:
            return  # it is gone already
        made_for, ours = skipped.detail.split(" ", 1)
        problem = Problem(
            code="pack_dropped",
            message=_(
                "The pack “{name}” was made for another version and has been removed."
            ).format(name=skipped.backend),
            hint=_("Install the one for this version (ggml {ours}, it had {made_for}).").format(
                ours=ours, made_for=made_for
            ),
        )
        self._emit(Notice(key="pack", severity="warning", problem=problem))
