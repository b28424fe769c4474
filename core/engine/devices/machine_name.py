"""Name of this machine for measurements: they are made anew when a part of it changes."""

import llama_cpp

from core.engine.devices.device_list import choose_threads, list_devices
from core.engine.devices.ggml_functions import load_ggml_functions
from core.messages import Placement

_PROBE = "probe 2"
"""What is timed, and how: one of an earlier program is made anew."""


def machine_name(requested: Placement, device: str) -> str:
    """Return program, processor and cards, what the placement says of them, and what was timed.

    `device` is that: with more layers on the processor, other attention may be faster.
    """
    ggml = (load_ggml_functions().ggml_version() or b"").decode(errors="replace")
    devices = [
        f"{device.backend} {device.description} {device.total >> 20}" for device in list_devices()
    ]
    threads = choose_threads(requested.threads)
    asked = (requested.device, f"{threads} threads", device)
    parts = (llama_cpp.__version__, ggml, *devices, *asked, _PROBE)
    return "; ".join(parts)
