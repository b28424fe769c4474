"""Download plans: what is wanted, and which files of a repository that is."""

import re
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from msgspec import Struct, structs

from core.base.errors import ErrorCode, NetworkError
from core.base.lazy_regex import lazy_pattern
from core.gguf.split_files import MOST_PARTS, is_later_part, part_paths, stem_without_part
from core.messages import DownloadTarget, HubFile
from core.models.model_catalog import CatalogFile, CatalogModel
from core.models.quantizations.catalog_header import estimate_bytes

DEFAULT_QUANTIZATIONS = ("Q4_K_M", "Q4_K_S", "Q4_0", "Q5_K_M", "Q8_0")
"""Preferred quantizations when none is named; the first that exists is used."""
SHOWN_CHOICES = 12
_QUANTIZATION = lazy_pattern(
    r"(?:^|[-._])((?:UD-)?(?:IQ[1-8]_[A-Z0-9_]+|Q[1-8]_[A-Z0-9_]+|TQ[12]_0"
    r"|MXFP4(?:_MOE)?|BF16|F16|FP16|F32))$",
    re.IGNORECASE,
)
_REQUEST = lazy_pattern(
    r"(?P<repository>[\w.-]+/[\w.-]+?)(?:@(?P<revision>[\w./-]+?))?(?::(?P<choice>.+))?"
)
_SCHEME = lazy_pattern(r"https?://[^/]+/|(?:hf\.co|huggingface\.co)/")
_NO_MODELS = ("mmproj", "imatrix")
"""Words in the names of .gguf files that are no models."""


class ModelDownloadRequest(NamedTuple):
    """A repository, and which of its models: a quantization, a file, or "" for the default.

    `model` is the catalog entry, if the request named one.
    """

    repository: str
    choice: str
    revision: str = "main"
    model: CatalogModel | None = None


class DownloadPlan(
    Struct, frozen=True, kw_only=True, rename={"download_id": "fetch_id", "request": "wish"}
):
    """The files of one download, shown before it starts. `request` is what the person typed.

    `host` would be asked; a target of `files` is where the file goes. Written to disk.
    """

    download_id: str
    request: str
    host: str
    endpoint: str
    repository: str
    commit: str
    files: tuple[DownloadTarget, ...]
    licence: str
    gated: bool = False
    is_chat_model: bool = True

    @property
    def total_bytes(self) -> int:
        """Bytes of all files."""
        return sum(file.size for file in self.files)

    @property
    def target(self) -> str:
        """The path of the file, or of its first part, that becomes a model."""
        return self.files[0].target

    @property
    def name(self) -> str:
        """The name shown to people."""
        return stem_without_part(Path(self.files[0].name))


def parse_download_request(text: str, catalog: Sequence[CatalogModel]) -> ModelDownloadRequest:
    """Parse CATALOG-ENTRY[:QUANTIZATION] or OWNER/REPOSITORY[@REVISION][:QUANTIZATION-OR-FILE].

    The address of a repository's page is accepted too. Raises NetworkError.
    """
    text = text.strip()
    name, _colon, quantization = text.partition(":")
    for model in catalog:
        if name.casefold() in {model.id.casefold(), model.name.casefold()}:
            return ModelDownloadRequest(model.repository, quantization.strip(), model=model)
    match = _REQUEST.fullmatch(_SCHEME.sub("", text, count=1).rstrip("/"))
    if match is None or ".." in match["repository"]:
        raise NetworkError(ErrorCode.FETCH_WISH, wish=text)
    return ModelDownloadRequest(
        match["repository"], match["choice"] or "", match["revision"] or "main"
    )


def files_from_catalog(request: ModelDownloadRequest) -> tuple[HubFile, ...]:
    """Return the files of a request if the catalog has size and SHA-256 of all, else none."""
    if request.model is None:
        return ()
    meant = _catalog_files(request.model, request.choice)
    if not meant or not all(file.bytes and file.sha256 for file in meant):
        return ()
    return tuple(
        HubFile(name=file.name, size=file.bytes or 0, digest=f"sha256:{file.sha256}")
        for file in meant
    )


def estimate_files(request: ModelDownloadRequest) -> tuple[HubFile, ...]:
    """Return the files of a catalog's chat model with computed sizes, none for anything else."""
    if request.model is None or request.model.kind != "chat":
        return ()
    return tuple(
        HubFile(name=file.name, size=size, digest="")
        for file in _catalog_files(request.model, request.choice)
        if (size := file.bytes or estimate_bytes(request.model, file.level))
    )


