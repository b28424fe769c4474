"""NVIDIA device: the device file that CUDA opens, made before a sealed child looks for it.

Where no udev rule makes it, CUDA runs a setuid program of the driver for that; a sealed child can
run none.
"""

import contextlib
import functools
import shutil
import sys
from pathlib import Path

_DRIVER = Path("/proc/driver/nvidia/version")
_DEVICE = Path("/dev/nvidia-uvm")
_PROGRAM = "nvidia-modprobe"
_MOST_SECONDS = 5.0


@functools.cache
def make_nvidia_device() -> None:
    """Have the driver's own program make what is missing, if it is there; tried once."""
    if sys.platform != "linux" or not _DRIVER.exists() or _DEVICE.exists():
        return
    program = shutil.which(_PROGRAM)
    if program is None:
        return
    import subprocess  # noqa: PLC0415 - few computers need it

    with contextlib.suppress(OSError, subprocess.SubprocessError):
        subprocess.run(
            [program, "-u", "-c=0"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_MOST_SECONDS,
            check=False,
        )
