"""Model loading: header checked, layers placed, context, scheduler and draft model made."""

import hashlib
import logging
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Self, TypeVar

import llama_cpp
from msgspec import structs

from core import gguf
from core.base.errors import InglenookError, ModelError
from core.engine.chat_template.thinking_marks import ThinkingMarks
from core.engine.devices.device_list import choose_threads, list_devices
from core.engine.devices.machine_name import machine_name
from core.engine.llama import llama_log
from core.engine.llama.abort_flag import AbortFlag
from core.engine.llama.llama_context import LlamaContext
from core.engine.llama.llama_model import LlamaModel
from core.engine.llama.llama_parameters import PROCESSOR, main_device
from core.engine.memory.attention_shape import model_shape
from core.engine.memory.compute_buffers import MAX_OUTPUTS
from core.engine.memory.free_memory import available_memory
from core.engine.memory.placement_planner import choose_placement, next_smaller_placement
from core.engine.memory.placement_tuning import find_tuning, tuned_placement
from core.engine.runtime.batch_scheduler import BatchScheduler
from core.engine.runtime.draft_model import DraftModel
from core.engine.runtime.kv_snapshots import KvSnapshotStore
from core.engine.runtime.slice_sizes import attention_kernel
from core.engine.runtime.speculative_decoding import SpeculativeDrafter
from core.messages import Adapter, EngineTuning, LoadModel, ModelLoaded, Placement

_log = logging.getLogger(__name__)

Made = TypeVar("Made")


def load_with_fallback(
    placement: Placement, make: Callable[[Placement], Made], untuned: Placement | None
) -> Made:
    """Return the result of `make` for the first placement with enough memory.

    `untuned` is tried before anything smaller, whatever the reason is. `make` must free everything
    when it raises. Raises what it raised for any other reason, or with the smallest placement.
    """
    untuned = None if untuned == placement else untuned
    while True:
        llama_log.start_capture()
        try:
            return make(placement)
        except (ModelError, MemoryError, RuntimeError):
            smaller = untuned
            if smaller is None and llama_log.ran_out_of_memory():
                smaller = next_smaller_placement(placement)
            if smaller is None:
                raise
            untuned = None
            _log.warning("no memory for %s; trying %s", placement, smaller)
            placement = smaller


MEMORY_SHARE = 8
"""Saved states may take this part (1/8) of the memory that is free after loading."""


@dataclass(slots=True)
class LoadedModel:
    """A model that is ready to answer; `event` is the ModelLoaded that is sent."""

    header: gguf.GgufHeader
    template: str
    """The chat template; "" if neither the file nor the person has one."""
    model: LlamaModel
    context: LlamaContext
    scheduler: BatchScheduler
    draft: DraftModel | None
    marks: ThinkingMarks | None
    event: ModelLoaded
    untuned: Placement
    """Its placement without what was measured."""

    def __post_init__(self) -> None:
        """Take the costs of batches from what was measured before."""
        if self.event.tuning:
            self.use_tuning(self.event.tuning)

    @property
    def tool_template(self) -> str:
        """The file's own template for chats with tools; "" if there is none but the other."""
        is_own = self.template == self.header.chat_template
        return self.header.text("tokenizer.chat_template.tool_use") if is_own else ""

    def state_key(self, adapters: tuple[Adapter, ...]) -> str:
        """Return the key of everything that a saved state depends on."""
        placement = structs.replace(
            self.model.placement, threads=0, gpu_layers=0, device="", tensor_split=(), batch=0
        )
        parts = [
            self.event.fingerprint,
            llama_cpp.__version__,
            repr(placement),
            *(f"{_digest(adapter.path)} {adapter.scale}" for adapter in adapters),
        ]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()

    @property
    def main_device(self) -> str:
        """The device that computes most layers."""
        return main_device(self.model.placement, self.header.block_count + 1)

    def use_tuning(self, tuning: EngineTuning) -> None:
        """Take the costs of batches from a measurement."""
        self.event = structs.replace(self.event, tuning=tuning)
        placement = self.model.placement
        # The processor is timed with one thread, a card as a whole.
        threads = placement.threads if self.main_device == PROCESSOR else 1
        self.scheduler.slices.set_tuning(tuning, attention_kernel(placement), threads=threads)

    def tuned(self, requested: Placement, tuning: EngineTuning) -> Placement:
        """Return its placement with what was measured, as far as `requested` leaves it open."""
        return _with_threads(tuned_placement(self.untuned, requested, tuning))

    def change_placement(self, placement: Placement) -> bool:
        """Give the idle model an empty context of another placement; its weights stay.

        Returns whether there was enough memory; without it, the placement is the one before, or a
        smaller one if another program has taken its memory meanwhile.
        """
        before, key = self.model.placement, self.state_key(())
        self.context.close()
        self.context = load_with_fallback(placement, self._open_context, before)
        self.scheduler.replace_context(self.context, {key: self.state_key(())})
        context_memory = {each.device: each for each in llama_log.memory_by_device(list_devices())}
        self.event = structs.replace(
            self.event,
            context=self.context.size,
            threads=self.model.placement.threads,
            placement=self.model.placement,
            prompt_tokens_per_second=self.scheduler.prompt_tokens_per_second,
            memory=tuple(
                structs.replace(
                    each,
                    cache=context_memory[each.device].cache,
                    compute=context_memory[each.device].compute,
                )
                if each.device in context_memory
                else each
                for each in self.event.memory
            ),
        )
        return self.model.placement == placement

    def _open_context(self, placement: Placement) -> LlamaContext:
        """Return a context of another placement, or raise and free it."""
        self.model.placement = placement
        return _checked_context(self.model, self.context.flag)

    def close(self) -> None:
        """Free everything; waits until states are written."""
        self.scheduler.snapshots.close()
        if self.draft:
            self.draft.close()
        self.context.close()
        self.model.close()


