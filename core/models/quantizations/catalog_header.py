"""Estimated GGUF headers of catalog models, made from the dimensions in the catalog."""

from math import prod

from core.gguf import GgufHeader, TensorInfo, Value
from core.gguf.llama_tables import TENSOR_TYPES
from core.models.model_catalog import CatalogModel, ModelDimensions
from core.models.quantizations.quantization_types import find_quantization

_TYPE_IDS = {type_.label: id_ for id_, type_ in TENSOR_TYPES.items()}


def estimate_header(model: CatalogModel, level: str) -> GgufHeader | None:
    """Return the header of a quantization, None without dimensions or for an unknown one.

    Every weight gets the published bits of the quantization: the sum is right to a few percent,
    and the type of each tensor is not known before the file is here.
    """
    known, figures = find_quantization(level), model.figures
    if known is None or figures is None:
        return None
    type_id = _TYPE_IDS[known.weights]
    offset, tensors = 0, []
    for name, shape in _shapes(figures).items():
        size = round(prod(shape) * known.bits / 8)
        tensors.append(TensorInfo(name, shape, type_id, offset, size))
        offset += size
    return GgufHeader(
        path=f"{model.id}-{level}.gguf",
        size=offset,
        version=3,
        alignment=32,
        data_offset=0,
        metadata=_metadata(model, figures),
        tensors=tuple(tensors),
    )


def estimate_bytes(model: CatalogModel, level: str) -> int:
    """Return the bytes of a quantization by its published bits per weight, 0 if unknown."""
    known = find_quantization(level)
    return round(model.parameters * known.bits / 8) if known else 0


def _metadata(model: CatalogModel, figures: ModelDimensions) -> dict[str, Value]:
    numbers = {
        "block_count": figures.layers,
        "context_length": model.context,
        "embedding_length": figures.embedding,
        "feed_forward_length": figures.feed_forward,
        "vocab_size": figures.vocabulary,
        "attention.head_count": figures.heads,
        "attention.head_count_kv": figures.kv_heads,
        "attention.key_length": figures.head_length,
        "attention.value_length": figures.head_length,
        "attention.sliding_window": figures.window,
        "expert_count": figures.experts,
        "expert_used_count": figures.experts_used,
        "expert_feed_forward_length": figures.expert_feed_forward,
    }
    architecture = model.architecture
    own: dict[str, Value] = {f"{architecture}.{key}": each for key, each in numbers.items() if each}
    return {"general.architecture": architecture, "general.name": model.name, **own}


def _shapes(figures: ModelDimensions) -> dict[str, tuple[int, ...]]:
    """Return the shapes of all large tensors, by their names in a GGUF file."""
    embedding, heads = figures.embedding, figures.heads * figures.head_length
    cached = figures.kv_heads * figures.head_length
    shapes: dict[str, tuple[int, ...]] = {"token_embd.weight": (embedding, figures.vocabulary)}
    if not figures.tied:
        shapes["output.weight"] = (embedding, figures.vocabulary)
    for index in range(figures.layers):
        layer = {
            "attn_q": (embedding, heads),
            "attn_k": (embedding, cached),
            "attn_v": (embedding, cached),
            "attn_output": (heads, embedding),
            **_feed_forward(figures),
        }
        shapes |= {f"blk.{index}.{name}.weight": shape for name, shape in layer.items()}
    return shapes


def _feed_forward(figures: ModelDimensions) -> dict[str, tuple[int, ...]]:
    embedding = figures.embedding
    if not figures.experts:
        width = figures.feed_forward
        return {
            "ffn_gate": (embedding, width),
            "ffn_up": (embedding, width),
            "ffn_down": (width, embedding),
        }
    width, count = figures.expert_feed_forward, figures.experts
    return {
        "ffn_gate_inp": (embedding, count),
        "ffn_gate_exps": (embedding, width, count),
        "ffn_up_exps": (embedding, width, count),
        "ffn_down_exps": (width, embedding, count),
    }
