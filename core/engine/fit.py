"""How much memory a model will need, worked out from its header before it is loaded."""

from pathlib import Path

import psutil
from msgspec import Struct

from core.gguf import Header

BATCH = 512
"""Prompt tokens llama.cpp evaluates at once; its buffers are as large as that takes."""
DEFAULT_CONTEXT = 8192
LEAST_CONTEXT = 512
CONTEXT_STEP = 256  # llama.cpp rounds the cache up to it
RESERVE_BYTES = 512 << 20
"""What should stay free for everything else, so that the machine doesn't begin to swap."""

_HALF, _FLOAT = 2, 4  # bytes of f16 and f32
_CGROUP = Path("/sys/fs/cgroup")


class MemoryPlan(Struct, frozen=True, kw_only=True):
    """Bytes a model will need with a context of `context` tokens.

    `verdict` is "yes" (fits with RESERVE_BYTES to spare), "tight" (just fits) or "no".
    """

    weights: int
    cache: int
    compute: int
    total: int
    context: int
    verdict: str


def plan(header: Header, context: int, available_bytes: int) -> MemoryPlan:
    """Return what `header`'s model needs with a context of `context` tokens (0: the default)."""
    context = context or min(DEFAULT_CONTEXT, header.context_length or DEFAULT_CONTEXT)
    weights = sum(tensor.size for tensor in header.tensors)
    cache = _cache_per_token(header) * _rounded_up(context) + _state(header)
    compute = _compute(header, context)
    total = weights + cache + compute
    verdict = "no"
    if total <= available_bytes:
        verdict = "yes" if total + RESERVE_BYTES <= available_bytes else "tight"
    return MemoryPlan(
        weights=weights,
        cache=cache,
        compute=compute,
        total=total,
        context=context,
        verdict=verdict,
    )


def choose_context(header: Header, wanted: int, available_bytes: int) -> MemoryPlan:
    """Return the plan with the largest context that fits, at most as `wanted` and as trained.

    `wanted` 0 asks for DEFAULT_CONTEXT. A context that leaves RESERVE_BYTES free is preferred; if
    not even LEAST_CONTEXT fits, the plan for that one says "no".
    """
    most = min(wanted or DEFAULT_CONTEXT, header.context_length or DEFAULT_CONTEXT)
    best = plan(header, most, available_bytes)
    least = plan(header, min(most, LEAST_CONTEXT), available_bytes)
    if best.verdict == "yes" or least.verdict == "no":
        return best if best.verdict == "yes" else least
    spare = RESERVE_BYTES if least.verdict == "yes" else 0
    context = _largest(header, least.context, most, available_bytes - spare)
    return plan(header, context, available_bytes)


def available_memory() -> int:
    """Return the bytes this process may still use without pushing others out."""
    free = int(psutil.virtual_memory().available)
    limit = _cgroup_room()
    return free if limit is None else min(free, limit)


def _largest(header: Header, low: int, high: int, room: int) -> int:
    """Return the largest context between `low`, which fits into `room`, and `high`."""
    low_step, high_step = low // CONTEXT_STEP, high // CONTEXT_STEP
    while low_step < high_step:
        middle = (low_step + high_step + 1) // 2
        if plan(header, middle * CONTEXT_STEP, room).verdict != "no":
            low_step = middle
        else:
            high_step = middle - 1
    return max(low, low_step * CONTEXT_STEP)


def _rounded_up(context: int) -> int:
    return -(-context // CONTEXT_STEP) * CONTEXT_STEP


def _cache_per_token(header: Header) -> int:
    """Bytes of keys and values in f16, all layers at full length.

    A sliding window would need less; the engine keeps the whole so that a prefix can be reused.
    With multi-head latent attention only the keys are kept (llama-kv-cache.cpp, `has_v`).
    """
    latent = header.figure("attention.key_length_mla") > 0
    numbers = 0
    for heads, keys, values in zip(
        header.kv_head_counts, header.key_lengths, header.value_lengths, strict=True
    ):
        numbers += heads * (keys if latent else keys + values)
    return numbers * _HALF


def _state(header: Header) -> int:
    """Bytes of recurrent state of one sequence in f32 (llama-hparams.cpp, n_embd_r and n_embd_s).

    Counted for every layer, though hybrid models have it in some only.
    """
    inner, states = header.figure("ssm.inner_size"), header.figure("ssm.state_size")
    groups, kernel = header.figure("ssm.group_count"), header.figure("ssm.conv_kernel")
    numbers = max(kernel - 1, 0) * (inner + 2 * groups * states) + states * inner
    if head := header.figure("wkv.head_size"):
        numbers += header.embedding_length * (head + header.figure("token_shift_count", 2))
    return numbers * header.block_count * _FLOAT


def _compute(header: Header, context: int) -> int:
    """Bytes of intermediate results of one batch, which share one buffer.

    At the end that holds logits and twice the embeddings (measured on SmolLM2: 98.25 MiB for 8192
    tokens of context, computed 98.25), in a layer the feed-forward part, queries and the mask.
    """
    batch = min(BATCH, context)
    embedding = header.embedding_length
    experts = max(header.figure("expert_used_count"), 1)
    width = header.figure("feed_forward_length")
    if experts > 1:
        width = max(width, experts * header.figure("expert_feed_forward_length", width))
    at_the_end = header.vocabulary_size + 2 * embedding
    in_a_layer = 2 * width + 4 * embedding + context // 2  # the mask is f16
    return batch * max(at_the_end, in_a_layer) * _FLOAT


def _cgroup_room() -> int | None:
    """Return what a container or unit still allows, None where there is no such limit."""
    try:
        group = Path("/proc/self/cgroup").read_text(encoding="ascii").strip().rpartition(":")[2]
        folder = _CGROUP / group.lstrip("/")
        limit = (folder / "memory.max").read_text(encoding="ascii").strip()
        used = int((folder / "memory.current").read_text(encoding="ascii"))
        return max(int(limit) - used, 0)
    except (OSError, ValueError):  # no cgroup v2, no such file, or "max"
        return None
