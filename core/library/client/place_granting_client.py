"""Client of a child that works in folders: one that lacks a folder which came later is replaced."""

from typing import TypeVar

from core.base.error_codes import ErrorCode
from core.ipc.child_process import ChildProcess
from core.ipc.client import Client
from core.library.client.granted_places import GrantedPlaces
from core.messages import ChildDied
from core.sandbox.grants import Grants

Event = TypeVar("Event")


class PlaceGrantingClient(Client[Event]):
    """Compares what its child was granted with what lies there, at each request and while idle."""

    def __init__(
        self, process: ChildProcess[Event], died: ErrorCode, places: GrantedPlaces
    ) -> None:
        super().__init__(process, died)
        self._places = places

    def grant_files(self, needed: Grants) -> None:
        """Have a child that may read what is needed, and folders that came since it started."""
        super().grant_files(needed)
        if self._process.pid is None:
            self._places.note_places(self._process.grants.read)
        elif self._may_be_renewed and (lost := self._places.find_lost(needed.read)):
            self._renew_for(asked=not set(lost).isdisjoint(needed.read))

    def poll(self) -> None:
        """Deliver what has arrived; let an idle child read folders that came since it started."""
        super().poll()
        is_idle = self._process.pid is not None and self.has_started and not self.pending
        if is_idle and self._may_be_renewed and self._places.look_when_due():
            self._renew_for(asked=False)

    def stop(self, grace: float = 0.0) -> None:
        """End the child, within `grace` seconds by itself; pending requests are forgotten."""
        super().stop(grace)
        self._places.close()

    @property
    def _may_be_renewed(self) -> bool:
        """Whether a running child lacks what it was not granted, and is not being replaced."""
        return (self.seal is None or self.seal.files) and not self._is_renewing

    def _renew_for(self, *, asked: bool) -> None:
        if asked or self._places.allow_renewal():
            self.renew_child()

    def _handle_death(self, death: ChildDied) -> None:
        self._places.note_places(self._process.grants.read)
        super()._handle_death(death)
