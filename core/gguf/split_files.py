"""Split models: several GGUF files read as the one model they are.

The first part carries all facts, the others tensors only. llama.cpp finds them by their names, so
what it would not find is refused here (llama.cpp, `llama_split_path` and `llama_split_prefix`).
"""

import re
from collections.abc import Iterable
from pathlib import Path

from msgspec import structs

from core.base.errors import ErrorCode, ModelError
from core.base.i18n import _
from core.base.lazy_regex import lazy_pattern
from core.gguf.gguf_header import GgufHeader, TensorInfo
from core.gguf.header_limits import InvalidHeader, check_header_numbers
from core.gguf.header_reader import read_file_header

MOST_PARTS = 1024
_NAME = lazy_pattern(r"(?P<stem>.+)-(?P<number>\d{5})-of-(?P<count>\d{5})\.gguf", re.DOTALL)


def read_header(path: Path) -> GgufHeader:
    """Read and validate the header of a model, of all its parts. Raises ModelError.

    `path` is the file, or the first part. Nothing is changed.
    """
    first = read_file_header(path)
    count = _figure(first, "split.count")
    if first.is_later_part:
        raise ModelError(
            ErrorCode.MODEL_SPLIT, file=path.name, count=str(count), first=first_part(path).name
        )
    if count < 2:
        return first
    try:
        return _joined(first, part_paths(path, count))
    except InvalidHeader as error:
        raise ModelError(ErrorCode.GGUF_INVALID, file=path.name, detail=str(error)) from error


def first_part(path: Path) -> Path:
    """Return the first part of what `path` is a later part of by its name, else `path`."""
    named = _NAME.fullmatch(path.name)
    if named is None or int(named["number"]) <= 1:
        return path
    return path.with_name(f"{named['stem']}-00001-of-{named['count']}.gguf")


def is_later_part(path: Path) -> bool:
    """Whether a file's name says that another one comes before it."""
    return first_part(path) != path


def stem_without_part(path: Path) -> str:
    """Return a file's name without the ending, and without the number of its part."""
    named = _NAME.fullmatch(path.name)
    if named:
        return named["stem"]
    return path.name[: -len(".gguf")] if path.name.lower().endswith(".gguf") else path.name


def part_paths(path: Path, count: int) -> list[Path]:
    """Return where the `count` parts lie whose first is `path`. Raises ModelError for odd names."""
    named = _NAME.fullmatch(path.name)
    if named is None or int(named["number"]) != 1 or int(named["count"]) != count:
        expected = f"…-00001-of-{count:05}.gguf"
        raise ModelError(
            ErrorCode.MODEL_PART_NAME, file=path.name, count=str(count), expected=expected
        )
    if count > MOST_PARTS:
        detail = _("it says it has {count} parts").format(count=count)
        raise ModelError(ErrorCode.GGUF_INVALID, file=path.name, detail=detail)
    stem = named["stem"]
    return [path.with_name(f"{stem}-{n:05}-of-{count:05}.gguf") for n in range(1, count + 1)]


def model_files(paths: Iterable[str]) -> tuple[str, ...]:
    """Return these files with all parts of those that are split, as far as their names tell."""
    found: dict[str, None] = {}
    for path in map(Path, paths):
        named = _NAME.fullmatch(path.name)
        is_first = named is not None and int(named["number"]) == 1
        count = int(named["count"]) if named is not None and is_first else 1
        parts = part_paths(path, count) if 1 < count <= MOST_PARTS else [path]
        found.update(dict.fromkeys(map(str, parts)))
    return tuple(found)


def _joined(first: GgufHeader, paths: list[Path]) -> GgufHeader:
    tensors, names = list(first.tensors), {tensor.name for tensor in first.tensors}
    size = first.size
    for number, path in enumerate(paths[1:], start=1):
        part = _part(path, number, len(paths))
        size += part.size
        for tensor in part.tensors:
            if tensor.name in names:
                raise InvalidHeader(_("two of its tensors have the same name"))
            names.add(tensor.name)
            tensors.append(_in_part(tensor, number))
    declared = _figure(first, "split.tensors.count")
    if declared and declared != len(tensors):
        found = _("its parts hold {found} tensors instead of {declared}")
        raise InvalidHeader(found.format(found=len(tensors), declared=declared))
    later = tuple(str(path) for path in paths[1:])
    whole = structs.replace(first, size=size, tensors=tuple(tensors), later_parts=later)
    check_header_numbers(whole)
    return whole


def _part(path: Path, number: int, count: int) -> GgufHeader:
    """Read a later part. Raises ModelError when it is missing or damaged, Invalid if it is none."""
    try:
        part = read_file_header(path)
    except ModelError as error:
        if error.code is ErrorCode.MODEL_GONE:
            raise ModelError(
                ErrorCode.MODEL_PART_MISSING,
                file=path.name,
                number=str(number + 1),
                count=str(count),
            ) from error
        raise
    if (_figure(part, "split.no"), _figure(part, "split.count")) != (number, count):
        raise InvalidHeader(_("{file} is no part of it").format(file=path.name))
    return part


def _in_part(tensor: TensorInfo, number: int) -> TensorInfo:
    return TensorInfo(tensor.name, tensor.shape, tensor.type_id, tensor.offset, tensor.size, number)


def _figure(header: GgufHeader, key: str) -> int:
    value = header.metadata.get(key)
    return value if isinstance(value, int) and not isinstance(value, bool) else 0
