"""Free main memory for this program, limits of its container included."""

from pathlib import Path

_MEMORY = Path("/proc/meminfo")
_CGROUP = Path("/sys/fs/cgroup")


def available_memory() -> int:
    """Return the bytes this process may still use without pushing others out."""
    free = _free()
    limit = _cgroup_room()
    return free if limit is None else min(free, limit)


def _free() -> int:
    try:  # where Linux says it itself; psutil, which asks here too, loads for longer than it takes
        said = _MEMORY.read_text(encoding="ascii").partition("MemAvailable:")[2].split(maxsplit=2)
        return int(said[0]) * 1024
    except (OSError, ValueError, IndexError):
        import psutil  # noqa: PLC0415 - not for the first paint

        return int(psutil.virtual_memory().available)


def _cgroup_room() -> int | None:
    """Return what a container or unit still allows, None where there is no such limit."""
    try:
        group = Path("/proc/self/cgroup").read_text(encoding="ascii").strip().rpartition(":")[2]
        folder = _CGROUP / group.lstrip("/")
        limit = (folder / "memory.max").read_text(encoding="ascii").strip()
        used = int((folder / "memory.current").read_text(encoding="ascii"))
        return max(int(limit) - used, 0)
    except (OSError, ValueError):  # no cgroup v2, no such file, or "max"
        return None