def select_files(request: ModelDownloadRequest, listed: Sequence[HubFile]) -> tuple[HubFile, ...]:
    """Return the files of a repository that a request means, all parts of a split model.

    Raises NetworkError when none or several fit.
    """
    by_name = {file.name: file for file in listed}
    if request.model is not None:
        names = [file.name for file in _catalog_files(request.model, request.choice)]
        if names and all(name in by_name for name in names):
            return tuple(by_name[name] for name in names)
    models = [file for file in listed if _is_model(file.name)]
    groups = {file.name: parts for file in models if (parts := _with_parts(file, by_name))}
    found = _matching(request, list(groups))
    if len(found) == 1:
        return groups[found[0]]
    choices = _shown(groups)
    repository, choice = request.repository, request.choice or "*"
    if not found:
        raise NetworkError(
            ErrorCode.FETCH_NOTHING, repository=repository, choice=choice, choices=choices or "–"
        )
    raise NetworkError(
        ErrorCode.FETCH_AMBIGUOUS,
        repository=repository,
        choice=choice,
        choices=_shown(found),
        example=f"{repository}:{found[0]}",
    )


def quantization_of_file(name: str) -> str:
    """Return the quantization in a file's name, "" if there is none."""
    match = _QUANTIZATION.search(stem_without_part(Path(name)))
    return match[1].upper() if match else ""


def assign_targets(
    files: Iterable[HubFile], folder: Path, taken: Iterable[DownloadTarget]
) -> tuple[DownloadTarget, ...]:
    """Return files with their targets: in `folder`, under their own names.

    If another download (`taken`) or another file has a name, all go into a numbered subfolder.
    """
    files = tuple(files)
    others = {file.target: file.digest for file in taken}
    for number in range(1, 1000):
        wanted = tuple(_placed(file, folder, number) for file in files)
        if all(others.get(file.target, file.digest) == file.digest for file in wanted) and not any(
            _is_another(file) for file in wanted
        ):
            break
    return wanted


def _is_another(file: DownloadTarget) -> bool:
    """Whether another file has the target's name; one of the same size is an earlier download."""
    target = Path(file.target)
    return target.exists() and not (target.is_file() and target.stat().st_size == file.size)


def _placed(file: HubFile, folder: Path, number: int) -> DownloadTarget:
    name = Path(file.name).name
    place = folder if number == 1 else folder / str(number)
    return DownloadTarget(
        name=file.name, target=str(place / name), size=file.size, digest=file.digest
    )


def plan_in_folder(plan: DownloadPlan, folder: Path) -> DownloadPlan:
    """Return a plan whose files keep their paths within the repository, under `folder`."""
    files = tuple(
        structs.replace(file, target=str(folder.joinpath(*file.name.split("/"))))
        for file in plan.files
    )
    return structs.replace(plan, files=files, is_chat_model=False)


def _catalog_files(model: CatalogModel, choice: str) -> tuple[CatalogFile, ...]:
    if model.kind != "chat":
        return model.files
    quantizations = (choice,) if choice else DEFAULT_QUANTIZATIONS
    for quantization in quantizations:
        for file in model.files:
            if quantization.casefold() in {file.level.casefold(), file.name.casefold()}:
                return (file,)
    return ()


def _is_model(name: str) -> bool:
    """Whether a file is a model, or the first part of one."""
    file = Path(name)
    plain = not any(part in {"", ".", ".."} for part in name.split("/")) and "\\" not in name
    helps = any(word in file.name.casefold() for word in _NO_MODELS)
    is_gguf = file.suffix.lower() == ".gguf"
    return plain and is_gguf and not helps and not is_later_part(file)


def _with_parts(first: HubFile, by_name: dict[str, HubFile]) -> tuple[HubFile, ...]:
    """Return a file with the later parts of its model; none if one of them is missing."""
    match = re.search(r"-00001-of-(\d{5})\.gguf$", first.name)
    if match is None:
        return (first,)
    count = int(match[1])
    if count > min(len(by_name), MOST_PARTS):
        return ()
    names = [path.as_posix() for path in part_paths(Path(first.name), count)]
    return tuple(by_name[name] for name in names) if all(map(by_name.get, names)) else ()


def _matching(request: ModelDownloadRequest, names: list[str]) -> list[str]:
    """Return the files, or first parts, that the choice of a request means."""
    choice = request.choice.casefold()
    if not choice:
        if len(names) == 1:
            return names
        for quantization in DEFAULT_QUANTIZATIONS:
            if found := [name for name in names if quantization_of_file(name) == quantization]:
                return found
        return names
    tries = (
        [name for name in names if choice in {name.casefold(), Path(name).name.casefold()}],
        [name for name in names if choice == stem_without_part(Path(name)).casefold()],
        [name for name in names if choice == quantization_of_file(name).casefold()],
        [
            name
            for name in names
            if choice == quantization_of_file(name).casefold().removeprefix("ud-")
        ],
    )
    return next(filter(None, tries), [])


def _shown(names: Collection[str]) -> str:
    """List the first quantizations; file names where two have the same."""
    choices = list(dict.fromkeys(quantization_of_file(name) or name for name in names))
    if len(choices) < len(names):
        choices = list(names)
    more = ", …" if len(choices) > SHOWN_CHOICES else ""
    return ", ".join(choices[:SHOWN_CHOICES]) + more
