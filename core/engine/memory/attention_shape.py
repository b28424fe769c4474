"""Attention layers of a model by kind, read from its header: what a timing depends on."""

from msgspec import Struct

from core.engine.memory.model_footprint import (
    compute_footprint,
    is_input_tensor,
    layer_windows,
)
from core.gguf import GgufHeader, TensorInfo


class AttentionShape(Struct, frozen=True, order=True):
    """So many `layers` with the same heads; `window` is how far back they look, 0 for all."""

    layers: int
    heads: int
    kv_heads: int
    key_length: int
    value_length: int
    window: int = 0


class ModelShape(Struct, frozen=True):
    """What is timed: attention by kind, and a matrix that stands for all weights.

    `columns` and `rows` are of a tensor of the type `type_id` that most weights have; a batch
    multiplies `weight_bytes` in all.
    """

    attention: tuple[AttentionShape, ...]
    type_id: int
    columns: int
    rows: int
    weight_bytes: int

    @property
    def name(self) -> str:
        """A name that is the same for all models of this shape."""
        kinds = ",".join(
            f"{kind.layers}x{kind.heads}/{kind.kv_heads}x{kind.key_length}+{kind.value_length}"
            + (f"w{kind.window}" if kind.window else "")
            for kind in self.attention
        )
        return f"{kinds};{self.type_id}:{self.columns}x{self.rows};{self.weight_bytes >> 20}"


def model_shape(header: GgufHeader) -> ModelShape | None:
    """Return what is timed for a model; None for one whose attention is of another kind.

    That is latent attention, and recurrent layers: llama.cpp's defaults stay there.
    """
    if header.architecture_number("attention.key_length_mla") or not header.head_count:
        return None
    if any(layer.state or not layer.keys for layer in compute_footprint(header).layers):
        return None
    matrix = _typical_matrix(header)
    if matrix is None:
        return None
    return ModelShape(
        attention=_attention_kinds(header),
        type_id=matrix.type_id,
        columns=matrix.shape[0],
        rows=matrix.shape[1],
        weight_bytes=sum(
            tensor.size
            for tensor in header.tensors
            if len(tensor.shape) == 2 and not is_input_tensor(tensor)
        ),
    )


def _attention_kinds(header: GgufHeader) -> tuple[AttentionShape, ...]:
    windows = layer_windows(header)
    heads = header.numbers_per_layer("attention.head_count")
    counts: dict[tuple[int, ...], int] = {}
    for key in zip(
        heads,
        header.kv_head_counts,
        header.key_lengths,
        header.value_lengths,
        windows,
        strict=True,
    ):
        counts[key] = counts.get(key, 0) + 1
    return tuple(sorted(AttentionShape(count, *key) for key, count in counts.items()))


def _typical_matrix(header: GgufHeader) -> TensorInfo | None:
    """Return the largest matrix of a layer; None without one."""
    matrices = [
        tensor
        for tensor in header.tensors
        if len(tensor.shape) == 2 and tensor.name.startswith("blk.")
    ]
    return max(matrices, key=lambda tensor: tensor.size, default=None)
