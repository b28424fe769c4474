"""Adapters that a question wants, checked before anything is saved or native code sees them."""

from collections.abc import Sequence
from pathlib import Path

from core.errors import Code, ModelError
from core.gguf import Header, check_adapter, is_adapter, read_header
from core.messages import Adapter


def check_adapters(adapters: Sequence[Adapter], model_path: str) -> None:
    """Raise ModelError for the first that is gone, damaged, or made for another model."""
    if not adapters:
        return
    base = read_header(Path(model_path))
    for adapter in adapters:
        check_adapter(_header(adapter.path), base)


def holds_adapter(path: str) -> bool:
    """Whether the file at `path` says that it is an adapter; a file that can't be read doesn't."""
    try:
        return is_adapter(read_header(Path(path)))
    except ModelError:
        return False


def _header(path: str) -> Header:
    try:
        return read_header(Path(path))
    except ModelError as error:
        if error.code is Code.MODEL_GONE:
            raise ModelError(Code.ADAPTER_GONE, path=path) from error
        raise
