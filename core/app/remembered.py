"""What worked for models for which memory had run out, kept on disk by their fingerprints."""

import logging
from pathlib import Path

import msgspec

from core import gguf
from core.errors import InglenookError, StorageError
from core.messages import Placement
from core.storage import write_aside

_log = logging.getLogger(__name__)


class Worked(msgspec.Struct, frozen=True, kw_only=True):
    """What was taken when `wish` was too much. Another wish is tried afresh."""

    wish: Placement
    placement: Placement


class Remembered:
    """The placements of one root. One thread uses it; a disk that is full costs no load."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._worked = self._read()

    def placement(self, model: str, wish: Placement) -> Placement:
        """Return what worked for the file `model` when the same was wished, else the wish."""
        worked = self._worked.get(_fingerprint(model)) if self._worked else None
        return worked.placement if worked and worked.wish == wish else wish

    def keep(self, model: str, wish: Placement, placement: Placement) -> None:
        """Remember what to take for the file `model` when `wish` is wished again."""
        fingerprint = _fingerprint(model)
        if not fingerprint:
            return
        self._worked[fingerprint] = Worked(wish=wish, placement=placement)
        try:
            write_aside(self._path, msgspec.json.encode(self._worked))
        except StorageError:
            _log.exception("what worked for a model is not remembered")

    def _read(self) -> dict[str, Worked]:
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=dict[str, Worked])
        except FileNotFoundError:
            return {}
        except (OSError, msgspec.MsgspecError):  # the next time memory runs out it is found again
            _log.exception("%s is unreadable", self._path.name)
            return {}


def _fingerprint(model: str) -> str:
    """Return a file's fingerprint, "" for one that can't be read: loading will say why."""
    path = Path(model)
    try:
        return gguf.fingerprint(path, gguf.read_header(path))
    except (InglenookError, OSError):
        return ""
