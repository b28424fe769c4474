"""Placement message: how a model is laid out in memory."""

from core.messages.common_messages import Message


class Placement(Message, frozen=True, kw_only=True):
    """How a model is laid out in memory: as requested (0, -1, "auto": choose), or as chosen.

    `context` is in tokens and shared by all sequences. `cache_keys` and `cache_values` are f16,
    q8_0 or q4_0. `device` is "auto", "cpu" or a device's name; `tensor_split` the share of layers
    for each graphics card; `experts_on_cpu` how many layers keep their experts in main memory.
    A chosen `device` is "cpu" or names, parted by commas, in the order of `tensor_split`.
    `avoid` names graphics cards, by backend and description, that “auto” does not choose.
    `map_file`: use the weights in the mapped file, or (false) copy them into memory.
    `rearrange`: let the processor keep copies of weights that it multiplies faster.
    """

    context: int = 0
    threads: int = 0
    sequences: int = 0
    device: str = "auto"
    gpu_layers: int = -1
    tensor_split: tuple[float, ...] = ()
    experts_on_cpu: int = -1
    cache_keys: str = "auto"
    cache_values: str = "auto"
    flash_attention: str = "auto"
    map_file: bool = True
    rearrange: bool = True
    avoid: tuple[str, ...] = ()
