"""Sizes of each layer's weights, cached keys and values, and states, read from the header."""

from msgspec import Struct

from core.base.lazy_regex import lazy_pattern
from core.gguf import GgufHeader, TensorInfo

EXPERT_TENSORS = lazy_pattern(r"^blk\.(\d+)\.ffn_(up|down|gate|gate_up)_(ch|)exps")
"""The tensors of experts, of which a token uses few (common.h, LLM_FFN_EXPS_REGEX)."""
_LAYER = lazy_pattern(r"^blk\.(\d+)\.")
_OF_HEADS = (".attn_k_b.weight", ".attn_v_b.weight")
"""Weights of latent attention: a matrix for each head."""
_INPUT = (
    "token_embd.",
    "token_embd_norm.",
    "per_layer_token_embd.",
    "token_types.",
    "position_embd.",
)
"""Tensors that llama.cpp always keeps in main memory (llama-model.cpp, `dev_input`)."""

_CACHE_BLOCKS = {"f16": (1, 2), "q8_0": (32, 34), "q4_0": (32, 18)}  # numbers, bytes
_STATE_BYTES = 4  # f32
_RECURRENT = frozenset({"mamba", "mamba2", "rwkv6", "rwkv6qwen2", "rwkv7", "arwkv7"})
"""Architectures without any attention (llama-arch.cpp, `llm_arch_is_recurrent`)."""
_WINDOW_INTERVAL = {
    "cohere2": 4,
    "exaone4": 4,
    "gemma2": 2,
    "gemma3": 6,
    "gemma3n": 5,
    "gpt-oss": 2,
    "olmo2": 4,
    "plamo3": 8,
    "smallthinker": 4,
}
"""Of so many layers, one looks at everything and the others at a window (src/models/*.cpp)."""
_STATE_IN_EVERY_LAYER = frozenset({"falcon-h1"})
_FEW_ATTENTION_LAYERS = frozenset({"qwen3next", "qwen35", "qwen35moe", "qwen4exp", "minimax-01"})
"""One layer in a fixed interval has attention, the others have a state."""
_HYBRID_BY_HEADS = frozenset(
    {
        "bailingmoe3",
        "glm5-next",
        "granitehybrid",
        "jamba",
        "kimi-k3",
        "kimi-linear",
        "lfm2",
        "lfm2moe",
        "nemotron_h",
        "nemotron_h_moe",
        "plamo2",
    }
)
"""Layers without heads for keys have a state instead."""


class LayerFootprint(Struct, frozen=True, kw_only=True):
    """One layer: bytes of weights and of experts, cached numbers per token, bytes of a state.

    `window` is how many tokens it looks back, 0 for all.
    """

    weights: int
    experts: int
    keys: int
    values: int
    state: int
    window: int


class ModelFootprint(Struct, frozen=True, kw_only=True):
    """Bytes of a model's parts. `inputs` stay in main memory; `outputs` count as one more layer.

    `tied` are the bytes of the token embedding if it is used for the outputs, too.
    """

    layers: tuple[LayerFootprint, ...]
    inputs: int
    outputs: int
    tied: int

    @property
    def expert_layer_count(self) -> int:
        """How many layers have experts."""
        return sum(1 for layer in self.layers if layer.experts)


def layer_windows(header: GgufHeader) -> tuple[int, ...]:
    """Return how far back each layer looks, 0 for everything."""
    window, count = header.architecture_number("attention.sliding_window"), header.block_count
    pattern = header.metadata.get(f"{header.architecture}.attention.sliding_window_pattern")
    if isinstance(pattern, tuple) and len(pattern) == count:
        return tuple(window if each else 0 for each in pattern)
    interval = pattern if isinstance(pattern, int) else _WINDOW_INTERVAL.get(header.architecture, 1)
    if not window or interval < 1:
        return (0,) * count
    return tuple(window if index % interval < interval - 1 else 0 for index in range(count))


def compute_footprint(header: GgufHeader) -> ModelFootprint:
    """Return the bytes of the parts of `header`'s model."""
    count = header.block_count
    weights, experts = [0] * count, [0] * count
    inputs = outputs = 0
    for tensor in header.tensors:
        number = layer_index(tensor)
        if number is not None and number < count:
            (experts if EXPERT_TENSORS.match(tensor.name) else weights)[number] += tensor.size
        elif is_input_tensor(tensor):
            inputs += tensor.size
        else:
            outputs += tensor.size
    tied = tied_embedding(header)
    cached = zip(_cached_numbers(header), _states(header), layer_windows(header), strict=True)
    return ModelFootprint(
        layers=tuple(
            LayerFootprint(
                weights=weights[i],
                experts=experts[i],
                keys=keys,
                values=values,
                state=state,
                window=window,
            )
            for i, ((keys, values), state, window) in enumerate(cached)
        ),
        inputs=inputs,
        outputs=outputs,
        tied=tied.size if tied else 0,
    )


def layer_index(tensor: TensorInfo) -> int | None:
    """Return the layer a tensor belongs to, None for those before and after the layers."""
    found = _LAYER.match(tensor.name)
    return int(found[1]) if found else None


def is_input_tensor(tensor: TensorInfo) -> bool:
    """Return whether a tensor is only an embedding of the input."""
    return tensor.name.startswith(_INPUT)


