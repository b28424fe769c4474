"""Adapters that a question wants, checked before anything is saved or native code sees them."""

from collections.abc import Callable, Sequence
from pathlib import Path

from core.errors import Code, ModelError
from core.gguf import Header, check_adapter, is_adapter, read_header
from core.messages import Adapter
from core.models.entry import ModelEntry


def check_adapters(adapters: Sequence[Adapter], model_path: str) -> None:
    """Raise ModelError for the first that is gone, damaged, or made for another model."""
    if not adapters:
        return
    base = read_header(Path(model_path))
    for adapter in adapters:
        check_adapter(_header(adapter.path), base)


class AdapterDesk:
    """What a front end asks about adapters, before a question goes through them."""

    def __init__(self, chosen: Callable[[], ModelEntry | None]) -> None:
        self._chosen = chosen

    def holds(self, path: str) -> bool:
        """Whether a file says that it is an adapter; one that can't be read doesn't."""
        try:
            return is_adapter(read_header(Path(path)))
        except ModelError:
            return False

    def take(self, path: str) -> Adapter:
        """Return the adapter at `path`. Raises ModelError if the chosen model can't have it."""
        chosen = self._chosen()
        if chosen is None:
            raise ModelError(Code.NO_MODEL)
        adapter = Adapter(path=path)
        check_adapters((adapter,), chosen.path)
        return adapter


def _header(path: str) -> Header:
    try:
        return read_header(Path(path))
    except ModelError as error:
        if error.code is Code.MODEL_GONE:
            raise ModelError(Code.ADAPTER_GONE, path=path) from error
        raise
