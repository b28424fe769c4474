"""Models of many kinds with tiny random weights, and huge ones without any: only their outline."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from math import prod
from pathlib import Path

import numpy as np

from core.gguf.llama_tables import TENSOR_TYPES
from tests.gguf.writing import ARRAY, F32, I32, STRING, Gguf, Tensor, facts, value

FLOAT32, FLOAT16, Q4_K, Q6_K = 0, 1, 12, 14
Shapes = Iterator[tuple[str, tuple[int, ...]]]


@dataclass(frozen=True)
class Outline:
    """A model's figures and the shapes of its tensors; matrices are of type `matrices`."""

    architecture: str
    figures: Mapping[str, int | bytes]
    shapes: tuple[tuple[str, tuple[int, ...]], ...]
    vocabulary: int = 512
    matrices: int = FLOAT16
    alone: frozenset[str] = field(default_factory=frozenset)
    """Names without layer of matrices that llama.cpp wants in F32."""

    def gguf(self) -> Gguf:
        named = self.figured()
        pieces = ["<unk>", "<s>", "</s>", *(f"t{number}" for number in range(self.vocabulary - 3))]
        count = len(pieces)
        named["tokenizer.ggml.tokens"] = value(ARRAY, (STRING, pieces))
        named["tokenizer.ggml.scores"] = value(ARRAY, (F32, (0.0,) * count))
        named["tokenizer.ggml.token_type"] = value(ARRAY, (I32, (2, 3, 3) + (1,) * (count - 3)))
        return Gguf(facts=named, tensors=tuple(self.tensors()))

    def figured(self) -> dict[str, bytes]:
        """Return its facts with the smallest vocabulary."""
        epsilon = f"{self.architecture}.attention.layer_norm_rms_epsilon"
        return facts(self.architecture, self.figures) | {epsilon: value(F32, 1e-5)}

    def write(self, path: Path) -> Path:
        """Write the file with random weights."""
        gguf = self.gguf()
        whole = bytearray(gguf.encode())
        start = len(whole) - sum(_padded(tensor.size) for tensor in gguf.tensors)
        random = np.random.default_rng(1)
        for tensor in gguf.tensors:
            numbers = random.standard_normal(prod(tensor.shape)) * 0.02
            raw = numbers.astype("<f4" if tensor.type_id == FLOAT32 else "<f2").tobytes()
            begin = start + tensor.offset
            whole[begin : begin + len(raw)] = raw
        path.write_bytes(whole)
        return path

    def write_outline(self, path: Path) -> Path:
        """Write the file with a hole where the weights would be: it takes no room on disk."""
        gguf = self.gguf()
        size = sum(_padded(tensor.size) for tensor in gguf.tensors)
        bare = Gguf(facts=gguf.facts, tensors=tuple(_without_data(gguf.tensors)))
        with path.open("wb") as file:
            file.write(bare.encode())
            file.truncate(file.tell() + size)
        return path

    def tensors(self) -> Iterator[Tensor]:
        offset = 0
        for name, shape in self.shapes:
            plain = len(shape) == 1 or name.rpartition("blk.")[2].partition(".")[2] in self.alone
            type_id = FLOAT32 if plain else self.matrices
            type_ = TENSOR_TYPES[type_id]
            size = prod(shape) // type_.block * type_.size
            yield Tensor(name, shape, type_id, offset, size)
            offset += _padded(size)


def _padded(size: int) -> int:
    return size + -size % 32


def _without_data(tensors: tuple[Tensor, ...]) -> Iterator[Tensor]:
    for tensor in tensors:
        yield Tensor(tensor.name, tensor.shape, tensor.type_id, tensor.offset, 0)


def _around(layers: Iterator[tuple[str, tuple[int, ...]]], width: int, vocabulary: int) -> Shapes:
    yield "token_embd.weight", (width, vocabulary)
    yield "output_norm.weight", (width,)
    yield "output.weight", (width, vocabulary)
    yield from layers


def _attention(layer: str, width: int, heads: int, cached: int, head: int) -> Shapes:
    yield f"{layer}attn_norm.weight", (width,)
    yield f"{layer}attn_q.weight", (width, heads * head)
    yield f"{layer}attn_k.weight", (width, cached * head)
    yield f"{layer}attn_v.weight", (width, cached * head)
    yield f"{layer}attn_output.weight", (heads * head, width)


