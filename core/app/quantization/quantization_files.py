"""Registered model files that are quantizations of the same model."""

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from core import gguf
from core.base.errors import InglenookError
from core.gguf import GgufHeader
from core.models.info.model_entry import ModelEntry
from core.models.quantizations.quantization_types import published_bits
from core.models.quantizations.same_model import are_same_model


class QuantizationFile(NamedTuple):
    """A registered file, with its header."""

    entry: ModelEntry
    header: GgufHeader

    @property
    def bits(self) -> float:
        """Bits per weight: the published ones of its quantization, else computed."""
        known = published_bits(self.entry.quantization)
        return known or 8 * self.entry.bytes_on_disk / max(self.entry.parameters, 1)


def find_quantization_files(
    entry: ModelEntry, models: Iterable[ModelEntry]
) -> list[QuantizationFile]:
    """Return the files of the same model as `entry`, the best quantization first.

    Raises ModelError if `entry` can't be read; other unreadable files are left out.
    """
    own = QuantizationFile(entry, gguf.read_header(Path(entry.path)))
    found = [own]
    for other in models:
        if other.path == entry.path or other.problem_code or not _may_be_same_model(entry, other):
            continue
        try:
            header = gguf.read_header(Path(other.path))
        except InglenookError:
            continue
        if are_same_model(own.header, header):
            found.append(QuantizationFile(other, header))
    return sorted(found, key=lambda each: (each.bits, each.entry.bytes_on_disk), reverse=True)


def _may_be_same_model(one: ModelEntry, other: ModelEntry) -> bool:
    """Rule out most other models without reading their files."""
    return (one.architecture, one.parameters, one.vocabulary) == (
        other.architecture,
        other.parameters,
        other.vocabulary,
    )
