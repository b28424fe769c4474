"""LoRA adapters: parsing, listing, and checks against the base model before use."""

import math
import os
import re
from collections.abc import Callable, Sequence
from pathlib import Path

from core.base.errors import ErrorCode, ModelError
from core.gguf import GgufHeader, check_adapter, is_adapter, read_header
from core.messages import Adapter
from core.models.info.model_entry import AdapterEntry, ModelEntry
from core.models.registry.model_registry import ModelRegistry

MAX_SCALE = 10.0
_NUMBER = re.compile(r"-\d+$")
"""What `unique_name` adds to a name that is taken."""


def check_adapters(adapters: Sequence[Adapter], model_path: str) -> None:
    """Raise ModelError for the first that is gone, damaged, or made for another model."""
    if not adapters:
        return
    base = read_header(Path(model_path))
    for adapter in adapters:
        check_adapter(_header(adapter.path), base)


def fitting_adapters(adapters: Sequence[Adapter], model_path: str) -> tuple[Adapter, ...]:
    """Return adapters without those that were made for another model.

    One that is gone or damaged stays: `check_adapters` then says so.
    """
    return tuple(each for each in adapters if not _is_for_another(each, model_path))


def _is_for_another(adapter: Adapter, model_path: str) -> bool:
    try:
        check_adapters((adapter,), model_path)
    except ModelError as error:
        return error.code is ErrorCode.ADAPTER_MISMATCH
    return False


def parse_adapter(text: str) -> Adapter:
    """Return what "PATH" or "PATH=SCALE" means. Raises ValueError for a scale out of bounds.

    A path may contain "=", too: what follows the last one is a scale if it is a number.
    """
    path, sign, number = text.rpartition("=")
    scale = 1.0
    if sign and path and not Path(text).exists():
        try:
            scale, text = float(number), path
        except ValueError:
            scale = 1.0
    if not (math.isfinite(scale) and abs(scale) <= MAX_SCALE):
        raise ValueError(number)
    return Adapter(path=os.path.abspath(Path(text).expanduser()), scale=scale)  # noqa: PTH100 - resolve follows links


def parse_adapters(text: str) -> tuple[Adapter, ...]:
    """Return adapters separated by ";". Raises ModelError for a wrong scale."""
    found = []
    for part in filter(None, (part.strip() for part in text.split(";"))):
        try:
            found.append(parse_adapter(part))
        except ValueError:
            raise ModelError(ErrorCode.ADAPTER_SCALE, text=part) from None
    return tuple(found)


def format_adapters(adapters: Sequence[Adapter]) -> str:
    """Return adapters as `parse_adapters` reads them."""
    return "; ".join(f"{adapter.path}={adapter.scale:g}" for adapter in adapters)


class AdapterService:
    """Finds adapters, and checks that a model can have them. `chosen` returns the chosen model."""

    def __init__(self, registry: ModelRegistry, chosen: Callable[[], ModelEntry | None]) -> None:
        self._registry = registry
        self._chosen = chosen

    def adapters_for_model(self, path: str) -> tuple[AdapterEntry, ...]:
        """Return the registered adapters that the model in the file `path` can have."""
        try:
            base = read_header(Path(path))
        except ModelError:
            return ()
        return tuple(each for each in self._registry.list_adapters() if _is_compatible(each, base))

    def adapters_for_chosen_model(self) -> tuple[AdapterEntry, ...]:
        """Return the registered adapters that the chosen model can have."""
        chosen = self._chosen()
        return self.adapters_for_model(chosen.path) if chosen else ()

    def is_adapter_file(self, path: str) -> bool:
        """Whether the header of a file says that it is an adapter; False if it can't be read."""
        try:
            return is_adapter(read_header(Path(path)))
        except ModelError:
            return False

    def find_adapter_path(self, name: str) -> str:
        """Return the path of the registered adapter called `name`, "" when there is none."""
        return next((each.path for each in self._registry.list_adapters() if each.ref == name), "")

    def with_newest_version(self, adapters: Sequence[Adapter], path: str) -> tuple[Adapter, ...]:
        """Return adapters with the one at `path` in place of earlier versions of it.

        Those have its name, in the same folder, where their files are told apart by a number.
        """
        entries = self._registry.list_adapters()
        made = next((each for each in entries if each.path == path), None)
        earlier = {each.path for each in entries if made and _is_version_of(each, made)}
        kept = (each for each in adapters if each.path not in earlier | {path})
        return (*kept, Adapter(path=path))

    def adapter_for_chosen_model(self, path: str) -> Adapter:
        """Return the adapter at `path`. Raises ModelError if the chosen model can't have it."""
        chosen = self._chosen()
        if chosen is None:
            raise ModelError(ErrorCode.NO_MODEL)
        adapter = Adapter(path=path)
        check_adapters((adapter,), chosen.path)
        return adapter


def _is_version_of(entry: AdapterEntry, other: AdapterEntry) -> bool:
    file, other_file = Path(entry.path), Path(other.path)
    return (
        bool(entry.name)
        and (entry.name, file.parent) == (other.name, other_file.parent)
        and _NUMBER.sub("", file.stem) == _NUMBER.sub("", other_file.stem)
    )


def _is_compatible(entry: AdapterEntry, base: GgufHeader) -> bool:
    if entry.problem_code or entry.architecture != base.architecture:
        return False
    try:
        check_adapter(_header(entry.path), base)
    except ModelError:
        return False
    return True


def _header(path: str) -> GgufHeader:
    try:
        return read_header(Path(path))
    except ModelError as error:
        if error.code is ErrorCode.MODEL_GONE:
            raise ModelError(ErrorCode.ADAPTER_GONE, path=path) from error
        raise
