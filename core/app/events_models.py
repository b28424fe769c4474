"""What a front end is told of the shelf's work and of the model in memory."""

from msgspec import Struct

from core.chat.events import Problem


class ModelLoading(Struct, frozen=True, kw_only=True):
    """A model is being loaded; `share` is how much of its weights is there, 0 to 1."""

    ref: str
    path: str
    share: float


class ModelUnloaded(Struct, frozen=True, kw_only=True):
    """No model is in memory any more. `reason`: idle, cancelled (while loading), asked, removed."""

    ref: str
    path: str
    reason: str


class ModelSettingsChanged(Struct, frozen=True, kw_only=True):
    """What is set for one model is no longer what it was."""

    path: str


class ShelfScanning(Struct, frozen=True, kw_only=True):
    """Files are being looked for and their headers read; at most five a second."""

    request_id: str
    found: int
    read: int
    current: str


class ShelfScanned(Struct, frozen=True, kw_only=True):
    """All folders and stores were looked through; `away` are folders whose drive is not there."""

    request_id: str
    models: int
    new: int
    seconds: float
    away: tuple[str, ...] = ()


class ChecksumProgress(Struct, frozen=True, kw_only=True):
    """A file's checksum is being computed; bytes, at most five a second."""

    request_id: str
    path: str
    done: int
    total: int


class ChecksumKnown(Struct, frozen=True, kw_only=True):
    """A file's SHA-256 is known. `expected` is what it should be, "" where nobody knows.

    `wrong` says that it differs from `expected`: in words, with what to do.
    """

    request_id: str
    path: str
    sha256: str
    expected: str = ""
    wrong: Problem | None = None


class CopyProgress(Struct, frozen=True, kw_only=True):
    """A model is being copied into the app's own folder; bytes, at most five a second."""

    request_id: str
    path: str
    done: int
    total: int


class ModelAdded(Struct, frozen=True, kw_only=True):
    """A model was copied and stands on the shelf."""

    request_id: str
    ref: str
    path: str


class ModelRemoved(Struct, frozen=True, kw_only=True):
    """A model is off the shelf. `trashed`: its file went to the system's trash, else it stays."""

    ref: str
    path: str
    trashed: bool


ModelEvent = (
    ModelLoading
    | ModelUnloaded
    | ModelSettingsChanged
    | ShelfScanning
    | ShelfScanned
    | ChecksumProgress
    | ChecksumKnown
    | CopyProgress
    | ModelAdded
    | ModelRemoved
)
