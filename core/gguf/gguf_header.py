"""GGUF header: metadata, tensor table, the model's dimensions, and its fingerprint."""

import hashlib
from collections import Counter
from math import prod
from pathlib import Path

from msgspec import Struct

from core.base.errors import ErrorCode, ModelError
from core.base.i18n import _
from core.gguf.llama_tables import (
    CHAT_ARCHITECTURES,
    FILE_TYPES,
    OTHER_ARCHITECTURES,
    TENSOR_TYPES,
)

SAMPLES = 32
"""Tensors that a fingerprint looks into."""
_SAMPLE_BYTES = 4096

Scalar = bool | int | float | str


class OmittedValue(Struct, frozen=True):
    """A list (a vocabulary for instance) or text too long to keep: its type, and its length."""

    type_id: int
    length: int


Value = Scalar | tuple[Scalar, ...] | OmittedValue


class TensorInfo(Struct, frozen=True, array_like=True):
    """One line of the tensor table. `offset` counts from the file's start, both in bytes.

    `part` is the file it lies in: 0 for the first, or only one.
    """

    name: str
    shape: tuple[int, ...]
    type_id: int
    offset: int
    size: int
    part: int = 0

    @property
    def type_label(self) -> str:
        """The type as people write it, e.g. "Q4_K"."""
        return TENSOR_TYPES[self.type_id].label


class GgufHeader(Struct, frozen=True, kw_only=True):
    """A validated header. `size` is the file's, `data_offset` where its tensors start, in bytes.

    `later_parts` are the paths of the other files of a model that is cut into several; `size` is
    that of all of them then.

    Figures that the file doesn't give are 0 (or what llama.cpp would take instead, where said).
    """

    path: str
    size: int
    version: int
    alignment: int
    data_offset: int
    metadata: dict[str, Value]
    tensors: tuple[TensorInfo, ...]
    later_parts: tuple[str, ...] = ()

    def text(self, key: str) -> str:
        """Return a text value, "" when there is none."""
        value = self.metadata.get(key)
        return value if isinstance(value, str) else ""

    def architecture_number(self, key: str, default: int = 0) -> int:
        """Return a whole number under the architecture's prefix; of an array, the largest."""
        value = self.metadata.get(f"{self.architecture}.{key}")
        if isinstance(value, tuple):
            return max((item for item in value if isinstance(item, int)), default=default)
        return value if isinstance(value, int) else default

    def numbers_per_layer(self, key: str, default: int = 0) -> tuple[int, ...]:
        """Return a number for each layer: an array as given, else the same number everywhere."""
        value = self.metadata.get(f"{self.architecture}.{key}")
        if not isinstance(value, tuple):
            return (self.architecture_number(key, default),) * self.block_count
        numbers = [item if isinstance(item, int) else default for item in value]
        missing = self.block_count - len(numbers)
        return tuple(numbers[: self.block_count]) + (max(numbers, default=default),) * missing

    @property
    def architecture(self) -> str:
        """llama.cpp's name of the model's kind, e.g. "qwen3"."""
        return self.text("general.architecture")

    @property
    def name(self) -> str:
        """The name its maker gave, often with the training run in it."""
        return self.text("general.name")

    @property
    def is_later_part(self) -> bool:
        """Whether it is a part of a model, and not the first: such a file has no facts."""
        number = self.metadata.get("split.no")
        return isinstance(number, int) and number > 0

    @property
    def context_length(self) -> int:
        """Tokens it was trained to keep in view."""
        return self.architecture_number("context_length")

    @property
    def block_count(self) -> int:
        """Layers."""
        return self.architecture_number("block_count")

    @property
    def embedding_length(self) -> int:
        """Numbers per token between layers."""
        return self.architecture_number("embedding_length")

    @property
    def head_count(self) -> int:
        """Attention heads, of the layer that has most."""
        return self.architecture_number("attention.head_count")

    @property
    def kv_head_counts(self) -> tuple[int, ...]:
        """Heads whose keys and values are cached, layer by layer; as many as heads if not said."""
        return self.numbers_per_layer("attention.head_count_kv", self.head_count)

    @property
    def key_lengths(self) -> tuple[int, ...]:
        """Numbers per cached key and head, layer by layer."""
        return self._head_lengths("key_length")

    @property
    def value_lengths(self) -> tuple[int, ...]:
        """Numbers per cached value and head, layer by layer."""
        return self._head_lengths("value_length")

    @property
    def vocabulary_size(self) -> int:
        """Tokens it knows."""
        tokens = self.metadata.get("tokenizer.ggml.tokens")
        if isinstance(tokens, OmittedValue):
            return tokens.length
        return len(tokens) if isinstance(tokens, tuple) else self.architecture_number("vocab_size")

    @property
    def chat_template(self) -> str:
        """The Jinja text that lays out a chat."""
        return self.text("tokenizer.chat_template")

    @property
    def parameters(self) -> int:
        """Numbers in all tensors together."""
        return sum(prod(tensor.shape) for tensor in self.tensors)

    @property
    def quantization(self) -> str:
        """The level as its maker declared it, else the type that holds most of the numbers."""
        declared = self.metadata.get("general.file_type")
        if isinstance(declared, int) and declared in FILE_TYPES:
            return FILE_TYPES[declared]
        weights: Counter[str] = Counter()
        for tensor in self.tensors:
            weights[tensor.type_label] += prod(tensor.shape)
        return weights.most_common(1)[0][0] if weights else ""

    def _head_lengths(self, key: str) -> tuple[int, ...]:
        common = self.embedding_length // self.head_count if self.head_count else 0
        plain = self.numbers_per_layer(f"attention.{key}", common)
        # Layers with a sliding window may have a length of their own; the larger is the safe one.
        windowed = self.architecture_number(f"attention.{key}_swa")
        return tuple(max(length, windowed) for length in plain)


