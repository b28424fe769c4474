"""Comparison of model files: whether two files are quantizations of the same model."""

import re
from pathlib import Path

from core.base.lazy_regex import lazy_pattern
from core.gguf import GgufHeader, stem_without_part
from core.models.model_catalog import CatalogModel

_QUANTIZATION = lazy_pattern(
    r"[-._ ](I?Q\d(_\w+)?|T?Q\d_\d|BF16|F16|FP16|F32|MXFP4(_MOE)?)$", re.IGNORECASE
)


def without_quantization(name: str) -> str:
    """Return a file's name without the quantization at its end: "a-Q4_K_M" gives "a"."""
    return _QUANTIZATION.sub("", name)


def quantization_file_name(path: Path, level: str) -> str:
    """Return the name for another quantization: "a-Q8_0.gguf", "Q4_K_M" give "a-Q4_K_M.gguf"."""
    return f"{without_quantization(stem_without_part(path))}-{level}.gguf"


def are_same_model(one: GgufHeader, other: GgufHeader) -> bool:
    """Return whether both are quantizations of one model: same shapes, and the same name."""
    if (one.architecture, one.parameters, one.vocabulary_size) != (
        other.architecture,
        other.parameters,
        other.vocabulary_size,
    ):
        return False
    return bool(_names(one) & _names(other))


def find_catalog_model(
    header: GgufHeader, catalog: tuple[CatalogModel, ...]
) -> CatalogModel | None:
    """Return the catalog model of which a file is a quantization, None if there is none."""
    names = _names(header)
    file = Path(header.path).name.casefold()
    for model in catalog:
        if model.kind != "chat" or model.architecture != header.architecture:
            continue
        if any(Path(each.name).name.casefold() == file for each in model.files):
            return model
        if names & _catalog_names(model):
            return model
    return None


def _names(header: GgufHeader) -> set[str]:
    file = without_quantization(stem_without_part(Path(header.path)))
    return {plain for plain in (_plain(header.name), _plain(file)) if plain}


def _catalog_names(model: CatalogModel) -> set[str]:
    files = (without_quantization(stem_without_part(Path(each.name))) for each in model.files)
    return {_plain(model.name), *map(_plain, files)}


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.casefold())
