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

from core.engine.devices.device_list import list_devices
from core.engine.llama.abort_flag import AbortFlag
from core.engine.llama.llama_context import LlamaContext
from core.engine.llama.llama_model import LlamaModel
from core.engine.memory.placement_planner import choose_placement
from core.engine.runtime.model_loading import load_with_fallback
from core.gguf import read_header
from core.messages import Placement


def main(path: Path, device: str, more: int, context: int) -> None:
    requested = Placement(context=context, threads=1, sequences=1, device=device)
    chosen = choose_placement(read_header(path), requested, list_devices(), 1 << 40).placement
    # Rearranged copies of weights would take another room on each kind of processor.
    placement = structs.replace(chosen, rearrange=False, map_file=True)
    tried: list[Placement] = []

    def make(smaller: Placement) -> None:
        tried.append(smaller)
        model = LlamaModel(path, smaller, AbortFlag())
        try:
            made = LlamaContext(model, AbortFlag())
            made.batch.add_tokens([1, 2], start=0, sequence=0, outputs=1)
            made.decode()
            made.close()
        finally:
            model.close()

    if more and sys.platform != "win32":
        import resource  # noqa: PLC0415 - Windows has none

        limit = psutil.Process().memory_info().vms + more
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    load_with_fallback(placement, make, placement)
    steps = [(each.cache_keys, each.context, each.gpu_layers) for each in tried]
    sys.stdout.write(json.dumps(steps) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
