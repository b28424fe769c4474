"""Graphics cards: those excluded after crashes, and installed backend packs."""

from collections.abc import Callable
from pathlib import Path

from core.app.events.app_events import AppEvent, Notice
from core.app.loading.excluded_devices import ExcludedDevices
from core.app.loading.placement_service import PlacementService
from core.base.errors import EngineError
from core.base.i18n import _
from core.base.paths import Paths
from core.chat.answering.answer_events import Problem
from core.engine.devices.backend_packs import BackendPack, BackendPackStore
from core.messages import EngineEvent, Placement
from core.messages.planner_messages import SkippedBackend


class DeviceService:
    """What a front end can ask and wish about graphics cards. One thread uses it."""

    def __init__(
        self, paths: Paths, plans: PlacementService, emit: Callable[[AppEvent], None]
    ) -> None:
        self._packs = BackendPackStore(paths.packs)
        self._plans = plans
        self._emit = emit
        self._excluded = ExcludedDevices(paths.excluded_devices, lambda: plans.devices, emit)
        self._seen: tuple[SkippedBackend, ...] = ()

    @property
    def excluded_cards(self) -> tuple[str, ...]:
        """Return the cards that are left alone, by backend and description."""
        return self._excluded.cards

    def allow_all_cards(self) -> None:
        """Let every card be used again."""
        self._excluded.allow_all_cards()

    def without_excluded(self, wish: Placement) -> Placement:
        """Return `wish` without the cards that are left alone."""
        return self._excluded.without_excluded(wish)

    def track_engine_event(self, event: EngineEvent, wish: Placement) -> None:
        """Leave a card alone when the engine crashed on it."""
        self._excluded.track_engine_event(event, wish)

    def list_packs(self) -> list[BackendPack]:
        """Return the packs that are installed."""
        return self._packs.installed_packs()

    def install_pack(self, path: Path, sha256: str = "") -> BackendPack:
        """Add a pack from a file; models use it from the next load on.

        Raises EngineError or StorageError; then nothing has changed.
        """
        pack = self._packs.install_pack(path, sha256)
        self._plans.refresh_devices()
        return pack

    def remove_pack(self, name: str) -> None:
        """Delete a pack. Raises EngineError if there is none of that name."""
        self._packs.remove_pack(name)
        self._plans.refresh_devices()

    def apply_skipped_backends(self) -> None:
        """Draw the consequences of the last look: packs of another version are deleted, and said.

        A driver that ended the child that looked is not loaded again by itself.
        """
        skipped = self._plans.skipped_backends
        if skipped == self._seen:
            return
        self._seen = skipped
        if any(each.reason == "crashed" for each in skipped):
            self._excluded.exclude_all_cards()
        for each in skipped:
            if each.reason == "pack":
                self._drop(each)

    def _drop(self, skipped: SkippedBackend) -> None:
        try:
            self._packs.remove_pack(skipped.backend)
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