def load_model(
    request: LoadModel, flag: AbortFlag, progress: Callable[[float], None] | None = None
) -> LoadedModel:
    """Load the model of a request, with less when memory runs out.

    `progress` is called with the share of the weights that is loaded. Raises ModelError,
    EngineError for a missing device, or Aborted when the flag was set.
    """
    started = time.perf_counter()
    header = _checked_header(request)
    untuned, wanted = _placements(request, header)
    ready = load_with_fallback(
        wanted, partial(_make_ready, request, header, flag, progress), untuned
    )
    model, scheduler = ready.model, ready.scheduler
    memory = llama_log.memory_by_device(list_devices())
    draft = _draft(request, model, flag)
    scheduler.drafter.set_draft_model(draft)
    _limit_snapshots(scheduler.snapshots, request)
    event = ModelLoaded(
        request_id=request.request_id,
        path=request.path,
        fingerprint=gguf.fingerprint(Path(request.path), header),
        context=ready.context.size,
        threads=model.placement.threads,
        prompt_tokens_per_second=scheduler.prompt_tokens_per_second,
        seconds=time.perf_counter() - started,
        placement=model.placement,
        draft=request.draft_path if draft else "",
        memory=memory,
        tried=None if model.placement in {wanted, untuned} else wanted,
        tuning=_known_tuning(request, header, model.placement),
    )
    template = request.template or header.chat_template
    marks = ThinkingMarks.from_template(template, model.vocabulary)
    untuned = untuned if event.tried is None else model.placement
    return LoadedModel(
        header, template, model, ready.context, scheduler, draft, marks, event, untuned
    )


def _checked_header(request: LoadModel) -> gguf.GgufHeader:
    header = gguf.read_header(Path(request.path))
    gguf.check_architecture(header, anyway=request.any_architecture)
    return header


def _placements(request: LoadModel, header: gguf.GgufHeader) -> tuple[Placement, Placement]:
    """Return what fits, and the same with what was measured to be faster."""
    untuned = _placement(header, request.placement)
    known = _known_tuning(request, header, untuned)
    return untuned, _placement(header, request.placement, known) if known else untuned


def _known_tuning(
    request: LoadModel, header: gguf.GgufHeader, placement: Placement
) -> EngineTuning | None:
    """Return what was measured of the device that a chosen placement uses most."""
    shape = model_shape(header)
    device = main_device(placement, header.block_count + 1)
    machine = machine_name(request.placement, device)
    return find_tuning(request.tunings, shape.name, machine) if shape else None


