"""Dry run: llama.cpp allocates a model without its weights, to measure intermediate results."""

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
    """Return `plan` with intermediate results and caches as llama.cpp reports them.

    None when it refuses. It may also end the process, so this runs in a child of its own. Weights
    are not read, and `no_alloc` reports no sizes for them: those stay as planned. Only the sum of
    the caches is reported, which is divided among the devices as planned. llama.cpp allocates
    logits as they are needed, so the missing bytes are added.
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
    reported = {each.device: each.compute for each in llama_log.memory_by_device(list_devices())}
    caches = llama_log.total_cache_bytes()
    missing_logits = _missing_logits(model, placement)
    llama_cpp.llama_free(context)
    llama_cpp.llama_model_free(model)
    planned = sum(device.cache for device in plan.devices)
    devices = [
        structs.replace(
            device,
            compute=reported.get(device.device, 0)
            + (missing_logits if device.kind == "cpu" else 0),
            cache=device.cache * caches // planned if planned else device.cache,
        )
        for device in plan.devices
    ]
    return structs.replace(plan, devices=tuple(devices), measured=True)


def _missing_logits(model: int, placement: Placement) -> int:
    """Return the bytes of the logits that a new context has not allocated yet."""
    tokens = llama_cpp.llama_vocab_n_tokens(llama_cpp.llama_model_get_vocab(model))
    return int(max(MAX_OUTPUTS - placement.sequences, 0) * tokens * ctypes.sizeof(ctypes.c_float))
