"""Planner client, the front end's side of memory planning: a child for each request."""

from collections.abc import Callable, Iterable
from typing import Any, Never

from msgspec import structs

from core.base.errors import ErrorCode
from core.base.paths import Paths
from core.engine.client.nvidia_device import make_nvidia_device
from core.engine.devices.backend_packs import PACKS_VARIABLE, PROCESSOR_VARIABLE
from core.gguf import model_files
from core.ipc.child_process import ChildProcess
from core.ipc.client import Client, new_request_id
from core.ipc.reply import Reply
from core.messages import ChildDied, DevicesListed, ListDevices, PlanModel, PlannerEvent, Request
from core.sandbox.grants import Grants


class PlannerClient(Client[PlannerEvent]):
    """Asks what devices there are and where a model would lie. One thread uses it.

    The child ends when nothing is pending: llama.cpp holds a graphics card while it looks. A dry
    run that ended the child is asked for again without; a driver that ends the child while it
    lists the devices is left out from then on.
    """

    def __init__(
        self,
        paths: Paths,
        wake: Callable[[], None],
        *,
        process: ChildProcess[PlannerEvent] | None = None,
    ) -> None:
        super().__init__(
            process
            or ChildProcess(
                "planner",
                PlannerEvent,
                paths.logs / "planner.log",
                wake,
                environment={PACKS_VARIABLE: str(paths.packs)},
            ),
            ErrorCode.PLANNER_DIED,
            ends_when_idle=True,
        )
        self._packs = str(paths.packs)
        self.known_models: Callable[[], Iterable[str]] = tuple
        """Returns the files that may be asked for: else a running child has to be replaced."""
        self._is_without_cards = False
        self._explained: ChildDied | None = None  # the last death whose cause is left out now

    def own_grants(self) -> Grants:
        """Return the packs of drivers, and all known models."""
        make_nvidia_device()
        return Grants(read=(self._packs, *model_files(self.known_models())))

    def grants_for(self, request: Request[Any, Any]) -> Grants:
        """Return the files of a model."""
        if isinstance(request, PlanModel):
            return Grants(read=model_files([request.path]))
        return super().grants_for(request)

    def list_devices(self) -> Reply[Never, DevicesListed]:
        """Ask for the devices as they are now."""
        request = ListDevices(request_id=new_request_id())
        return self.send(request).convert(self._mark_crashed)

    def retry_request(
        self, request: Request[Any, Any], death: ChildDied
    ) -> Request[Any, Any] | None:
        """Leave out what ended the child: a dry run, else the drivers of graphics cards."""
        if isinstance(request, PlanModel) and request.dry_run:
            self._explained = death
            return structs.replace(request, dry_run=False)
        if self._explained is not death:
            if self._is_without_cards:
                return None
            self._explained, self._is_without_cards = death, True
            self._process.environment[PROCESSOR_VARIABLE] = "1"
        return request

    def _mark_crashed(self, listed: DevicesListed) -> DevicesListed:
        """Say of backends that were left out after a crash why they were."""
        if not self._is_without_cards:
            return listed
        crashed = tuple(structs.replace(each, reason="crashed") for each in listed.skipped)
        return structs.replace(listed, skipped=crashed)
