"""Dry run: llama.cpp lays a model out without its weights, to measure intermediate results."""

import ctypes
from pathlib import Path

import llama_cpp
from msgspec import structs

from core.engine.devices.device_list import list_devices
from core.engine.llama import llama_log
from core.engine.llama.llama_parameters import context_parameters, model_parameters
from core.engine.memory.compute_buffers import MAX_OUTPUTS
from core.messages import MemoryPlan, Placement


def dry_run(path: Path, placement: Placement, plan: MemoryPlan) -> MemoryPlan | None:
    """Return `plan` with intermediate results and caches as llama.cpp gives them.

    None when it refuses. It can also end the process, so this runs in a child that is thrown away.
    Weights aren't read, and without them `no_alloc` knows no sizes: they stay as planned. Of the
    caches it tells the sum alone; each device keeps its share of it. Logits get room as they are
    needed, so what is missing of that is added.
    """
    llama_log.start_capture()
    native = model_parameters(placement)
    native.parameters.no_alloc = True
    # Mapping a file and not allocating exclude each other: llama.cpp would end the process.
    native.parameters.load_mode = llama_cpp.LLAMA_LOAD_MODE_NONE
    model = llama_cpp.llama_model_load_from_file(str(path).encode(), native.parameters)
    if not model:
        return None
    context = llama_cpp.llama_init_from_model(model, context_parameters(placement))
    if not context:
        llama_cpp.llama_model_free(model)
        return None
    heard = {each.device: each.compute for each in llama_log.memory_by_device(list_devices())}
    caches = llama_log.total_cache_bytes()
    more_logits = _more_logits(model, placement)
    llama_cpp.llama_free(context)
    llama_cpp.llama_model_free(model)
    planned = sum(device.cache for device in plan.devices)
    devices = [
        structs.replace(
            device,
            compute=heard.get(device.device, 0) + (more_logits if device.kind == "cpu" else 0),
            cache=device.cache * caches // planned if planned else device.cache,
        )
        for device in plan.devices
    ]
    return structs.replace(plan, devices=tuple(devices), measured=True)


def _more_logits(model: int, placement: Placement) -> int:
    """Return the bytes of the logits that a new context has no room for yet."""
    tokens = llama_cpp.llama_vocab_n_tokens(llama_cpp.llama_model_get_vocab(model))
    return int(max(MAX_OUTPUTS - placement.sequences, 0) * tokens * ctypes.sizeof(ctypes.c_float))
