"""How much of this process really lies in memory, as the system counts it."""

from pathlib import Path

import psutil


def anonymous_bytes(pid: int | None = None) -> int:
    """Return the bytes of a process (None: this one) that no file stands behind."""
    process = psutil.Process(pid)
    rollup = _rollup(process.pid)
    if "Anonymous" in rollup:
        return rollup["Anonymous"]
    return int(getattr(process.memory_full_info(), "uss", process.memory_info().rss))


def _rollup(pid: int) -> dict[str, int]:
    """Return Linux's sums over all mappings of a process, in bytes; empty elsewhere."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()[1:]
    except OSError:
        return {}
    fields = (line.split() for line in lines)
    return {name.rstrip(":"): int(number) * 1024 for name, number, *_unit in fields}
