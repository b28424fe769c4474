"""Messages between the front end and the planner child: devices, memory plans of models."""

from typing import Never

from msgspec import Struct

from core.messages.common_messages import Cancel, Failed, FinalMessage, Hello, Request
from core.messages.placement_messages import Placement


class Device(Struct, frozen=True, kw_only=True):
    """A processor or graphics card as llama.cpp sees it; `total` and `free` are bytes.

    `kind` is cpu, gpu (memory of its own), igpu (shares main memory) or accel (helps the
    processor, such as BLAS). `repacks` names the tensor types the processor keeps a second,
    rearranged copy of, because it multiplies those faster.
    """

    name: str
    description: str
    backend: str
    kind: str
    total: int
    free: int
    repacks: tuple[str, ...] = ()


class SkippedBackend(Struct, frozen=True, kw_only=True):
    """A backend of llama.cpp that this machine makes no use of.

    `reason` is "library" (one of the system's is missing, `detail` names it), "machine" (the
    processor can't run it), "no_device", "refused" (llama.cpp took it not), "pack" (made for
    another ggml: `detail` holds its version and ours), "crashed" (it ended the child that looked)
    or "off" (nothing but the processor is wanted).
    """

    backend: str
    reason: str
    detail: str = ""


class DeviceMemory(Struct, frozen=True, kw_only=True):
    """Bytes on one device: weights, cache (keys, values, states) and intermediate results.

    `program` is what the process itself takes in main memory, its vocabulary included; `free` what
    was free before, 0 where nobody asked.
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
        """All of it, in bytes."""
        return self.weights + self.cache + self.compute + self.program


class MemoryPlan(Struct, frozen=True, kw_only=True):
    """What a model with a context of so many tokens takes, main memory first.

    `verdict` is "yes" (fits with something to spare), "tight" (just fits) or "no". `measured`:
    intermediate results and program are from a dry run, not computed.
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
    """Ask for the devices; DevicesListed answers."""


class PlanModel(Request[Never, "ModelPlanned"], frozen=True, kw_only=True):
    """Ask where a GGUF file would lie, without loading it; ModelPlanned answers.

    `dry_run` has llama.cpp lay it out as well, which may end the child.
    """

    path: str
    placement: Placement = Placement()
    dry_run: bool = True
    any_architecture: bool = False


class DevicesListed(FinalMessage, frozen=True, kw_only=True):
    """All devices, in llama.cpp's order."""

    devices: tuple[Device, ...]
    skipped: tuple[SkippedBackend, ...] = ()


class ModelPlanned(FinalMessage, frozen=True, kw_only=True):
    """Where a model would lie and what it would take; nothing was loaded.

    `layers` counts the outputs as one; `expert_layers` are those with experts.
    """

    path: str
    placement: Placement
    plan: MemoryPlan
    layers: int
    expert_layers: int


PlannerRequest = ListDevices | PlanModel | Cancel
PlannerEvent = Hello | DevicesListed | ModelPlanned | Failed
