"""The files of the shelf that are levels of one model."""

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from core import gguf
from core.errors import InglenookError
from core.gguf import Header
from core.models.entry import ModelEntry
from core.models.levels import bits_of
from core.models.same_model import are_same


class Sibling(NamedTuple):
    """One level of a model that is here."""

    entry: ModelEntry
    header: Header

    @property
    def bits(self) -> float:
        """Bits a weight, as published for its level, else as counted."""
        known = bits_of(self.entry.quantization)
        return known or 8 * self.entry.bytes_on_disk / max(self.entry.parameters, 1)


def siblings_of(entry: ModelEntry, shelf: Iterable[ModelEntry]) -> list[Sibling]:
    """Return `entry` and what of the shelf is the same model, the best level first.

    Raises ModelError if `entry` can't be read; others that can't are left out.
    """
    own = Sibling(entry, gguf.read_header(Path(entry.path)))
    found = [own]
    for other in shelf:
        if other.path == entry.path or other.problem_code or not _may_be(entry, other):
            continue
        try:
            header = gguf.read_header(Path(other.path))
        except InglenookError:
            continue
        if are_same(own.header, header):
            found.append(Sibling(other, header))
    return sorted(found, key=lambda each: (each.bits, each.entry.bytes_on_disk), reverse=True)


def _may_be(one: ModelEntry, other: ModelEntry) -> bool:
    """Tell most others from what the shelf knows, without reading their files."""
    return (one.architecture, one.parameters, one.vocabulary) == (
        other.architecture,
        other.parameters,
        other.vocabulary,
    )