def check_architecture(header: GgufHeader, *, anyway: bool = False) -> None:
    """Raise ModelError for a model that this version can't chat with.

    `anyway` lets an architecture pass that this version doesn't know; llama.cpp may know it.
    """
    file = Path(header.path).name
    kind = header.text("general.type")
    if kind not in {"", "model"}:
        raise ModelError(ErrorCode.MODEL_NOT_CHAT, file=file, kind=kind)
    if header.architecture in OTHER_ARCHITECTURES:
        raise ModelError(ErrorCode.MODEL_NOT_CHAT, file=file, kind=header.architecture)
    if header.architecture not in CHAT_ARCHITECTURES and not anyway:
        raise ModelError(
            ErrorCode.ARCHITECTURE_UNKNOWN, file=file, architecture=header.architecture
        )
    if not header.tensors or not header.vocabulary_size:
        missing = _("weights") if not header.tensors else _("a vocabulary")
        raise ModelError(ErrorCode.GGUF_INVALID, file=file, detail=_("it lacks {}").format(missing))


def fingerprint(path: Path, header: GgufHeader) -> str:
    """Return a name for vocabulary, figures and weights, without reading all of those.

    It is the SHA-256 of all bytes before the first tensor, of the file's size, and of a page of
    SAMPLES tensors over the whole file: two trainings of one model differ in every tensor. Raises
    OSError.
    """
    digest = hashlib.sha256(header.size.to_bytes(8, "little"))
    step = max(len(header.tensors) // SAMPLES, 1)
    with path.open("rb") as file:
        digest.update(file.read(header.data_offset))
    sampled = header.tensors[::step]
    for number, part in enumerate((path, *map(Path, header.later_parts))):
        with part.open("rb") as file:
            for tensor in sampled:
                if tensor.part == number:
                    file.seek(tensor.offset + tensor.size // 2)
                    digest.update(file.read(_SAMPLE_BYTES))
    return digest.hexdigest()
