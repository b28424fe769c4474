"""llama.cpp's log: warnings go to our log, sizes of allocated memory are kept."""

import ctypes
import logging
import re
from collections.abc import Iterable

import llama_cpp

from core.messages import Device, DeviceMemory

_log = logging.getLogger("llama.cpp")
_WARNING, _ERROR = 3, 4
_MIB = 1 << 20
_BUFFER = re.compile(r"(\S+) +(model|KV|RS|compute|output) buffer size = +([\d.]+) MiB")
"""How llama.cpp tells of each piece of memory; the binding has no other way to ask."""
_CACHE = re.compile(r": size = +([\d.]+) MiB \(")
_RAN_OUT = re.compile(
    r"(failed|unable) to allocate|out of memory|OutOf(Device|Host)Memory|allocation of .* failed",
    re.IGNORECASE,
)
"""What its backends say when there is no memory left (ggml-backend.cpp, ggml-vulkan.cpp, CUDA)."""

_pieces: list[tuple[str, str, int]] = []
_caches: list[int] = []
_complaints: list[str] = []


@llama_cpp.llama_log_callback  # type: ignore[untyped-decorator]
def _hear(level: int, text: bytes, _data: ctypes.c_void_p) -> None:
    line = text.decode(errors="replace").rstrip()
    if level in {_WARNING, _ERROR}:
        _log.warning("%s", line)
        _complaints.append(line)
    elif found := _BUFFER.search(line):
        _pieces.append((found[1], found[2], round(float(found[3]) * _MIB)))
    elif found := _CACHE.search(line):
        _caches.append(round(float(found[1]) * _MIB))


def start_capture() -> None:
    """Hear llama.cpp from now on, and forget the sizes heard before."""
    llama_cpp.llama_log_set(_hear, ctypes.c_void_p(0))
    for heard in (_pieces, _caches, _complaints):
        heard.clear()


def total_cache_bytes() -> int:
    """Return the bytes of all caches and states since `start_capture`, whether or not allocated."""
    return sum(_caches)


def ran_out_of_memory() -> bool:
    """Return whether llama.cpp has complained of too little memory since `start_capture`."""
    return any(_RAN_OUT.search(line) for line in _complaints)


def memory_by_device(devices: Iterable[Device]) -> tuple[DeviceMemory, ...]:
    """Return what was allocated since `start_capture`, main memory first, where there is any.

    A buffer is named for its device, with "_" and its sort behind it. What no card holds lies in
    main memory, as "CPU_Mapped", "CPU_REPACK" or memory lent by a card ("Vulkan_Host").
    """
    main, *cards = sorted(devices, key=lambda device: device.kind != "cpu")
    sizes: dict[str, dict[str, int]] = {}
    for buffer, use, size in _pieces:
        owner = next(
            (card for card in cards if buffer == card.name or buffer.startswith(f"{card.name}_")),
            main,
        )
        field = {"model": "weights", "KV": "cache", "RS": "cache"}.get(use, "compute")
        kept = sizes.setdefault(owner.name, {})
        kept[field] = kept.get(field, 0) + size
    return tuple(
        DeviceMemory(device=each.name, kind=each.kind, **sizes[each.name])
        for each in (main, *cards)
        if each.name in sizes
    )
