"""Header and tensor table of a GGUF file, read and validated in pure Python."""

from core.gguf.adapters import check_adapter, is_adapter
from core.gguf.header import (
    Header,
    LongArray,
    TensorInfo,
    Value,
    check_architecture,
    fingerprint,
)
from core.gguf.parts import first_part, is_later_part, read_header, whole_name

__all__ = [
    "Header",
    "LongArray",
    "TensorInfo",
    "Value",
    "check_adapter",
    "check_architecture",
    "fingerprint",
    "first_part",
    "is_adapter",
    "is_later_part",
    "read_header",
    "whole_name",
]