def _feed_forward(layer: str, width: int, inner: int) -> Shapes:
    yield f"{layer}ffn_norm.weight", (width,)
    yield f"{layer}ffn_gate.weight", (width, inner)
    yield f"{layer}ffn_up.weight", (width, inner)
    yield f"{layer}ffn_down.weight", (inner, width)


def _experts(layer: str, width: int, inner: int, count: int) -> Shapes:
    yield f"{layer}ffn_norm.weight", (width,)
    yield f"{layer}ffn_gate_inp.weight", (width, count)
    yield f"{layer}ffn_gate_exps.weight", (width, inner, count)
    yield f"{layer}ffn_down_exps.weight", (inner, width, count)
    yield f"{layer}ffn_up_exps.weight", (width, inner, count)


def _figures(
    layers: int, width: int, inner: int, heads: int, **more: int | bytes
) -> dict[str, int | bytes]:
    return {
        "block_count": layers,
        "context_length": 32_768,
        "embedding_length": width,
        "feed_forward_length": inner,
        "attention.head_count": heads,
        **{name.replace("__", "."): number for name, number in more.items()},
    }


def dense(
    *,
    layers: int = 4,
    width: int = 512,
    inner: int = 1536,
    heads: int = 8,
    cached: int = 2,
    head: int = 64,
    vocabulary: int = 512,
    matrices: int = FLOAT16,
) -> Outline:
    """Attention with few heads for keys, as most models have it."""

    def each() -> Shapes:
        for number in range(layers):
            yield from _attention(f"blk.{number}.", width, heads, cached, head)
            yield from _feed_forward(f"blk.{number}.", width, inner)

    figures = _figures(layers, width, inner, heads, attention__head_count_kv=cached)
    figures |= {"attention.key_length": head, "attention.value_length": head}
    figures |= {"rope.dimension_count": head}
    shapes = tuple(_around(each(), width, vocabulary))
    return Outline("llama", figures, shapes, vocabulary, matrices)


def windowed() -> Outline:
    """Most layers see a window of tokens only."""
    layers, width, inner, heads, head = 6, 512, 1536, 4, 128

    def each() -> Shapes:
        for number in range(layers):
            layer = f"blk.{number}."
            yield from _attention(layer, width, heads, 1, head)
            yield from _feed_forward(layer, width, inner)
            yield f"{layer}post_attention_norm.weight", (width,)
            yield f"{layer}post_ffw_norm.weight", (width,)
            yield f"{layer}attn_k_norm.weight", (head,)
            yield f"{layer}attn_q_norm.weight", (head,)

    figures = _figures(layers, width, inner, heads, attention__head_count_kv=1)
    figures |= {"attention.key_length": head, "attention.value_length": head}
    figures |= {"attention.sliding_window": 512}
    return Outline("gemma3", figures, tuple(_around(each(), width, 512)))


def experts(
    *,
    layers: int = 4,
    width: int = 512,
    inner: int = 256,
    count: int = 8,
    used: int = 4,
    heads: int = 8,
    cached: int = 2,
    head: int = 64,
    vocabulary: int = 512,
    matrices: int = FLOAT16,
) -> Outline:
    """Many feed-forward parts, of which a token uses few."""

    def each() -> Shapes:
        for number in range(layers):
            layer = f"blk.{number}."
            yield from _attention(layer, width, heads, cached, head)
            yield f"{layer}attn_k_norm.weight", (head,)
            yield f"{layer}attn_q_norm.weight", (head,)
            yield from _experts(layer, width, inner, count)

    figures = _figures(layers, width, inner * used, heads, attention__head_count_kv=cached)
    figures |= {"attention.key_length": head, "attention.value_length": head}
    figures |= {"expert_count": count, "expert_used_count": used}
    figures |= {"expert_feed_forward_length": inner}
    shapes = tuple(_around(each(), width, vocabulary))
    return Outline(
        "qwen3moe", figures, shapes, vocabulary, matrices, frozenset({"ffn_gate_inp.weight"})
    )


