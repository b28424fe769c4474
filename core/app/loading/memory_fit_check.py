"""Memory fit of a model on this machine, for the placement that the settings request."""

from collections.abc import Callable

from msgspec import structs

from core.app.loading.load_options import LoadOptions
from core.app.loading.tuning_store import TuningStore
from core.engine.memory.attention_shape import model_shape
from core.engine.memory.free_memory import available_memory
from core.engine.memory.placement_planner import choose_or_minimal_placement
from core.engine.memory.placement_tuning import find_tuning
from core.gguf import GgufHeader
from core.models.info.model_fit_cache import ModelFit

MEMORY_STEP = 256 << 20
"""Whether a model fits is computed again when so much more or less memory is free."""


def memory_plan_key(load_options: LoadOptions) -> Callable[[str], str]:
    """Return what names all that the plan of a file at a path depends on, apart from the file."""

    def key(path: str) -> str:
        placement = load_options.configured_placement(path)
        free = [(device.name, device.free // MEMORY_STEP) for device in load_options.known_devices]
        return f"{placement} {available_memory() // MEMORY_STEP} {free}"

    return key


def memory_fit_checker(
    load_options: LoadOptions, tunings: TuningStore
) -> Callable[[GgufHeader], ModelFit]:
    """Return what checks whether a model fits, with the settings and devices of that moment.

    A device that is set but not listed (yet) counts as none.
    """

    def fit(header: GgufHeader) -> ModelFit:
        devices = load_options.known_devices
        placement = load_options.configured_placement(header.path)
        if placement.device not in {"auto", "cpu", *(device.name for device in devices)}:
            placement = structs.replace(placement, device="auto")
        shape = model_shape(header)
        tuning = find_tuning(tunings.tunings, shape.name) if shape else None
        plan = choose_or_minimal_placement(
            header, placement, devices, available_memory(), tuning
        ).plan
        return ModelFit(plan.verdict, plan.total)

    return fit
