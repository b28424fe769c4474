"""Memory fit of a model on this machine, for the placement that the settings request."""

from collections.abc import Callable

from msgspec import structs

from core.base.settings import app_settings as declared
from core.base.settings.app_settings import Settings
from core.engine.memory.free_memory import available_memory
from core.engine.memory.placement_planner import choose_or_minimal_placement
from core.gguf import GgufHeader
from core.messages import Device, Placement
from core.models.info.model_fit_cache import ModelFit


def placement_from_settings(settings: Settings) -> Placement:
    """Return what the settings say of a model's place in memory."""
    cache = str(settings.get_value(declared.CACHE_TYPE))
    return Placement(
        context=settings.get_value(declared.CONTEXT),
        threads=settings.get_value(declared.THREADS),
        device=settings.get_value(declared.DEVICE),
        gpu_layers=settings.get_value(declared.GPU_LAYERS),
        cache_keys=cache,
        cache_values=cache,
        flash_attention=settings.get_value(declared.FLASH_ATTENTION),
    )


MEMORY_STEP = 256 << 20
"""Whether a model fits is looked at anew when so much more or less memory is free."""


def memory_plan_key(
    wish: Callable[[str], Placement], devices: Callable[[], tuple[Device, ...]]
) -> Callable[[str], str]:
    """Return what names all that the plan of a file at a path depends on, apart from the file."""

    def key(path: str) -> str:
        free = [(device.name, device.free // MEMORY_STEP) for device in devices()]
        return f"{wish(path)} {available_memory() // MEMORY_STEP} {free}"

    return key


def memory_fit_checker(
    wish: Callable[[str], Placement], devices: Callable[[], tuple[Device, ...]]
) -> Callable[[GgufHeader], ModelFit]:
    """Return the shelf's question, for what is wished and known when it is asked.

    A device that is wished for but not listed (yet) counts as none.
    """

    def fit(header: GgufHeader) -> ModelFit:
        known, wished = devices(), wish(header.path)
        if wished.device not in {"auto", "cpu", *(device.name for device in known)}:
            wished = structs.replace(wished, device="auto")
        plan = choose_or_minimal_placement(header, wished, known, available_memory()).plan
        return ModelFit(plan.verdict, plan.total)

    return fit
