"""Loading a model where it fits: header checked, placed, and everything around it made."""

import hashlib
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import llama_cpp
from msgspec import structs

from core import gguf
from core.engine.abort import AbortFlag
from core.engine.context import Context
from core.engine.devices import choose_threads
from core.engine.draft_model import DraftModel
from core.engine.drafting import Drafter
from core.engine.fit import available_memory, choose_context
from core.engine.model import Model
from core.engine.scheduler import Scheduler
from core.engine.snapshot import Snapshots
from core.errors import Code, InglenookError, ModelError
from core.messages import Adapter, LoadModel, ModelLoaded, Placement
from core.sizes import human_bytes

SEQUENCES = 8
"""Answers at once; a further one waits."""
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


def load(request: LoadModel, flag: AbortFlag) -> Loaded:
    """Load what was asked for. Raises ModelError, or Aborted when the flag was raised."""
    started = time.perf_counter()
    path = Path(request.path)
    header = gguf.read_header(path)
    gguf.check_architecture(header, anyway=request.any_architecture)
    placement = _place(header, request.wish, path)
    model = Model(path, placement, flag)
    try:
        context = Context(model, flag)
    except ModelError:
        model.close()
        raise
    draft = _draft(request, model, flag)
    snapshots = Snapshots(
        request.states_folder, available_memory() // MEMORY_SHARE, request.states_limit
    )
    scheduler = Scheduler(context, snapshots, flag, time.perf_counter, Drafter(draft))
    told = ModelLoaded(
        request_id=request.request_id,
        path=request.path,
        fingerprint=gguf.fingerprint(path, header),
        context=context.size,
        threads=placement.threads,
        prompt_tokens_per_second=scheduler.prompt_tokens_per_second,
        seconds=time.perf_counter() - started,
        placement=placement,
        draft=request.draft_path if draft else "",
    )
    return Loaded(header, model, context, scheduler, snapshots, draft, told)


def _draft(request: LoadModel, model: Model, flag: AbortFlag) -> DraftModel | None:
    """Load the model that guesses ahead; one that doesn't match is done without."""
    if not request.draft_path or model.keeps_a_state:
        return None
    path = Path(request.draft_path)
    try:
        header = gguf.read_header(path)
        gguf.check_architecture(header)
        placement = structs.replace(
            _place(header, request.wish, path), context=model.placement.context, sequences=1
        )
        small = Model(path, placement, flag)
    except InglenookError:
        return None
    if small.keeps_a_state or not small.vocabulary.same_as(model.vocabulary):
        small.close()
        return None
    return DraftModel(small, flag)


def _place(header: gguf.Header, wish: Placement, path: Path) -> Placement:
    available = available_memory()
    plan = choose_context(header, wish.context, available)
    if plan.verdict == "no":
        raise ModelError(
            Code.MODEL_TOO_LARGE,
            file=path.name,
            needed=human_bytes(plan.total),
            available=human_bytes(available),
        )
    return structs.replace(
        wish,
        context=plan.context,
        threads=choose_threads(wish.threads),
        sequences=wish.sequences or SEQUENCES,
        device="cpu",
    )


@cache
def _digest(path: str) -> str:
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
