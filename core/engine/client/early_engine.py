"""Early engine: the engine child of a command, which loads its model while the program is loaded.

What a child may read is settled when it starts, so it loads what was loaded last, as it was loaded
then; where anything else is wanted, that child is replaced.
"""

import contextlib
import logging
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import msgspec

from core.base.data_files import read_data_file, write_data_file
from core.base.data_key import file_cipher
from core.base.errors import StorageError
from core.base.paths import Paths
from core.engine.devices.backend_packs import PACKS_VARIABLE, PROCESSOR_VARIABLE
from core.engine.memory.free_memory import available_memory
from core.ipc.channel import OUTLIVED_VARIABLE
from core.ipc.child_process import ChildProcess
from core.ipc.client import new_request_id
from core.messages import EngineEvent, LoadModel
from core.sandbox.grants import Grants

EngineProcess: TypeAlias = ChildProcess[EngineEvent]

MEMORY_SHARE = 4
"""Of the free memory, files of a model that is loaded ahead take at most one part in so many."""
_log = logging.getLogger(__name__)


class EngineStart(msgspec.Struct, frozen=True, kw_only=True):
    """The last load, without the id of its request, and what its child had.

    `processor` is the content of the variable of that name.
    """

    load: LoadModel
    grants: Grants
    processor: str

    @property
    def is_possible(self) -> bool:
        """Whether model and folders are there, and the model is small beside the free memory.

        What is not there is granted to nobody. Whether models fit is judged by the memory that is
        free while this one is being loaded: a large one would seem not to fit.
        """
        try:
            if not all(Path(path).exists() for path in (self.load.path, *self.grants.write)):
                return False
            files = (path for path in map(Path, self.grants.read) if path.is_file())
            size = sum(path.stat().st_size for path in files)
        except OSError:  # such as a drive that doesn't answer
            return False
        return MEMORY_SHARE * size <= available_memory()


class EarlyEngine(msgspec.Struct, frozen=True):
    """A child that runs, and the request it works on: to be handed to an EngineClient."""

    process: EngineProcess
    load: LoadModel
    paths: Paths
    """Its data folder."""


def engine_process(paths: Paths, wake: Callable[[], None]) -> EngineProcess:
    """Return the child of a data folder, not yet started."""
    environment = {OUTLIVED_VARIABLE: str(paths.attempt), PACKS_VARIABLE: str(paths.packs)}
    child: EngineProcess = ChildProcess(
        "engine", EngineEvent, paths.logs / "engine.log", wake, environment=environment
    )
    child.grants = engine_grants(paths)
    return child


def engine_grants(paths: Paths) -> Grants:
    """Return what the child is granted for any model; packs may be added while it runs."""
    return Grants(read=(str(paths.packs),), write=(str(paths.attempt.parent),))


def start_early_engine(paths: Paths, chosen: str) -> EarlyEngine | None:
    """Start the child and have it load the model of last time, if that is `chosen` ("": any).

    None where nothing was loaded yet, something is missing, or the data folder is encrypted: the
    child's key is not known yet. A load that ends this process, too, is not tried again.
    """
    start = None if paths.key_file.exists() else _read_start(paths.engine_start)
    if start is None or chosen not in {"", start.load.path} or not start.is_possible:
        return None
    with contextlib.suppress(OSError):
        paths.engine_start.replace(_tried(paths.engine_start))
    process = engine_process(paths, lambda: None)
    process.environment[PROCESSOR_VARIABLE] = start.processor
    process.grants = start.grants
    load = msgspec.structs.replace(start.load, request_id=new_request_id())
    process.send(load)
    return EarlyEngine(process, load, paths)


def remember_start(path: Path, start: EngineStart) -> None:
    """Keep what the next command starts its child with; a disk that is full costs no load."""
    tried = _tried(path)
    try:
        if file_cipher() is None and start == _read_start(tried):
            tried.replace(path)  # which costs nothing, unlike writing it anew
        elif start != _read_start(path):
            write_data_file(path, msgspec.json.encode(start))
        tried.unlink(missing_ok=True)
    except (OSError, StorageError):
        _log.exception("how the engine was started is not remembered")


def _tried(path: Path) -> Path:
    return path.with_name(f"{path.name}.tried")


def _read_start(path: Path) -> EngineStart | None:
    try:
        return msgspec.json.decode(read_data_file(path), type=EngineStart)
    except (OSError, StorageError, ValueError, RecursionError):
        return None
