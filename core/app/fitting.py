"""Whether a model goes into this machine's memory, as the shelf asks it, and what is wished."""

from collections.abc import Callable

from msgspec import structs

from core import settings as declared
from core.engine.free_memory import available_memory
from core.engine.placement import plan_anyway
from core.gguf import Header
from core.messages import Device, Placement
from core.models.fits import Fit
from core.settings import Settings


def wish_of(settings: Settings) -> Placement:
    """Return what the settings say of a model's place in memory."""
    cache = str(settings.get(declared.CACHE_TYPE))
    return Placement(
        context=settings.get(declared.CONTEXT),
        threads=settings.get(declared.THREADS),
        device=settings.get(declared.DEVICE),
        gpu_layers=settings.get(declared.GPU_LAYERS),
        cache_keys=cache,
        cache_values=cache,
        flash_attention=settings.get(declared.FLASH_ATTENTION),
    )


MEMORY_STEP = 256 << 20
"""Whether a model fits is looked at anew when so much more or less memory is free."""


def plan_key(
    wish: Callable[[str], Placement], devices: Callable[[], tuple[Device, ...]]
) -> Callable[[str], str]:
    """Return what names all that the plan of a file at a path depends on, apart from the file."""

    def key(path: str) -> str:
        free = [(device.name, device.free // MEMORY_STEP) for device in devices()]
        return f"{wish(path)} {available_memory() // MEMORY_STEP} {free}"

    return key


def fits_with(
    wish: Callable[[str], Placement], devices: Callable[[], tuple[Device, ...]]
) -> Callable[[Header], Fit]:
    """Return the shelf's question, for what is wished and known when it is asked.

    A device that is wished for but not listed (yet) counts as none.
    """

    def fit(header: Header) -> Fit:
        known, wished = devices(), wish(header.path)
        if wished.device not in {"auto", "cpu", *(device.name for device in known)}:
            wished = structs.replace(wished, device="auto")
        plan = plan_anyway(header, wished, known, available_memory()).plan
        return Fit(plan.verdict, plan.total)

    return fit
