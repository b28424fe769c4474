"""Lets llama.cpp lay a model out without its weights, to see what intermediate results take."""

from pathlib import Path

import llama_cpp
from msgspec import structs

from core.engine import native_log
from core.engine.devices import list_devices
from core.engine.native_parameters import context_parameters, model_parameters
from core.engine.resident import anonymous_bytes
from core.messages import MemoryPlan, Placement


def dry_run(path: Path, placement: Placement, plan: MemoryPlan) -> MemoryPlan | None:
    """Return `plan` with intermediate results, caches and program as llama.cpp gives them.

    None when it refuses. It can also end the process, so this runs in a child that is thrown away.
    Weights aren't read, and without them `no_alloc` knows no sizes: they stay as planned. Of the
    caches it tells the sum alone; each device keeps its share of it.
    """
    native_log.listen()
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
    heard = {each.device: each.compute for each in native_log.memory_by_device(list_devices())}
    caches, program = native_log.cache_total(), anonymous_bytes()
    llama_cpp.llama_free(context)
    llama_cpp.llama_model_free(model)
    planned = sum(device.cache for device in plan.devices)
    devices = [
        structs.replace(
            device,
            compute=heard.get(device.device, 0),
            cache=device.cache * caches // planned if planned else device.cache,
            program=program if device.kind == "cpu" else 0,
        )
        for device in plan.devices
    ]
    return structs.replace(plan, devices=tuple(devices), measured=True)
