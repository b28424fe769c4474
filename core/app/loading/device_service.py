"""Devices of this machine, and backend packs for its graphics cards."""

from collections.abc import Callable
from pathlib import Path
from typing import Never

from core.app.events.app_events import AppEvent, ModelsChanged, Notice
from core.app.loading.excluded_devices import ExcludedDevices
from core.base.errors import EngineError
from core.base.i18n import _
from core.base.paths import Paths
from core.chat.answering.answer_events import Problem
from core.engine.client.planner_client import PlannerClient
from core.engine.devices.backend_packs import BackendPack, BackendPackStore
from core.ipc.reply import Reply
from core.messages import Device, DevicesListed
from core.messages.planner_messages import SkippedBackend


class DeviceService:
    """Lists devices, and installs and removes packs. One thread uses it.

    `known_devices` are those last listed, none before that; `excluded` are the graphics cards that
    automatic placement leaves out; `packs` are the backend packs that are installed.
    """

    def __init__(
        self, paths: Paths, planner: PlannerClient, emit: Callable[[AppEvent], None]
    ) -> None:
        self.packs = BackendPackStore(paths.packs)
        self._planner = planner
        self._emit = emit
        self.known_devices: tuple[Device, ...] = ()
        self.excluded = ExcludedDevices(paths.excluded_devices, lambda: self.known_devices, emit)
        self._skipped: tuple[SkippedBackend, ...] = ()

    def list_devices(self) -> Reply[Never, DevicesListed]:
        """Ask for the devices, and the backends that brought none, as they are now."""
        return self._planner.list_devices().convert(self._record_devices)

    def refresh_devices(self) -> None:
        """List the devices ahead of any question; ModelsChanged follows, but no failure."""
        self.list_devices().on_done(lambda _listed: self._emit(ModelsChanged()))

    def install_pack(self, path: Path, sha256: str = "") -> BackendPack:
        """Add a pack from a file; models use it from the next load on.

        Raises EngineError or StorageError; then nothing has changed.
        """
        pack = self.packs.install_pack(path, sha256)
        self.refresh_devices()
        return pack

    def remove_pack(self, name: str) -> None:
        """Delete a pack. Raises EngineError if there is none of that name."""
        self.packs.remove_pack(name)
        self.refresh_devices()

    def _record_devices(self, listed: DevicesListed) -> DevicesListed:
        self.known_devices = listed.devices
        if listed.skipped != self._skipped:
            self._skipped = listed.skipped
            self._on_skipped_changed()
        return listed

    def _on_skipped_changed(self) -> None:
        """Delete packs made for another version, and say so.

        A driver that ended the child that listed the devices is not loaded again by itself.
        """
        if any(each.reason == "crashed" for each in self._skipped):
            self.excluded.exclude_all_cards()
        for each in self._skipped:
            if each.reason == "pack":
                self._remove_outdated_pack(each)

    def _remove_outdated_pack(self, skipped: SkippedBackend) -> None:
        try:
            self.packs.remove_pack(skipped.backend)
        except EngineError:
            return  # it is already gone
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
