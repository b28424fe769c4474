"""Loading a model where it fits: header checked, placed, and everything around it made."""

import hashlib
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Self

import llama_cpp
from msgspec import structs

from core import gguf
from core.engine import native_log
from core.engine.abort import AbortFlag
from core.engine.compute import OUTPUTS
from core.engine.context import Context
from core.engine.devices import choose_threads, list_devices
from core.engine.draft_model import DraftModel
from core.engine.drafting import Drafter
from core.engine.free_memory import available_memory
from core.engine.model import Model
from core.engine.placement import place
from core.engine.scheduler import Scheduler
from core.engine.snapshot import Snapshots
from core.engine.stepping import stepping_down
from core.engine.thinking import ThinkingMarks
from core.errors import InglenookError
from core.messages import Adapter, LoadModel, ModelLoaded, Placement

MEMORY_SHARE = 8
"""States at rest may take this part of the memory that is free after loading."""


@dataclass(slots=True)
class Loaded:
    """A model that is ready: its weights, its cells, who runs them, and what was told of it."""

    header: gguf.Header
    template: str
    """What lays chats out; "" when neither the file nor the person has one."""
    model: Model
    context: Context
    scheduler: Scheduler
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
        self.scheduler.snapshots.close()
        if self.draft:
            self.draft.close()
        self.context.close()
        self.model.close()


def load(
    request: LoadModel, flag: AbortFlag, progress: Callable[[float], None] | None = None
) -> Loaded:
    """Load what was asked for, with less when memory runs out.

    `progress` is told the share of the weights that is there.

    Raises ModelError, EngineError for a device that is not there, or Aborted when the flag was
    raised.
    """
    started = time.perf_counter()
    path = Path(request.path)
    header = gguf.read_header(path)
    gguf.check_architecture(header, anyway=request.any_architecture)
    wanted = _placement(header, request.wish)
    ready = stepping_down(wanted, lambda placement: _Ready.made(path, placement, flag, progress))
    model, scheduler = ready.model, ready.scheduler
    memory = native_log.memory_by_device(list_devices())
    draft = _draft(request, model, flag)
    scheduler.drafter.ask(draft)
    scheduler.snapshots.keep_in(
        request.states_folder, request.states_limit, available_memory() // MEMORY_SHARE
    )
    told = ModelLoaded(
        request_id=request.request_id,
        path=request.path,
        fingerprint=gguf.fingerprint(path, header),
        context=ready.context.size,
        threads=model.placement.threads,
        prompt_tokens_per_second=scheduler.prompt_tokens_per_second,
        seconds=time.perf_counter() - started,
        placement=model.placement,
        draft=request.draft_path if draft else "",
        memory=memory,
        tried=wanted if wanted != model.placement else None,
    )
    template = request.template or header.chat_template
    marks = ThinkingMarks.of(template, model.vocabulary)
    return Loaded(header, template, model, ready.context, scheduler, draft, marks, told)


@dataclass(slots=True)
class _Ready:
    """A model with its cells, which has read its first tokens."""

    model: Model
    context: Context
    scheduler: Scheduler

    @classmethod
    def made(
        cls,
        path: Path,
        placement: Placement,
        flag: AbortFlag,
        progress: Callable[[float], None] | None,
    ) -> Self:
        """Make it, or leave nothing behind and raise."""
        with ExitStack() as undo:
            model = Model(path, placement, flag, progress)
            undo.callback(model.close)
            context = Context(model, flag)
            undo.callback(context.close)
            _take_room(context)
            scheduler = Scheduler(
                context, Snapshots(), flag, time.perf_counter, Drafter(model.vocabulary.ends)
            )
            undo.pop_all()
        return cls(model, context, scheduler)


def _take_room(context: Context) -> None:
    """Let llama.cpp take what most logits at once need: it runs out here, not in an answer."""
    count = min(OUTPUTS, context.batch.left)
    context.batch.add([0] * count, start=0, sequence=0, outputs=count)
    context.decode()
    context.keep(0, 0)
    context.batch.clear()


def _draft(request: LoadModel, model: Model, flag: AbortFlag) -> DraftModel | None:
    """Load the model that guesses ahead; one that doesn't match is done without."""
    if not request.draft_path or model.keeps_a_state:
        return None
    path = Path(request.draft_path)
    with ExitStack() as undo:
        try:
            header = gguf.read_header(path)
            gguf.check_architecture(header)
            wish = structs.replace(request.wish, context=model.placement.context, sequences=1)
            small = Model(path, _placement(header, wish), flag)
            undo.callback(small.close)
            if small.keeps_a_state or not small.vocabulary.same_as(model.vocabulary):
                return None
            draft = DraftModel(small, flag)
        except InglenookError:
            return None
        undo.pop_all()
    return draft


def _placement(header: gguf.Header, wish: Placement) -> Placement:
    wish = structs.replace(wish, threads=choose_threads(wish.threads))
    return place(header, wish, list_devices(), available_memory()).placement


@cache
def _digest(path: str) -> str:
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
