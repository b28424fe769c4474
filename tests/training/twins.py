"""Models of each kind that can be trained, two layers of random weights large enough to matter."""

from collections.abc import Iterator
from pathlib import Path

import gguf
import numpy as np

LAYERS, WIDTH, INNER, HEADS, CACHED, HEAD, VOCABULARY = 2, 96, 160, 4, 2, 24, 320
TIED = frozenset({"gemma3"})


def write_twin(kind: str, path: Path, seed: int = 1) -> Path:
    """Write a model of llama.cpp's kind `kind`, with a vocabulary that says nothing."""
    writer = gguf.GGUFWriter(path, kind)
    writer.add_block_count(LAYERS)
    writer.add_context_length(512)
    writer.add_embedding_length(WIDTH)
    writer.add_feed_forward_length(INNER)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(CACHED)
    writer.add_key_length(HEAD)
    writer.add_value_length(HEAD)
    writer.add_rope_dimension_count(HEAD)
    writer.add_rope_freq_base(10_000.0)
    writer.add_layer_norm_rms_eps(1e-5)
    if kind == "gemma3":
        writer.add_sliding_window(512)
    pieces = ["<unk>", "<s>", "</s>", *(f"<0x{number:02X}>" for number in range(256))]
    kinds = [2, 3, 3] + [6] * 256 + [1] * (VOCABULARY - 259)
    pieces += [f"t{number}" for number in range(VOCABULARY - 259)]
    writer.add_tokenizer_model("llama")
    writer.add_token_list(pieces)
    writer.add_token_scores([0.0] * VOCABULARY)
    writer.add_token_types(kinds)
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    random = np.random.default_rng(seed)
    for name, shape in _shapes(kind):
        if "norm" in name:
            values = 1.0 + 0.2 * random.standard_normal(shape)
        else:
            values = random.standard_normal(shape) * 1.5 / np.sqrt(shape[-1])
        writer.add_tensor(name, values.astype(np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def _shapes(kind: str) -> Iterator[tuple[str, tuple[int, ...]]]:
    yield "token_embd.weight", (VOCABULARY, WIDTH)
    yield "output_norm.weight", (WIDTH,)
    if kind not in TIED:
        yield "output.weight", (VOCABULARY, WIDTH)
    for number in range(LAYERS):
        layer = f"blk.{number}."
        yield f"{layer}attn_norm.weight", (WIDTH,)
        yield f"{layer}attn_q.weight", (HEADS * HEAD, WIDTH)
        yield f"{layer}attn_k.weight", (CACHED * HEAD, WIDTH)
        yield f"{layer}attn_v.weight", (CACHED * HEAD, WIDTH)
        yield f"{layer}attn_output.weight", (WIDTH, HEADS * HEAD)
        yield f"{layer}ffn_norm.weight", (WIDTH,)
        yield f"{layer}ffn_gate.weight", (INNER, WIDTH)
        yield f"{layer}ffn_up.weight", (INNER, WIDTH)
        yield f"{layer}ffn_down.weight", (WIDTH, INNER)
        if kind == "qwen2":
            yield f"{layer}attn_q.bias", (HEADS * HEAD,)
            yield f"{layer}attn_k.bias", (CACHED * HEAD,)
            yield f"{layer}attn_v.bias", (CACHED * HEAD,)
        if kind in {"qwen3", "gemma3"}:
            yield f"{layer}attn_q_norm.weight", (HEAD,)
            yield f"{layer}attn_k_norm.weight", (HEAD,)
        if kind == "gemma3":
            yield f"{layer}post_attention_norm.weight", (WIDTH,)
            yield f"{layer}post_ffw_norm.weight", (WIDTH,)
