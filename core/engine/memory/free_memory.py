"""Free main memory for this program, limits of its container included."""

from pathlib import Path

_MEMORY = Path("/proc/meminfo")
_CGROUP = Path("/sys/fs/cgroup")


def available_memory() -> int:
    """Return the bytes that this process may still use without making the system swap."""
    free = _free()
    limit = _cgroup_limit()
    return free if limit is None else min(free, limit)


def _free() -> int:
    try:  # on Linux; psutil reads the same file, but its import takes longer than this
        text = _MEMORY.read_text(encoding="ascii").partition("MemAvailable:")[2].split(maxsplit=2)
        return int(text[0]) * 1024
    except (OSError, ValueError, IndexError):
        import psutil  # noqa: PLC0415 - not for the first paint

        return int(psutil.virtual_memory().available)


def _cgroup_limit() -> int | None:
    """Return the bytes that a container or systemd unit still allows, None without a limit."""
    try:
        group = Path("/proc/self/cgroup").read_text(encoding="ascii").strip().rpartition(":")[2]
        folder = _CGROUP / group.lstrip("/")
        limit = (folder / "memory.max").read_text(encoding="ascii").strip()
        used = int((folder / "memory.current").read_text(encoding="ascii"))
        return max(int(limit) - used, 0)
    except (OSError, ValueError):  # no cgroup v2, no such file, or "max"
        return None