def _known_speed(request: LoadModel, header: gguf.GgufHeader, placement: Placement) -> float:
    """Return the tokens a second that were measured for reading, 0 where they were not.

    A card has to be tried: it makes some of its programs ready only then.
    """
    if main_device(placement, header.block_count + 1) != PROCESSOR:
        return 0.0
    tuning = _known_tuning(request, header, placement)
    timings = tuning.by_threads if tuning else ()
    timed = next((each for each in timings if each.threads == placement.threads), None)
    return 1 / timed.read if timed and timed.read > 0 else request.reading_speed


@dataclass(slots=True)
class _Ready:
    """A model with its context, which has read its first tokens."""

    model: LlamaModel
    context: LlamaContext
    scheduler: BatchScheduler

    @classmethod
    def create(
        cls,
        path: Path,
        placement: Placement,
        flag: AbortFlag,
        progress: Callable[[float], None] | None,
        known_speed: float,
        *,
        was_loaded: bool,
    ) -> Self:
        """Create it, or raise and free everything; its speed is measured unless it is known.

        What `was_loaded` on this machine before isn't tried: a first letter waits for it.
        """
        with ExitStack() as undo:
            model = LlamaModel(path, placement, flag, progress)
            undo.callback(model.close)
            context = LlamaContext(model, flag) if was_loaded else _checked_context(model, flag)
            undo.callback(context.close)
            scheduler = BatchScheduler(
                context,
                KvSnapshotStore(),
                flag,
                time.perf_counter,
                SpeculativeDrafter(model.vocabulary.ends_answer),
                known_speed,
            )
            undo.pop_all()
        return cls(model, context, scheduler)


def _make_ready(
    request: LoadModel,
    header: gguf.GgufHeader,
    flag: AbortFlag,
    progress: Callable[[float], None] | None,
    placement: Placement,
) -> _Ready:
    speed = _known_speed(request, header, placement)
    was_loaded = speed > 0 and request.reading_speed > 0
    path = Path(request.path)
    return _Ready.create(path, placement, flag, progress, speed, was_loaded=was_loaded)


def _checked_context(model: LlamaModel, flag: AbortFlag) -> LlamaContext:
    """Return a context that has its memory, or raise and free it."""
    with ExitStack() as undo:
        context = LlamaContext(model, flag)
        undo.callback(context.close)
        _reserve_output_memory(context)
        undo.pop_all()
    return context


def _reserve_output_memory(context: LlamaContext) -> None:
    """Decode with the most logits, so that memory runs out here and not in an answer."""
    count = min(MAX_OUTPUTS, context.batch.free_places)
    context.batch.add_tokens([0] * count, start=0, sequence=0, outputs=count)
    context.decode()
    context.truncate(0, 0)
    context.batch.clear()


def _limit_snapshots(snapshots: KvSnapshotStore, request: LoadModel) -> None:
    """Set where states are saved, and their limits on disk and in memory."""
    snapshots.configure_limits(
        request.states_folder, request.states_limit, available_memory() // MEMORY_SHARE
    )


def _draft(request: LoadModel, model: LlamaModel, flag: AbortFlag) -> DraftModel | None:
    """Load the draft model; None if there is none that matches."""
    if not request.draft_path or model.is_recurrent:
        return None
    path = Path(request.draft_path)
    with ExitStack() as undo:
        try:
            header = gguf.read_header(path)
            gguf.check_architecture(header)
            requested = structs.replace(
                request.placement, context=model.placement.context, sequences=1
            )
            small = LlamaModel(path, _placement(header, requested), flag)
            undo.callback(small.close)
            if small.is_recurrent or not small.vocabulary.is_same_as(model.vocabulary):
                return None
            draft = DraftModel(small, flag)
        except InglenookError:
            return None
        undo.pop_all()
    return draft


def _placement(
    header: gguf.GgufHeader, requested: Placement, tuning: EngineTuning | None = None
) -> Placement:
    placed = choose_placement(header, requested, list_devices(), available_memory(), tuning)
    return _with_threads(placed.placement)


def _with_threads(placement: Placement) -> Placement:
    """Return a placement with a number of threads, where it has none."""
    return structs.replace(placement, threads=choose_threads(placement.threads))


@cache
def _digest(path: str) -> str:
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
