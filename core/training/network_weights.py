"""Network weights: a GGUF file as a network of torch, dequantized, for those kinds that are known.

What the file says of the model is taken from its header; names of tensors come from llama.cpp's own
table. Rows of queries and keys of llama's kind lie in pairs there, which is undone here and done
again where an adapter is written (`adapter_file`).
"""

from pathlib import Path
from typing import Any

import numpy as np
import torch
from gguf import MODEL_ARCH_NAMES, GGMLQuantizationType, dequantize, get_tensor_name_map
from numpy.typing import NDArray
from transformers import AutoConfig, AutoModelForCausalLM
from transformers.initialization import no_init_weights

from core import gguf
from core.gguf import GgufHeader, TensorInfo
from core.training.trainable_models import TRAINABLE

PAIRED = frozenset({"llama"})
"""Architectures whose queries and keys lie in pairs."""
_ROPE_FACTORS = "rope_freqs.weight"
_PLUS_ONE = "gemma"
"""Norms of these are stored with one added."""


def open_network(path: Path, precision: torch.dtype) -> torch.nn.Module:
    """Return the network of a model file, nothing of it trainable."""
    header = gguf.read_header(path)
    with no_init_weights():
        config = AutoConfig.for_model(TRAINABLE[header.architecture], **_settings(header))
        config._attn_implementation = "sdpa"  # noqa: SLF001 - no other way before it is made
        network: torch.nn.Module = AutoModelForCausalLM.from_config(config, dtype=precision)
    weights = _read_weights(path, header, network, precision)
    network.load_state_dict(weights, strict=False, assign=True)
    network.tie_weights()
    for parameter in network.parameters():
        parameter.requires_grad_(requires_grad=False)
    _stretch_positions(network, path, header)
    return network.eval()


def tensor_names(header: GgufHeader, network: torch.nn.Module) -> dict[str, str]:
    """Return llama.cpp's name of each weight of the network, by the network's."""
    kinds = {name: kind for kind, name in MODEL_ARCH_NAMES.items()}
    table = get_tensor_name_map(kinds[header.architecture], header.block_count)
    names = {}
    for own in network.state_dict():
        stem, _point, ending = own.rpartition(".")
        known = table.get_name(stem)
        if known:
            names[own] = f"{known}.{ending}"
    return names


def head_counts(header: GgufHeader) -> tuple[int, int]:
    """Return the number of heads of queries, and of keys."""
    return header.head_count, max(header.kv_head_counts, default=header.head_count)


def pair_rows(rows: torch.Tensor, heads: int) -> torch.Tensor:
    """Return the rows of queries or keys as llama.cpp has them: halves of a head alternate."""
    halves = rows.reshape(heads, 2, rows.shape[0] // heads // 2, *rows.shape[1:])
    return halves.transpose(1, 2).reshape(rows.shape)


def unpair_rows(rows: NDArray[np.float32], heads: int) -> NDArray[np.float32]:
    """Return rows as `pair_rows` got them."""
    pairs = rows.reshape(heads, rows.shape[0] // heads // 2, 2, *rows.shape[1:])
    return pairs.swapaxes(1, 2).reshape(rows.shape)


def _settings(header: GgufHeader) -> dict[str, Any]:
    """Return what transformers must know of a model."""
    names = {tensor.name: tensor for tensor in header.tensors}
    heads, cached = head_counts(header)
    settings: dict[str, Any] = {
        "vocab_size": names["token_embd.weight"].shape[1],
        "hidden_size": header.embedding_length,
        "intermediate_size": header.architecture_number("feed_forward_length"),
        "num_hidden_layers": header.block_count,
        "num_attention_heads": heads,
        "num_key_value_heads": cached,
        "head_dim": max(header.key_lengths),
        "rms_norm_eps": _number(header, "attention.layer_norm_rms_epsilon", 1e-6),
        "max_position_embeddings": header.context_length,
        "tie_word_embeddings": "output.weight" not in names,
        "attention_bias": "blk.0.attn_output.bias" in names,
    }
    base = _number(header, "rope.freq_base", 10_000.0)
    plain = {"rope_type": "default", "rope_theta": base}
    factor = _number(header, "rope.scaling.factor", 0.0)
    whole = {**plain, "rope_type": "linear", "factor": factor} if factor else plain
    if header.architecture.startswith(_PLUS_ONE):
        window = {"rope_type": "default", "rope_theta": 10_000.0}
        settings["rope_parameters"] = {"full_attention": whole, "sliding_attention": window}
        settings["sliding_window"] = header.architecture_number("attention.sliding_window")
        settings["query_pre_attn_scalar"] = max(header.key_lengths)
    else:
        settings["rope_parameters"] = whole
    return settings


def _number(header: GgufHeader, key: str, default: float) -> float:
    value = header.metadata.get(f"{header.architecture}.{key}")
    return float(value) if isinstance(value, int | float) else default


def _read_weights(
    path: Path, header: GgufHeader, network: torch.nn.Module, precision: torch.dtype
) -> dict[str, torch.Tensor]:
    tensors = {tensor.name: tensor for tensor in header.tensors}
    content = np.memmap(path, dtype=np.uint8, mode="r")
    heads, cached = head_counts(header)
    weights = {}
    for own, name in tensor_names(header, network).items():
        if name not in tensors:
            continue  # outputs that are the embeddings
        values = _floats(content, tensors[name])
        if header.architecture in PAIRED and ".attn_q." in name:
            values = unpair_rows(values, heads)
        elif header.architecture in PAIRED and ".attn_k." in name:
            values = unpair_rows(values, cached)
        elif header.architecture.startswith(_PLUS_ONE) and name.endswith("norm.weight"):
            values = values - 1.0
        weights[own] = torch.from_numpy(np.ascontiguousarray(values)).to(precision)
    return weights


def _floats(content: NDArray[np.uint8], tensor: TensorInfo) -> NDArray[np.float32]:
    """Return the weights of a tensor, rows first."""
    rows = tensor.shape[1:][::-1]
    raw = content[tensor.offset : tensor.offset + tensor.size]
    kind = GGMLQuantizationType(tensor.type_id)
    plain = {GGMLQuantizationType.F32: np.float32, GGMLQuantizationType.F16: np.float16}
    if kind in plain:
        return raw.view(plain[kind]).astype(np.float32).reshape(*rows, tensor.shape[0])
    values: NDArray[np.float32] = dequantize(raw.reshape(*rows, -1), kind)
    return values.astype(np.float32, copy=False).reshape(*rows, tensor.shape[0])


def _stretch_positions(network: torch.nn.Module, path: Path, header: GgufHeader) -> None:
    """Divide the frequencies of positions by what the file says, as Llama 3.1 has it."""
    for tensor in header.tensors:
        if tensor.name == _ROPE_FACTORS:
            factors = _floats(np.memmap(path, dtype=np.uint8, mode="r"), tensor)
            rotary: Any = network.model.rotary_emb
            rotary.inv_freq /= torch.from_numpy(np.ascontiguousarray(factors))
