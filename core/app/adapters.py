"""Adapters: those on the shelf, and what a question wants, checked before native code sees it."""

import math
import os
from collections.abc import Callable, Sequence
from pathlib import Path

from core.errors import Code, ModelError
from core.gguf import Header, check_adapter, is_adapter, read_header
from core.messages import Adapter
from core.models.entry import AdapterEntry, ModelEntry
from core.models.shelf import Shelf

MOST_SCALE = 10.0


def check_adapters(adapters: Sequence[Adapter], model_path: str) -> None:
    """Raise ModelError for the first that is gone, damaged, or made for another model."""
    if not adapters:
        return
    base = read_header(Path(model_path))
    for adapter in adapters:
        check_adapter(_header(adapter.path), base)


def adapter_from(text: str) -> Adapter:
    """Return what "PATH" or "PATH=SCALE" means. Raises ValueError for a scale out of bounds.

    A path may hold "=" too: what stands behind the last one is a scale if it is a number.
    """
    path, sign, behind = text.rpartition("=")
    scale = 1.0
    if sign and path and not Path(text).exists():
        try:
            scale, text = float(behind), path
        except ValueError:
            scale = 1.0
    if not (math.isfinite(scale) and abs(scale) <= MOST_SCALE):
        raise ValueError(behind)
    return Adapter(path=os.path.abspath(Path(text).expanduser()), scale=scale)  # noqa: PTH100 - resolve follows links


def adapters_from(text: str) -> tuple[Adapter, ...]:
    """Return what several adapters parted by ";" mean. Raises ModelError for a wrong scale."""
    found = []
    for part in filter(None, (part.strip() for part in text.split(";"))):
        try:
            found.append(adapter_from(part))
        except ValueError:
            raise ModelError(Code.ADAPTER_SCALE, text=part) from None
    return tuple(found)


def written_adapters(adapters: Sequence[Adapter]) -> str:
    """Return adapters as `adapters_from` reads them."""
    return "; ".join(f"{adapter.path}={adapter.scale:g}" for adapter in adapters)


class AdapterDesk:
    """What a front end asks about adapters, before a question goes through them."""

    def __init__(self, shelf: Shelf, chosen: Callable[[], ModelEntry | None]) -> None:
        self._shelf = shelf
        self._chosen = chosen

    def all(self) -> tuple[AdapterEntry, ...]:
        """Return the adapters on the shelf; those that can't be used say why."""
        return self._shelf.adapters()

    def beside(self, path: str) -> tuple[AdapterEntry, ...]:
        """Return the adapters on the shelf that the model in the file `path` can have."""
        try:
            base = read_header(Path(path))
        except ModelError:
            return ()
        return tuple(each for each in self._shelf.adapters() if _goes_with(each, base))

    def holds(self, path: str) -> bool:
        """Whether a file says that it is an adapter; one that can't be read doesn't."""
        try:
            return is_adapter(read_header(Path(path)))
        except ModelError:
            return False

    def named(self, name: str) -> str:
        """Return the path of the adapter on the shelf called `name`, "" when there is none."""
        return next((each.path for each in self._shelf.adapters() if each.ref == name), "")

    def take(self, path: str, scale: float = 1.0) -> Adapter:
        """Return the adapter at `path`. Raises ModelError if the chosen model can't have it."""
        chosen = self._chosen()
        if chosen is None:
            raise ModelError(Code.NO_MODEL)
        adapter = Adapter(path=path, scale=scale)
        check_adapters((adapter,), chosen.path)
        return adapter


def _goes_with(entry: AdapterEntry, base: Header) -> bool:
    if entry.problem_code or entry.architecture != base.architecture:
        return False
    try:
        check_adapter(_header(entry.path), base)
    except ModelError:
        return False
    return True


def _header(path: str) -> Header:
    try:
        return read_header(Path(path))
    except ModelError as error:
        if error.code is Code.MODEL_GONE:
            raise ModelError(Code.ADAPTER_GONE, path=path) from error
        raise
