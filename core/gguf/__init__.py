"""GGUF headers and tensor tables, read and validated in pure Python."""

from core.gguf.gguf_header import (
    GgufHeader,
    OmittedValue,
    TensorInfo,
    Value,
    check_architecture,
    fingerprint,
)
from core.gguf.lora_adapter_check import check_adapter, is_adapter
from core.gguf.split_files import (
    first_part,
    is_later_part,
    model_files,
    read_header,
    stem_without_part,
)

__all__ = [
    "GgufHeader",
    "OmittedValue",
    "TensorInfo",
    "Value",
    "check_adapter",
    "check_architecture",
    "fingerprint",
    "first_part",
    "is_adapter",
    "is_later_part",
    "model_files",
    "read_header",
    "stem_without_part",
]
