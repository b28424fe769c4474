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
"""llama.cpp's log line for each buffer; the binding has no function for it."""
_CACHE = re.compile(r": size = +([\d.]+) MiB \(")
_RAN_OUT = re.compile(
    r"(failed|unable) to allocate|out of memory|OutOf(Device|Host)Memory|allocation of .* failed",
    re.IGNORECASE,
)
"""Messages of its backends when memory runs out (ggml-backend.cpp, ggml-vulkan.cpp, CUDA)."""

_buffers: list[tuple[str, str, int]] = []
_caches: list[int] = []
_warnings: list[str] = []


@llama_cpp.llama_log_callback  # type: ignore[untyped-decorator]
def _on_log(level: int, text: bytes, _data: ctypes.c_void_p) -> None:
    line = text.decode(errors="replace").rstrip()
    if level in {_WARNING, _ERROR}:
        _log.warning("%s", line)
        _warnings.append(line)
    elif found := _BUFFER.search(line):
        _buffers.append((found[1], found[2], round(float(found[3]) * _MIB)))
    elif found := _CACHE.search(line):
        _caches.append(round(float(found[1]) * _MIB))


def start_capture() -> None:
    """Capture llama.cpp's log from now on, and drop the sizes captured before."""
    llama_cpp.llama_log_set(_on_log, ctypes.c_void_p(0))
    for captured in (_buffers, _caches, _warnings):
        captured.clear()


def total_cache_bytes() -> int:
    """Return the bytes of all caches and states since `start_capture`, whether or not allocated."""
    return sum(_caches)


def ran_out_of_memory() -> bool:
    """Return whether llama.cpp has reported too little memory since `start_capture`."""
    return any(_RAN_OUT.search(line) for line in _warnings)


def memory_by_device(devices: Iterable[Device]) -> tuple[DeviceMemory, ...]:
    """Return the memory allocated since `start_capture`, main memory first.

    A buffer's name is that of its device, "_" and its kind. All others are in main memory:
    "CPU_Mapped", "CPU_REPACK" or host memory of a card ("Vulkan_Host").
    """
    main, *cards = sorted(devices, key=lambda device: device.kind != "cpu")
    sizes: dict[str, dict[str, int]] = {}
    for buffer, use, size in _buffers:
        owner = next(
            (card for card in cards if buffer == card.name or buffer.startswith(f"{card.name}_")),
            main,
        )
        field = {"model": "weights", "KV": "cache", "RS": "cache"}.get(use, "compute")
        device_sizes = sizes.setdefault(owner.name, {})
        device_sizes[field] = device_sizes.get(field, 0) + size
    return tuple(
        DeviceMemory(device=each.name, kind=each.kind, **sizes[each.name])
        for each in (main, *cards)
        if each.name in sizes
    )