def tied_embedding(header: GgufHeader) -> TensorInfo | None:
    """Return the token embedding if the model has no output tensor and uses it instead."""
    if any(tensor.name == "output.weight" for tensor in header.tensors):
        return None
    return next((each for each in header.tensors if each.name == "token_embd.weight"), None)


def is_repacked(tensor: TensorInfo, types: tuple[str, ...]) -> bool:
    """Return whether the processor multiplies a rearranged copy of a layer's or output's tensor.

    Eight rows are interleaved (ggml-cpu/repack.cpp).
    """
    rows = tensor.shape[1] if len(tensor.shape) > 1 else 1
    return tensor.type_label in types and rows % 8 == 0


def breaks_when_repacked(header: GgufHeader, types: tuple[str, ...]) -> bool:
    """Return whether llama.cpp would abort over a rearranged weight of latent attention.

    AMX, the only one that rearranges F16, also takes a weight with a matrix for each head, but
    doesn't multiply it with a permuted tensor (ggml-cpu/amx/amx.cpp, `supports_op`); no other
    backend reads AMX's memory: "GGML_ASSERT(*cur_backend_id != -1) failed" (seen in 0.3.36).
    """
    return "F16" in types and any(
        tensor.name.endswith(_OF_HEADS) and len(tensor.shape) > 2 and tensor.type_label in types
        for tensor in header.tensors
    )


def cache_bytes(layer: LayerFootprint, cells: int, keys: str, values: str) -> int:
    """Return the bytes of `cells` tokens' keys and values of the given types."""
    return cells * (_row(layer.keys, keys) + _row(layer.values, values))


def can_quantize_cache(header: GgufHeader) -> bool:
    """Return whether the numbers of each head fill whole blocks, as llama.cpp requires."""
    lengths = (*header.key_lengths, *header.value_lengths)
    return all(length % 32 == 0 for length in lengths)


def _row(numbers: int, type_: str) -> int:
    block, size = _CACHE_BLOCKS.get(type_, _CACHE_BLOCKS["f16"])
    return numbers * size // block


def _cached_numbers(header: GgufHeader) -> list[tuple[int, int]]:
    """Return the numbers of keys and values per token of each layer, at full length.

    Multi-head latent attention keeps only keys (llama-kv-cache.cpp, `has_v`); layers that share
    the keys of an earlier one keep nothing (`n_layer_kv_from_start`).
    """
    latent = header.architecture_number("attention.key_length_mla") > 0
    own = header.block_count - header.architecture_number("attention.shared_kv_layers")
    if header.architecture == "gemma3n":
        own = 20
    attends = _attends(header)
    numbers = []
    for index, (heads, keys, values) in enumerate(
        zip(header.kv_head_counts, header.key_lengths, header.value_lengths, strict=True)
    ):
        cached_heads = heads if attends[index] and index < own else 0
        numbers.append((cached_heads * keys, 0 if latent else cached_heads * values))
    return numbers


def _attends(header: GgufHeader) -> list[bool]:
    architecture, count = header.architecture, header.block_count
    if architecture in _RECURRENT:
        return [False] * count
    if architecture in _FEW_ATTENTION_LAYERS:
        listed = header.metadata.get(f"{architecture}.attention.recurrent_layers")
        if isinstance(listed, tuple):
            return [not each for each in header.numbers_per_layer("attention.recurrent_layers")]
        interval = max(header.architecture_number("full_attention_interval", 4), 1)
        return [(index + 1) % interval == 0 for index in range(count)]
    return [True] * count


def _states(header: GgufHeader) -> list[int]:
    """Return each layer's state of one sequence (llama-hparams.cpp, n_embd_r and n_embd_s)."""
    size = _state_numbers(header) * _STATE_BYTES
    architecture, count = header.architecture, header.block_count
    if architecture in _RECURRENT | _STATE_IN_EVERY_LAYER:
        return [size] * count
    if architecture in _FEW_ATTENTION_LAYERS:
        return [0 if attends else size for attends in _attends(header)]
    if architecture not in _HYBRID_BY_HEADS:
        return [0] * count
    widths = (0,) * count
    if architecture.startswith("nemotron_h"):  # there, a layer may be a feed-forward part alone
        widths = header.numbers_per_layer("feed_forward_length")
    return [
        size if heads == 0 and width == 0 else 0
        for heads, width in zip(header.kv_head_counts, widths, strict=True)
    ]


def _state_numbers(header: GgufHeader) -> int:
    embedding, heads = header.embedding_length, header.head_count
    kernel = header.architecture_number("ssm.conv_kernel")
    if head := header.architecture_number("wkv.head_size"):
        return embedding * (head + header.architecture_number("token_shift_count", 2))
    if taps := header.architecture_number("shortconv.l_cache"):
        return embedding * (taps - 1)
    if head := header.architecture_number("kda.head_dim"):
        return 3 * max(kernel - 1, 0) * heads * head + head * head * heads
    inner, states = (
        header.architecture_number("ssm.inner_size"),
        header.architecture_number("ssm.state_size"),
    )
    groups = header.architecture_number("ssm.group_count")
    return max(kernel - 1, 0) * (inner + 2 * groups * states) + states * inner
