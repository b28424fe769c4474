"""Loading a model where it fits: header checked, placed, and everything around it made."""

import hashlib
import time
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

import llama_cpp
from msgspec import structs

from core import gguf
from core.engine.abort import AbortFlag
from core.engine.context import Context
from core.engine.devices import choose_threads, list_devices
from core.engine.draft_model import DraftModel
from core.engine.drafting import Drafter
from core.engine.fit import available_memory
from core.engine.model import Model
from core.engine.native_log import memory_by_device
from core.engine.placement import place
from core.engine.scheduler import Scheduler
from core.engine.snapshot import Snapshots
from core.engine.stepping import stepping_down
from core.engine.thinking import ThinkingMarks
from core.errors import InglenookError
from core.messages import Adapter, DeviceMemory, LoadModel, ModelLoaded, Placement

MEMORY_SHARE = 8
"""States at rest may take this part of the memory that is free after loading."""


@dataclass(slots=True)
class Loaded:
    """A model that is ready: its weights, its cells, who runs them, and what was told of it."""

    header: gguf.Header
    model: Model
    context: Context
    scheduler: Scheduler
    snapshots: Snapshots
    draft: DraftModel | None
    marks: ThinkingMarks | None
    told: ModelLoaded

    def state_key(self, adapters: tuple[Adapter, ...]) -> str:
        """Name all that must be the same for a saved state to mean the same."""
        placement = structs.replace(
            self.model.placement, threads=0, gpu_layers=0, device="", tensor_split=()
        )
        parts = [
            self.told.fingerprint,
            llama_cpp.__version__,
            repr(placement),
            *(f"{_digest(adapter.path)} {adapter.scale}" for adapter in adapters),
        ]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()

    def close(self) -> None:
        """Free everything; states that are being written are waited for."""
        self.snapshots.close()
        if self.draft:
            self.draft.close()
        self.context.close()
        self.model.close()


@dataclass(frozen=True, slots=True)
class _Made:
    model: Model
    context: Context
    scheduler: Scheduler
    snapshots: Snapshots
    draft: DraftModel | None
    memory: tuple[DeviceMemory, ...]


def load(request: LoadModel, flag: AbortFlag) -> Loaded:
    """Load what was asked for. Raises ModelError, or Aborted when the flag was raised."""
    started = time.perf_counter()
    path = Path(request.path)
    header = gguf.read_header(path)
    gguf.check_architecture(header, anyway=request.any_architecture)
    wish = structs.replace(request.wish, threads=choose_threads(request.wish.threads))
    placement = place(header, wish, list_devices(), available_memory()).placement
    made = stepping_down(placement, partial(_make, request, flag))
    model, context, scheduler = made.model, made.context, made.scheduler
    told = ModelLoaded(
        request_id=request.request_id,
        path=request.path,
        fingerprint=gguf.fingerprint(path, header),
        context=context.size,
        threads=model.placement.threads,
        prompt_tokens_per_second=scheduler.prompt_tokens_per_second,
        seconds=time.perf_counter() - started,
        placement=model.placement,
        draft=request.draft_path if made.draft else "",
        memory=made.memory,
        tried=None if model.placement == placement else placement,
    )
    marks = ThinkingMarks.of(header.chat_template, model.vocabulary)
    return Loaded(header, model, context, scheduler, made.snapshots, made.draft, marks, told)


def _make(request: LoadModel, flag: AbortFlag, placement: Placement) -> _Made:
    """Make what `placement` says, or leave nothing behind; a first batch shows that it works."""
    with ExitStack() as undo:
        model = Model(Path(request.path), placement, flag)
        undo.callback(model.close)
        context = Context(model, flag)
        undo.callback(context.close)
        memory = memory_by_device(list_devices())
        draft = _draft(request, model, flag)
        if draft:
            undo.callback(draft.close)
        snapshots = Snapshots(
            request.states_folder, available_memory() // MEMORY_SHARE, request.states_limit
        )
        undo.callback(snapshots.close)
        scheduler = Scheduler(context, snapshots, flag, time.perf_counter, Drafter(draft))
        undo.pop_all()
    return _Made(model, context, scheduler, snapshots, draft, memory)


def _draft(request: LoadModel, model: Model, flag: AbortFlag) -> DraftModel | None:
    """Load the model that guesses ahead; one that doesn't match is done without."""
    if not request.draft_path or model.keeps_a_state:
        return None
    path = Path(request.draft_path)
    try:
        header = gguf.read_header(path)
        gguf.check_architecture(header)
        wish = structs.replace(model.placement, gpu_layers=-1, tensor_split=(), sequences=1)
        small = Model(path, place(header, wish, list_devices(), available_memory()).placement, flag)
    except InglenookError:
        return None
    if small.keeps_a_state or not small.vocabulary.same_as(model.vocabulary):
        small.close()
        return None
    return DraftModel(small, flag)


@cache
def _digest(path: str) -> str:
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
