"""Early engine: the engine child of a command, started while the application still loads.

What a child may read is settled when it starts, so it is started for the model that was loaded
last; where another one is wanted, or other files of it, that child is replaced.
"""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import msgspec

from core.base.data_files import read_data_file, write_data_file
from core.base.errors import StorageError
from core.base.paths import Paths
from core.engine.devices.backend_packs import PACKS_VARIABLE, PROCESSOR_VARIABLE
from core.ipc.channel import OUTLIVED_VARIABLE
from core.ipc.child_process import ChildProcess
from core.messages import EngineEvent
from core.sandbox.grants import Grants

EngineProcess: TypeAlias = ChildProcess[EngineEvent]

_log = logging.getLogger(__name__)


class EngineStart(msgspec.Struct, frozen=True, kw_only=True):
    """What the child had that loaded a model last; `processor` is the variable of that name."""

    model: str
    grants: Grants
    processor: str

    @property
    def is_possible(self) -> bool:
        """Whether the model and the folders are there: what is not is granted to nobody."""
        return all(Path(path).exists() for path in (self.model, *self.grants.write))


def engine_process(paths: Paths, wake: Callable[[], None]) -> EngineProcess:
    """Return the child of a data folder, not yet started."""
    environment = {OUTLIVED_VARIABLE: str(paths.attempt), PACKS_VARIABLE: str(paths.packs)}
    return ChildProcess(
        "engine", EngineEvent, paths.logs / "engine.log", wake, environment=environment
    )


def engine_grants(paths: Paths) -> Grants:
    """Return what the child is granted for any model; packs may be added while it runs."""
    return Grants(read=(str(paths.packs),), write=(str(paths.attempt.parent),))


def start_early_engine(paths: Paths, chosen: str) -> EngineProcess | None:
    """Start the child for the model loaded last, if that is the `chosen` one ("": any).

    None where nothing was loaded yet, something is missing, or the data folder is encrypted: the
    child's key is not known yet. Whoever gets it stops it, or hands it to an EngineClient.
    """
    start = None if paths.key_file.exists() else _read_start(paths.engine_start)
    if start is None or chosen not in {"", start.model} or not start.is_possible:
        return None
    process = engine_process(paths, lambda: None)
    process.environment[PROCESSOR_VARIABLE] = start.processor
    process.grants = start.grants
    process.start()
    return process


def remember_start(path: Path, start: EngineStart) -> None:
    """Keep what the next command starts its child with; a disk that is full costs no load."""
    if start == _read_start(path):
        return
    try:
        write_data_file(path, msgspec.json.encode(start))
    except StorageError:
        _log.exception("how the engine was started is not remembered")


def _read_start(path: Path) -> EngineStart | None:
    try:
        return msgspec.json.decode(read_data_file(path), type=EngineStart)
    except (OSError, StorageError, ValueError, RecursionError):
        return None
