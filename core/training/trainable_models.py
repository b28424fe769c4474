"""Trainable models: kinds of models that training knows, and what it takes of their memory."""

from math import prod
from typing import NamedTuple

from core.base.errors import ErrorCode, ModelError
from core.gguf import GgufHeader
from core.messages import TrainingSettings

TRAINABLE = {
    "llama": "llama",
    "qwen2": "qwen2",
    "qwen3": "qwen3",
    "gemma3": "gemma3_text",
}
"""llama.cpp's name of an architecture and that of transformers, for each that was compared with
llama.cpp in tests/training."""
TRAINED_MATRICES = (
    "attn_q",
    "attn_k",
    "attn_v",
    "attn_output",
    "ffn_gate",
    "ffn_up",
    "ffn_down",
)
_COARSE = frozenset({"Q2_K", "Q3_K", "IQ1_S", "IQ1_M", "IQ2_XXS", "IQ2_XS", "IQ2_S", "IQ3_XXS"})
READ_TOGETHER = 512
"""Tokens of examples that are read together: many short ones are multiplied faster at once."""
_FLOAT = 4
_PROGRAM_BYTES = 700 << 20
"""What torch and transformers take by themselves; measured."""
_OPTIMIZER_COPIES = 4
"""Weights of an adapter, their gradients and two means."""


class TrainingSize(NamedTuple):
    """Numbers that an adapter adds, and the most bytes that training takes."""

    parameters: int
    memory: int


def check_trainable(header: GgufHeader, file: str) -> None:
    """Raise ModelError for a model that can't be trained here."""
    if header.architecture not in TRAINABLE or header.later_parts or not trained_weights(header):
        kinds = ", ".join(sorted(TRAINABLE))
        kind = header.architecture if not header.later_parts else "split"
        raise ModelError(ErrorCode.NOT_TRAINABLE, file=file, kind=kind, kinds=kinds)


def is_coarse(header: GgufHeader) -> bool:
    """Whether so much was rounded away that an adapter learns on another model than was meant."""
    return any(tensor.type_label in _COARSE for tensor in header.tensors)


def trained_weights(header: GgufHeader) -> dict[str, tuple[int, int]]:
    """Return columns and rows of each matrix that gets an adapter, by name."""
    found = {}
    for tensor in header.tensors:
        part = tensor.name.removesuffix(".weight").rpartition(".")[2]
        if part in TRAINED_MATRICES and tensor.name.endswith(".weight") and len(tensor.shape) == 2:
            found[tensor.name] = (tensor.shape[0], tensor.shape[1])
    return found


def training_size(header: GgufHeader, settings: TrainingSettings, longest: int) -> TrainingSize:
    """Return the size of training with examples of at most `longest` tokens.

    Weights lie in memory as whole floats. Beside them are those of the adapter, and what each layer
    computes of the longest example, which is kept until its gradients are known.
    """
    matrices = trained_weights(header).values()
    parameters = sum(settings.rank * (columns + rows) for columns, rows in matrices)
    longest = max(longest, READ_TOGETHER)
    weights = sum(prod(tensor.shape) for tensor in header.tensors) * _FLOAT
    wide = 14 * header.embedding_length + 6 * header.architecture_number("feed_forward_length")
    kept = header.block_count * longest * (wide + 2 * header.head_count * longest) * _FLOAT
    outputs = 3 * longest * header.vocabulary_size * _FLOAT
    memory = _PROGRAM_BYTES + weights + parameters * _FLOAT * _OPTIMIZER_COPIES + kept + outputs
    return TrainingSize(parameters, memory)
