"""Events about the network: model downloads, servers, stored keys and update checks."""

from msgspec import Struct

from core.chat.answering.answer_events import Problem
from core.messages import ServerModel
from core.models.downloads.download_plan import DownloadPlan


class DownloadPlanned(Struct, frozen=True, kw_only=True):
    """What would be fetched for a wish; nothing is until the front end calls `begin`."""

    request_id: str
    plan: DownloadPlan


class DownloadState(Struct, frozen=True, kw_only=True):
    """A fetch as it stands; bytes. `state` is one of those below.

    "waiting" for another fetch, "fetching", "checking" (all is here, and is read back), "paused",
    "failed" (see `problem`), "done" (`ref` is its name on the shelf).
    """

    plan: DownloadPlan
    state: str
    done: int = 0
    checked: int = 0
    bytes_per_second: float = 0.0
    ref: str = ""
    problem: Problem | None = None

    @property
    def seconds_left(self) -> float | None:
        """How long it will take, None until that can be told."""
        missing = self.plan.total_bytes - self.done
        return missing / self.bytes_per_second if self.bytes_per_second else None


class DownloadChanged(Struct, frozen=True, kw_only=True):
    """One fetch is no longer as it was; at most five a second."""

    fetch: DownloadState


class DownloadListChanged(Struct, frozen=True, kw_only=True):
    """A fetch was begun, ended or dropped: the list of them is no longer what it was."""


class UpdateCheckFinished(Struct, frozen=True, kw_only=True):
    """Whether there is a newer version; `newer` is "" if not. `page` is where to read about it."""

    request_id: str
    newer: str
    page: str
    notes: str


class KeyStored(Struct, frozen=True, kw_only=True):
    """The system's key store holds a key, or has forgotten it."""

    request_id: str


class ServerTested(Struct, frozen=True, kw_only=True):
    """A server answered, in so many seconds, with what it offers."""

    request_id: str
    address: str
    models: tuple[ServerModel, ...]
    seconds: float


class ServerAnswering(Struct, frozen=True, kw_only=True):
    """Text has left for `host`: it answers this turn, in the place of another one if need be."""

    turn_id: str
    host: str


NetworkEvent = (
    ServerTested
    | ServerAnswering
    | KeyStored
    | DownloadPlanned
    | DownloadChanged
    | DownloadListChanged
    | UpdateCheckFinished
)
