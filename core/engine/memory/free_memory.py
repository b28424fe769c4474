"""Main memory of this program: what is free, and all there is; limits of containers included."""

from pathlib import Path

_MEMORY = Path("/proc/meminfo")
_CGROUP = Path("/sys/fs/cgroup")


def available_memory() -> int:
    """Return the bytes that this process may still use without making the system swap."""
    free = _system_memory("MemAvailable")
    limits = _cgroup_memory()
    return free if limits is None else min(free, max(limits[0] - limits[1], 0))


def total_memory() -> int:
    """Return the bytes of main memory of this computer, or of the container it runs in."""
    total = _system_memory("MemTotal")
    limits = _cgroup_memory()
    return total if limits is None else min(total, limits[0])


def _system_memory(line: str) -> int:
    try:  # on Linux; psutil reads the same file, but its import takes longer than this
        text = _MEMORY.read_text(encoding="ascii").partition(f"{line}:")[2].split(maxsplit=2)
        return int(text[0]) * 1024
    except (OSError, ValueError, IndexError):
        import psutil  # noqa: PLC0415 - not for the first paint

        memory = psutil.virtual_memory()
        return int(memory.total if line == "MemTotal" else memory.available)


def _cgroup_memory() -> tuple[int, int] | None:
    """Return what a container or systemd unit allows and uses, in bytes, None without a limit."""
    try:
        group = Path("/proc/self/cgroup").read_text(encoding="ascii").strip().rpartition(":")[2]
        folder = _CGROUP / group.lstrip("/")
        limit = (folder / "memory.max").read_text(encoding="ascii").strip()
        used = int((folder / "memory.current").read_text(encoding="ascii"))
        return int(limit), used
    except (OSError, ValueError):  # no cgroup v2, no such file, or "max"
        return None
