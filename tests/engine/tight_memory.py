"""Loads a model in a process that may have only so much memory; a program of its own.

Arguments: the file, the device, the bytes beyond what the process has when it begins (0: no
limit), the context.
Prints the placements that were tried, the last of which worked, as JSON.
"""

import json
import sys
from pathlib import Path

import psutil
from msgspec import structs

from core.engine.abort import AbortFlag
from core.engine.context import Context
from core.engine.devices import list_devices
from core.engine.model import Model
from core.engine.placement import place
from core.engine.stepping import stepping_down
from core.gguf import read_header
from core.messages import Placement


def main(path: Path, device: str, more: int, context: int) -> None:
    wish = Placement(context=context, threads=1, sequences=1, device=device)
    chosen = place(read_header(path), wish, list_devices(), 1 << 40).placement
    # Rearranged copies of weights would take another room on each kind of processor.
    placement = structs.replace(chosen, rearrange=False, map_file=True)
    tried: list[Placement] = []

    def make(smaller: Placement) -> None:
        tried.append(smaller)
        model = Model(path, smaller, AbortFlag())
        try:
            made = Context(model, AbortFlag())
            made.batch.add([1, 2], start=0, sequence=0, outputs=1)
            made.decode()
            made.close()
        finally:
            model.close()

    if more and sys.platform != "win32":
        import resource  # noqa: PLC0415 - Windows has none

        limit = psutil.Process().memory_info().vms + more
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    stepping_down(placement, make)
    steps = [(each.cache_keys, each.context, each.gpu_layers) for each in tried]
    sys.stdout.write(json.dumps(steps) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
