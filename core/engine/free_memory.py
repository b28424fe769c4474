"""How much main memory is free for this program."""

from pathlib import Path

_CGROUP = Path("/sys/fs/cgroup")


def available_memory() -> int:
    """Return the bytes this process may still use without pushing others out."""
    import psutil  # noqa: PLC0415 - not for the first paint

    free = int(psutil.virtual_memory().available)
    limit = _cgroup_room()
    return free if limit is None else min(free, limit)


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
