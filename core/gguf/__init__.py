"""Header and tensor table of a GGUF file, read and validated in pure Python."""

from core.gguf.header import (
    Header,
    LongArray,
    TensorInfo,
    Value,
    check_architecture,
    fingerprint,
)
from core.gguf.reader import read_header

__all__ = [
    "Header",
    "LongArray",
    "TensorInfo",
    "Value",
    "check_architecture",
    "fingerprint",
    "read_header",
]
