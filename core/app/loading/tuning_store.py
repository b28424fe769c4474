"""Measurements of models on this machine, kept on disk."""

import logging
from pathlib import Path

import msgspec

from core import gguf
from core.base.data_files import write_data_file
from core.base.errors import InglenookError, StorageError
from core.base.state_files import read_state_file
from core.engine.memory.attention_shape import model_shape
from core.engine.memory.placement_tuning import find_tuning
from core.messages import EngineTuning

_log = logging.getLogger(__name__)

MOST_TUNINGS = 32
"""Measurements that are kept: the latest."""


class TuningStore:
    """The measurements of one root. One thread uses it; a disk that is full costs no load."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._tunings = read_state_file(path, tuple[EngineTuning, ...]) or ()

    @property
    def tunings(self) -> tuple[EngineTuning, ...]:
        """All measurements, the latest last."""
        return self._tunings

    def tuning_of_model(self, path: str) -> EngineTuning | None:
        """Return the latest measurement of models of the shape of the file at `path`."""
        try:
            shape = model_shape(gguf.read_header(Path(path)))
        except (InglenookError, OSError):
            return None
        return find_tuning(self._tunings, shape.name) if shape else None

    def save_tuning(self, tuning: EngineTuning) -> None:
        """Keep a measurement in place of an earlier one of the same shape and machine."""
        others = [
            each
            for each in self._tunings
            if (each.shape, each.machine) != (tuning.shape, tuning.machine)
        ]
        self._tunings = (*others[-MOST_TUNINGS + 1 :], tuning)
        try:
            write_data_file(self._path, msgspec.json.encode(self._tunings))
        except StorageError:
            _log.exception("a measurement is not remembered")