def latent() -> Outline:
    """Keys and values in one compressed row (multi-head latent attention)."""
    layers, width, inner, heads = 3, 512, 1024, 8
    rank, rope, nope, values, queries = 256, 64, 128, 128, 256

    def each() -> Shapes:
        for number in range(layers):
            layer = f"blk.{number}."
            yield f"{layer}attn_norm.weight", (width,)
            yield f"{layer}attn_q_a_norm.weight", (queries,)
            yield f"{layer}attn_kv_a_norm.weight", (rank,)
            yield f"{layer}attn_q_a.weight", (width, queries)
            yield f"{layer}attn_q_b.weight", (queries, heads * (nope + rope))
            yield f"{layer}attn_kv_a_mqa.weight", (width, rank + rope)
            yield f"{layer}attn_k_b.weight", (nope, rank, heads)
            yield f"{layer}attn_v_b.weight", (rank, values, heads)
            yield f"{layer}attn_output.weight", (heads * values, width)
            yield from _feed_forward(layer, width, inner)

    figures = _figures(layers, width, inner, heads, attention__head_count_kv=1)
    figures |= {"attention.key_length": rank + rope, "attention.value_length": rank}
    figures |= {"attention.key_length_mla": nope + rope, "attention.value_length_mla": values}
    figures |= {"attention.q_lora_rank": queries, "attention.kv_lora_rank": rank}
    figures |= {"rope.dimension_count": rope, "leading_dense_block_count": layers}
    figures |= {"expert_feed_forward_length": 256, "expert_shared_count": 1}
    figures |= {"expert_count": 4, "expert_used_count": 2}
    return Outline("deepseek2", figures, tuple(_around(each(), width, 512)))


def recurrent() -> Outline:
    """No attention, a state for each sequence instead."""
    layers, width, inner, state, kernel, rank = 4, 512, 1024, 16, 4, 32

    def each() -> Shapes:
        for number in range(layers):
            layer = f"blk.{number}."
            yield f"{layer}attn_norm.weight", (width,)
            yield f"{layer}ssm_in.weight", (width, 2 * inner)
            yield f"{layer}ssm_conv1d.weight", (kernel, inner)
            yield f"{layer}ssm_conv1d.bias", (inner,)
            yield f"{layer}ssm_x.weight", (inner, rank + 2 * state)
            yield f"{layer}ssm_dt.weight", (rank, inner)
            yield f"{layer}ssm_dt.bias", (inner,)
            yield f"{layer}ssm_a", (state, inner)
            yield f"{layer}ssm_d", (inner,)
            yield f"{layer}ssm_out.weight", (inner, width)

    figures = _figures(layers, width, 0, 0, ssm__conv_kernel=kernel, ssm__inner_size=inner)
    figures |= {"ssm.state_size": state, "ssm.time_step_rank": rank}
    alone = frozenset({"ssm_conv1d.weight", "ssm_a"})
    return Outline("mamba", figures, tuple(_around(each(), width, 512)), alone=alone)


def mixed() -> Outline:
    """Some layers have attention, the others a short state."""
    layers, width, inner, heads, cached, head, taps = 4, 512, 1536, 8, 2, 64, 3
    attends = (False, True, False, True)

    def each() -> Shapes:
        for number in range(layers):
            layer = f"blk.{number}."
            if attends[number]:
                yield from _attention(layer, width, heads, cached, head)
                yield f"{layer}attn_q_norm.weight", (head,)
                yield f"{layer}attn_k_norm.weight", (head,)
            else:
                yield f"{layer}attn_norm.weight", (width,)
                yield f"{layer}shortconv.conv.weight", (taps, width)
                yield f"{layer}shortconv.in_proj.weight", (width, 3 * width)
                yield f"{layer}shortconv.out_proj.weight", (width, width)
            yield from _feed_forward(layer, width, inner)

    kept = value(ARRAY, (I32, tuple(cached if attending else 0 for attending in attends)))
    figures = _figures(layers, width, inner, heads, attention__head_count_kv=kept)
    figures |= {"shortconv.l_cache": taps, "rope.dimension_count": head}
    shapes = tuple(
        ("token_embd_norm.weight" if name == "output_norm.weight" else name, shape)
        for name, shape in _around(each(), width, 512)
    )
    alone = frozenset({"shortconv.conv.weight"})
    return Outline("lfm2", figures, shapes, alone=alone)


ALL = {
    "dense": dense,
    "windowed": windowed,
    "experts": experts,
    "latent": latent,
    "recurrent": recurrent,
    "mixed": mixed,
}
