"""Events about model downloads: the list of them, and the state of each."""

from msgspec import Struct

from core.chat.answering.answer_events import Problem
from core.models.downloads.download_plan import DownloadPlan


class DownloadState(Struct, frozen=True, kw_only=True):
    """A download and how far it is, in bytes. `state` is one of those below.

    "waiting" for another download, "fetching", "checking" (all is here, and is read back),
    "paused", "failed" (see `problem`), "done" (`ref` is its name among the models).
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
        """The seconds it will take, None while they are unknown."""
        missing = self.plan.total_bytes - self.done
        return missing / self.bytes_per_second if self.bytes_per_second else None


class DownloadChanged(Struct, frozen=True, kw_only=True):
    """The state of one download has changed; at most five a second for each."""

    download: DownloadState


class DownloadListChanged(Struct, frozen=True, kw_only=True):
    """A download was started, has ended or was removed."""


DownloadEvent = DownloadChanged | DownloadListChanged
