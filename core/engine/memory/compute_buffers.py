"""Memory that llama.cpp reserves for the intermediate results of one batch."""

from core.gguf import GgufHeader
from core.messages import Placement

BATCH_TOKENS = 512
"""Tokens of a prompt that are decoded in one call; a stop takes effect between calls."""
MAX_OUTPUTS = 32
"""Tokens of one batch that may have logits: more than that ends the process.

llama.cpp otherwise reserves space for a whole batch of them: half a GiB with 262,144 tokens.
"""
CONTEXT_STEP = 256  # llama.cpp rounds the cache up to it

_HALF, _FLOAT = 2, 4  # bytes of f16 and f32


def cache_cells(context: int) -> int:
    """Return the number of tokens that the cache has cells for."""
    return -(-context // CONTEXT_STEP) * CONTEXT_STEP


def batch_tokens(placement: Placement) -> int:
    """Return the most tokens of one batch."""
    return min(placement.batch or BATCH_TOKENS, placement.context)


def window_cells(placement: Placement, window: int) -> int:
    """Return the cells that layers with a window need: one for each sequence, and a batch.

    As llama.cpp computes it (llama-kv-cache-iswa.cpp, `size_swa`).
    """
    needed = window * max(placement.sequences, 1) + batch_tokens(placement)
    return cache_cells(min(cache_cells(placement.context), needed))


def compute_bytes(header: GgufHeader, placement: Placement, *, outputs: bool) -> int:
    """Return the bytes on a device that computes layers, and with `outputs` the logits too.

    The results of all layers share one buffer, so the widest step counts. Measured on
    llama-cpp-python 0.3.36 with models of many widths: the feed-forward part takes three times its
    width and four times the embedding (with experts, that for each active expert, and the embedding
    in addition); attention takes queries, keys and values twice; a state space six times its width.
    Without flash attention, the scores of all heads are kept. The result is between 10 % too small
    and 33 % too large, a few percent of the whole memory; a dry run is exact.
    """
    batch, context = batch_tokens(placement), placement.context
    layer = max(_feed_forward(header), _attention(header), _state_space(header))
    numbers = batch * layer
    if placement.flash_attention == "off":
        numbers += batch * header.head_count * cache_cells(context)
    in_layer = numbers * _FLOAT + _masks(header, placement)
    if not outputs:
        return in_layer
    width = header.vocabulary_size + 2 * header.embedding_length
    return max(in_layer, min(MAX_OUTPUTS, batch) * width * _FLOAT)


def host_compute_bytes(header: GgufHeader, placement: Placement) -> int:
    """Return the bytes in main memory when no layer is computed there: inputs and masks."""
    batch = batch_tokens(placement)
    return 2 * batch * header.embedding_length * _FLOAT + _masks(header, placement)


def output_bytes(header: GgufHeader, sequences: int) -> int:
    """Return the bytes in main memory that logits are copied to."""
    return max(min(MAX_OUTPUTS, BATCH_TOKENS), sequences) * header.vocabulary_size * _FLOAT


def _feed_forward(header: GgufHeader) -> int:
    embedding = header.embedding_length
    width = 3 * header.architecture_number("feed_forward_length") + 4 * embedding
    if used := header.architecture_number("expert_used_count"):
        expert = header.architecture_number(
            "expert_feed_forward_length", header.architecture_number("feed_forward_length")
        )
        width = max(width, used * (3 * expert + embedding) + 5 * embedding)
    return width


def _attention(header: GgufHeader) -> int:
    keys = max(header.key_lengths, default=0)
    values = max(header.value_lengths, default=0)
    cached = max(header.kv_head_counts, default=0) * (keys + values)
    latent = header.head_count * header.architecture_number("attention.key_length_mla")
    return 4 * header.embedding_length + 2 * header.head_count * keys + cached + latent


def _state_space(header: GgufHeader) -> int:
    return 6 * header.architecture_number("ssm.inner_size") + 2 * header.embedding_length


def _masks(header: GgufHeader, placement: Placement) -> int:
    """Which token may see which, in f16; models with a sliding window have a second one."""
    if not header.head_count:
        return 0
    cells = cache_cells(placement.context)
    if window := header.architecture_number("attention.sliding_window"):
        cells += window_cells(placement, window) if placement.short_windows else cells
    return batch_tokens(placement) * cells * _HALF
