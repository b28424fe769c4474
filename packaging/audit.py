"""The release's gate: no locked package has a known hole, but those that are explained here.

    python packaging/audit.py

Needs pip-audit (locks/tools.txt) and the package index, which it asks for advisories. A package
that nobody could look up fails the gate as well: silence is no all-clear.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

LOCKS = Path(__file__).resolve().parent / "locks"
ACCEPTED = {
    # diskcache unpickles what it finds in its folder; llama-cpp-python imports it for
    # LlamaDiskCache, which is never made here, and no such folder exists.
    "CVE-2025-69872": "diskcache is imported by llama_cpp and never used",
}
"""Holes by name, each with the reason why it can't be reached in this program."""
ELSEWHERE = frozenset({"torch"})
"""Its build for the processor comes from an index of its own, whose versions PyPI doesn't know."""


def main() -> int:
    """Look at every lock; 1 if one has something that is not explained."""
    complaints = [
        f"{lock.name}: {complaint}"
        for lock in sorted(LOCKS.glob("*.txt"))
        for complaint in complaints_about(_audit(lock))
    ]
    for complaint in complaints:
        print(complaint)
    return 1 if complaints else 0


def complaints_about(report: dict[str, Any]) -> Iterator[str]:
    """Yield what pip-audit's JSON report holds against a lock."""
    for package in report["dependencies"]:
        name = package["name"]
        if "skip_reason" in package and name not in ELSEWHERE:
            yield f"{name} could not be looked up ({package['skip_reason']})"
        for hole in package.get("vulns", ()):
            if not {hole["id"], *hole["aliases"]} & ACCEPTED.keys():
                yield f"{name} {package['version']} has {hole['id']}"


def _audit(lock: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "pip_audit", "--disable-pip", "--require-hashes"]
    command += ["--format", "json", "--progress-spinner", "off", "-r", str(lock)]
    done = subprocess.run(command, check=False, stdout=subprocess.PIPE)
    report: dict[str, Any] = json.loads(done.stdout)
    return report


if __name__ == "__main__":
    sys.exit(main())
