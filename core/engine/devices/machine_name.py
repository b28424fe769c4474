"""Name of this machine for measurements: they are made anew when a part of it changes."""

import llama_cpp

from core.engine.devices.device_list import choose_threads, list_devices
from core.engine.devices.ggml_functions import load_ggml_functions
from core.messages import Placement


def machine_name(requested: Placement) -> str:
    """Return program, processor and cards, and what the placement says of devices and threads."""
    ggml = (load_ggml_functions().ggml_version() or b"").decode(errors="replace")
    devices = [
        f"{device.backend} {device.description} {device.total >> 20}" for device in list_devices()
    ]
    threads = choose_threads(requested.threads)
    parts = (llama_cpp.__version__, ggml, *devices, requested.device, f"{threads} threads")
    return "; ".join(parts)
