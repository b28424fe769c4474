"""Catalog of downloadable models: a list that ships with the program and is read offline.

The list holds what could be verified: names, figures with their source. Sizes and hashes of files
that nobody here has seen are left out; the hub is asked for them when a person presses Fetch.
"""

from pathlib import Path
from typing import Any, Literal

import msgspec
from msgspec import Struct

from core.base.errors import ErrorCode, ModelError
from core.base.i18n import _
from core.base.paths import resources_folder

ModelKind = Literal["chat", "embedder", "reranker"]
ModelUse = Literal["chat", "coding", "reasoning", "multilingual", "documents", "small"]
"""What a model is good for; "small": runs where hardly anything else does."""


class ModelDimensions(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a GGUF header would say: sizes in numbers, lengths of heads and caches in numbers.

    `tied`: the table of tokens serves the outputs too. With experts, `expert_feed_forward` is the
    width of one. `window`: tokens that layers with a sliding window see, 0 for none.
    """

    layers: int
    embedding: int
    feed_forward: int
    heads: int
    kv_heads: int
    head_length: int
    vocabulary: int
    tied: bool = False
    experts: int = 0
    experts_used: int = 0
    expert_feed_forward: int = 0
    window: int = 0


class CatalogFile(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One file of a repository. `level` is "" for a part of an embedder's or reranker's folder.

    `bytes` and `sha256` are None and "" unless `source` vouches for them.
    """

    level: str
    name: str
    bytes: int | None = None
    sha256: str = ""
    source: str = ""


class CatalogModel(Struct, frozen=True, kw_only=True):
    """A model of the list. `parameters` and `active` (used for each token) are counts.

    `repository` holds its files on the hub; a chat model's are its levels, the lowest first, and
    all `files` of an embedder or reranker together make its folder. `licence` is an SPDX name, or
    the maker's own. `source` names where parameters, context and `figures` are from. Of the
    `starter` models the largest that fits is what a new person is offered.
    """

    id: str
    name: str
    family: str
    kind: ModelKind
    architecture: str
    parameters: int
    active: int
    context: int
    licence: str
    maker: str
    repository: str
    files: tuple[CatalogFile, ...]
    good_for: tuple[ModelUse, ...]
    source: str
    figures: ModelDimensions | None
    starter: bool

    def file_for_quantization(self, level: str) -> CatalogFile | None:
        """Return the file of a level, None where the repository has none."""
        return next((each for each in self.files if each.level == level), None)


class _Entry(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A model as the list is written: files are a pattern with {level}, or named one by one."""

    id: str
    name: str
    family: str
    kind: ModelKind
    architecture: str
    parameters: int
    context: int
    licence: str
    maker: str
    repository: str
    good_for: tuple[ModelUse, ...]
    source: str
    active: int = 0
    pattern: str = ""
    levels: tuple[str, ...] = ()
    folder: tuple[str, ...] = ()
    file: tuple[CatalogFile, ...] = ()
    figures: ModelDimensions | None = None
    starter: bool = False


class _Catalog(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    version: Literal[1]
    model: tuple[_Entry, ...]


def catalog_path() -> Path:
    """Return the list that ships with the program."""
    return resources_folder() / "catalog" / "models.toml"


def load_catalog(path: Path | None = None) -> tuple[CatalogModel, ...]:
    """Return the models of the list in its order. Raises ModelError(CATALOG_INVALID)."""
    import tomllib  # noqa: PLC0415 - not for the first paint

    path = path or catalog_path()
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        entries = msgspec.convert(content, _Catalog).model
        models = tuple(_model(entry) for entry in entries)
        _check(models)
    except (OSError, ValueError, RecursionError) as error:
        # tomllib's, msgspec's and the decoder's errors are all a ValueError.
        detail = error.strerror if isinstance(error, OSError) else str(error)
        raise ModelError(
            ErrorCode.CATALOG_INVALID, file=path.name, detail=_named(detail or "", path)
        ) from error
    return models


def _model(entry: _Entry) -> CatalogModel:
    fields: dict[str, Any] = msgspec.structs.asdict(entry)
    pattern, levels = fields.pop("pattern"), fields.pop("levels")
    folder, single = fields.pop("folder"), fields.pop("file")
    files = [CatalogFile(level=level, name=_filled(pattern, level)) for level in levels]
    files += [CatalogFile(level="", name=name) for name in folder]
    fields["active"] = entry.active or entry.parameters
    return CatalogModel(files=(*files, *single), **fields)


def _filled(pattern: str, level: str) -> str:
    if "{level}" not in pattern and "{lower}" not in pattern:
        raise ValueError(f"`{pattern}` names no level")
    return pattern.replace("{level}", level).replace("{lower}", level.lower())


def _check(models: tuple[CatalogModel, ...]) -> None:
    """Raise ValueError for what the types can't say."""
    seen: set[str] = set()
    for model in models:
        names = [file.name for file in model.files]
        if model.id in seen:
            raise ValueError(f"`{model.id}` is there twice")
        if not names or len(names) != len(set(names)):
            raise ValueError(f"`{model.id}` lacks files, or names one twice")
        for file in model.files:
            if not _is_plain(file.name) or bool(file.level) != (model.kind == "chat"):
                raise ValueError(f"`{file.name}` of `{model.id}` is no file of its kind")
            if (file.bytes or file.sha256) and not file.source:
                raise ValueError(f"`{file.name}` has a size or hash without a source")
        if min(model.parameters, model.active, model.context) <= 0:
            raise ValueError(f"`{model.id}` has a figure that is none")
        seen.add(model.id)


def _is_plain(name: str) -> bool:
    """Whether a name stays within its repository and its folder."""
    parts = name.split("/")
    return "\\" not in name and ":" not in name and not {"", ".", ".."} & set(parts)


def _named(detail: str, path: Path) -> str:
    """Say which model an index in an error of the types means, where it names one."""
    place = detail.rpartition("$.model[")[2].partition("]")[0]
    if not place.isdigit():
        return detail
    import tomllib  # noqa: PLC0415 - not for the first paint

    try:
        model = tomllib.loads(path.read_text(encoding="utf-8"))["model"][int(place)]
        name = model.get("id", place)
    except (OSError, ValueError, LookupError):
        return detail
    return _("{detail} (in “{name}”)").format(detail=detail, name=name)
