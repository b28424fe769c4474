"""What is known of processors and graphics cards, and how much memory a model takes on each."""

from msgspec import Struct


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
