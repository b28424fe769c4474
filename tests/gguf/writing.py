"""Writes small GGUF files byte by byte, right ones and broken ones."""

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

U8, I8, U16, I16, U32, I32, F32, BOOL, STRING, ARRAY, U64, I64, F64 = range(13)
_FORMS = {
    U8: "<B", I8: "<b", U16: "<H", I16: "<h", U32: "<I", I32: "<i", F32: "<f", BOOL: "<?",
    U64: "<Q", I64: "<q", F64: "<d",
}  # fmt: skip


def text(value: str | bytes) -> bytes:
    raw = value.encode() if isinstance(value, str) else value
    return struct.pack("<Q", len(raw)) + raw


def value(type_id: int, content: Any) -> bytes:
    """Return type and content of a fact; an array's content is (type, values)."""
    if type_id == ARRAY:
        inner, values = content
        body = b"".join(_bare(inner, item) for item in values)
        return struct.pack("<IIQ", ARRAY, inner, len(values)) + body
    return struct.pack("<I", type_id) + _bare(type_id, content)


def _bare(type_id: int, content: Any) -> bytes:
    return text(content) if type_id == STRING else struct.pack(_FORMS[type_id], content)


def fact(key: str | bytes, type_id: int, content: Any) -> bytes:
    return text(key) + value(type_id, content)


@dataclass(frozen=True)
class Tensor:
    """One line of the tensor table, in the file's own terms; `size` is its share of the data."""

    name: str | bytes = "token_embd.weight"
    shape: tuple[int, ...] = (32, 4)
    type_id: int = 0
    offset: int = 0
    size: int = 512
    dimensions: int | None = None

    def encode(self) -> bytes:
        count = len(self.shape) if self.dimensions is None else self.dimensions
        shape = b"".join(struct.pack("<Q", number) for number in self.shape)
        return (
            text(self.name)
            + struct.pack("<I", count)
            + shape
            + struct.pack("<IQ", self.type_id, self.offset)
        )


VOCABULARY = ("<unk>", "<s>", "</s>", "a")


def facts(
    architecture: str = "llama", figures: Mapping[str, int | bytes] | None = None
) -> dict[str, bytes]:
    """Return the facts of a tiny model, encoded; `figures` replace or add some by name."""
    numbers: dict[str, int | bytes] = {
        "block_count": 1, "context_length": 64, "embedding_length": 32,
        "feed_forward_length": 64, "attention.head_count": 2, **(figures or {}),
    }  # fmt: skip
    named = {
        "general.architecture": value(STRING, architecture),
        "tokenizer.ggml.model": value(STRING, "llama"),
        "tokenizer.ggml.tokens": value(ARRAY, (STRING, VOCABULARY)),
        "tokenizer.ggml.scores": value(ARRAY, (F32, (0.0,) * 4)),
        "tokenizer.ggml.token_type": value(ARRAY, (I32, (1,) * 4)),
    }
    return named | {
        f"{architecture}.{key}": item if isinstance(item, bytes) else value(U32, item)
        for key, item in numbers.items()
    }


@dataclass(frozen=True)
class Gguf:
    """A file to be written. Counts that are None are counted; `extra` stands after the facts."""

    magic: bytes = b"GGUF"
    version: int = 3
    key_count: int | None = None
    tensor_count: int | None = None
    facts: dict[str, bytes] = field(default_factory=facts)
    extra: tuple[bytes, ...] = ()
    tensors: tuple[Tensor, ...] = (Tensor(),)
    alignment: int = 32
    cut: int = 0

    def encode(self) -> bytes:
        keys = len(self.facts) + len(self.extra) if self.key_count is None else self.key_count
        tensors = len(self.tensors) if self.tensor_count is None else self.tensor_count
        header = self.magic + struct.pack("<IQQ", self.version, tensors, keys)
        header += b"".join(text(key) + raw for key, raw in self.facts.items())
        header += b"".join(self.extra)
        header += b"".join(tensor.encode() for tensor in self.tensors)
        header += bytes(-len(header) % self.alignment)
        body = b"".join(
            bytes(tensor.size + -tensor.size % self.alignment) for tensor in self.tensors
        )
        whole = header + body
        return whole[: len(whole) - self.cut]

    def write(self, path: Path) -> Path:
        path.write_bytes(self.encode())
        return path

    def with_fact(self, key: str, type_id: int, content: Any) -> "Gguf":
        return replace(self, facts={**self.facts, key: value(type_id, content)})

    def without(self, key: str) -> "Gguf":
        return replace(self, facts={k: raw for k, raw in self.facts.items() if k != key})
