"""Messages of the planner child: devices, placements and what models take."""

from typing import Never

from msgspec import Struct

from core.messages.common_messages import Cancel, Failed, FinalMessage, Hello, Message, Request
from core.messages.tuning_messages import EngineTuning


class Placement(Message, frozen=True, kw_only=True):
    """How a model is laid out in memory: as requested (0, -1, "auto": choose), or as chosen.

    `context` is in tokens and shared by all sequences. `cache_keys` and `cache_values` are f16,
    q8_0 or q4_0. `device` is "auto", "cpu" or a device's name; `tensor_split` the share of layers
    for each graphics card; `experts_on_cpu` how many layers keep their experts in main memory.
    A chosen `device` is "cpu" or names, parted by commas, in the order of `tensor_split`.
    `batch` is the most tokens of a prompt that are read at once. `short_windows`: layers that look
    at a window keep cells for that, and not for the whole context.
    `avoid` names graphics cards, by backend and description, that “auto” does not choose.
    `map_file`: use the weights in the mapped file, or (false) copy them into memory.
    `rearrange`: let the processor keep copies of weights that it multiplies faster.
    """

    context: int = 0
    threads: int = 0
    sequences: int = 0
    device: str = "auto"
    gpu_layers: int = -1
    tensor_split: tuple[float, ...] = ()
    experts_on_cpu: int = -1
    cache_keys: str = "auto"
    cache_values: str = "auto"
    flash_attention: str = "auto"
    batch: int = 0
    short_windows: bool = False
    map_file: bool = True
    rearrange: bool = True
    avoid: tuple[str, ...] = ()


class Device(Struct, frozen=True, kw_only=True):
    """A processor or graphics card, as llama.cpp lists it; `total` and `free` are bytes.

    `kind` is cpu, gpu (memory of its own), igpu (shares main memory) or accel (helps the
    processor, such as BLAS). `repacks` names the tensor types of which the processor keeps a
    second, rearranged copy, because it multiplies those faster.
    """

    name: str
    description: str
    backend: str
    kind: str
    total: int
    free: int
    repacks: tuple[str, ...] = ()

    @property
    def is_card(self) -> bool:
        """Whether it is a graphics card, of its own or in the processor."""
        return self.kind in {"gpu", "igpu"}


class SkippedBackend(Struct, frozen=True, kw_only=True):
    """A backend of llama.cpp that is not used on this machine.

    `reason` is "library" (a system library is missing, `detail` names it), "machine" (the
    processor can't run it), "no_device", "refused" (by llama.cpp), "pack" (made for another ggml:
    `detail` holds its version and ours), "crashed" (it ended the child that listed the devices) or
    "off" (only the processor is wanted).
    """

    backend: str
    reason: str
    detail: str = ""


class DeviceMemory(Struct, frozen=True, kw_only=True):
    """Bytes on one device: weights, cache (keys, values, states) and intermediate results.

    `program` is the memory of the process itself, its vocabulary included; `free` the free memory
    before loading, 0 if unknown.
    """

    device: str
    kind: str
    weights: int = 0
    cache: int = 0
    compute: int = 0
    program: int = 0
    free: int = 0

    @property
    def total(self) -> int:
        """The sum, in bytes."""
        return self.weights + self.cache + self.compute + self.program


class MemoryPlan(Struct, frozen=True, kw_only=True):
    """Memory of a model with a context of so many tokens, main memory first.

    `verdict` is "yes" (it fits, and a reserve stays free), "tight" (it just fits) or "no". With
    `measured`, intermediate results and caches come from a dry run, else they are computed.
    """

    context: int
    devices: tuple[DeviceMemory, ...]
    verdict: str
    measured: bool = False

    @property
    def total(self) -> int:
        """Bytes on all devices together."""
        return sum(device.total for device in self.devices)


class ListDevices(Request[Never, "DevicesListed"], frozen=True, kw_only=True):
    """Ask for the devices as they are now."""


class PlanModel(Request[Never, "ModelPlanned"], frozen=True, kw_only=True):
    """Ask for the placement and memory of a GGUF file, without loading it.

    With `dry_run`, llama.cpp allocates it as well, which may end the child.
    """

    path: str
    placement: Placement = Placement()
    dry_run: bool = True
    any_architecture: bool = False
    tunings: tuple[EngineTuning, ...] = ()
    """What was measured on this machine so far."""


class DevicesListed(FinalMessage, frozen=True, kw_only=True):
    """All devices in llama.cpp's order, and the backends without a device."""

    devices: tuple[Device, ...]
    skipped: tuple[SkippedBackend, ...] = ()


class ModelPlanned(FinalMessage, frozen=True, kw_only=True):
    """Placement and memory of a model; nothing was loaded.

    `layers` counts the outputs as one; `expert_layers` are those with experts.
    """

    path: str
    placement: Placement
    plan: MemoryPlan
    layers: int
    expert_layers: int


PlannerRequest = ListDevices | PlanModel | Cancel
PlannerEvent = Hello | DevicesListed | ModelPlanned | Failed
