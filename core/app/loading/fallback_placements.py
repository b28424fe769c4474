"""Placements that worked after memory ran out, kept on disk by model fingerprint."""

import logging
from pathlib import Path

import msgspec

from core import gguf
from core.base.data_files import write_data_file
from core.base.errors import InglenookError, StorageError
from core.base.state_files import read_state_file
from core.messages import Placement

_log = logging.getLogger(__name__)


class FallbackPlacement(msgspec.Struct, frozen=True, kw_only=True):
    """What worked when `requested` took too much memory; another request is tried afresh."""

    requested: Placement = msgspec.field(name="wish")  # as it is on disk
    placement: Placement


class FallbackPlacements:
    """The placements of one root. One thread uses it; a disk that is full costs no load."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._fallbacks = self._read()

    def placement_for(self, model: str, requested: Placement) -> Placement:
        """Return what worked for the file `model` when the same was requested, else `requested`."""
        worked = self._fallbacks.get(_fingerprint(model)) if self._fallbacks else None
        return worked.placement if worked and worked.requested == requested else requested

    def remember_placement(self, model: str, requested: Placement, placement: Placement) -> None:
        """Remember what to take for the file `model` when `requested` is requested again."""
        fingerprint = _fingerprint(model)
        if not fingerprint:
            return
        self._fallbacks[fingerprint] = FallbackPlacement(requested=requested, placement=placement)
        try:
            write_data_file(self._path, msgspec.json.encode(self._fallbacks))
        except StorageError:
            _log.exception("what worked for a model is not remembered")

    def _read(self) -> dict[str, FallbackPlacement]:
        return read_state_file(self._path, dict[str, FallbackPlacement]) or {}


def _fingerprint(model: str) -> str:
    """Return a file's fingerprint, "" for one that can't be read: loading will say why."""
    path = Path(model)
    try:
        return gguf.fingerprint(path, gguf.read_header(path))
    except (InglenookError, OSError):
        return ""
