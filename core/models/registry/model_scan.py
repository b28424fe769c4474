"""Scan of folders and other programs' stores for model files that are new or changed."""

import os
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from msgspec import Struct

from core.base.errors import ErrorCode
from core.models.info.model_facts import (
    ModelFacts,
    is_unicode_path,
    read_facts_or_problem,
    read_stamp,
)
from core.models.info.model_fit_cache import CachedFit
from core.models.stores import StoreLocations, StoreModelFile, find_store_models
from core.models.stores.store_files import find_gguf_files

REPORT_SECONDS = 0.2


class ScanRequest(Struct, frozen=True, kw_only=True):
    """What to scan. `folders` come with the files that were found in each before.

    `files` are read, too, without a search. `known` are facts by path.
    """

    folders: dict[str, tuple[str, ...]]
    files: tuple[str, ...]
    known: Mapping[str, ModelFacts]
    places: StoreLocations | None
    plan: Callable[[str, ModelFacts], CachedFit]


class ScanResult(Struct, frozen=True, kw_only=True):
    """The files that were found in `folders`; `away` are the folders that are not there.

    `read` holds the facts of files that are new or changed.
    """

    folders: dict[str, tuple[str, ...]]
    away: tuple[str, ...]
    offered: tuple[StoreModelFile, ...]
    read: dict[str, ModelFacts]
    fits: dict[str, CachedFit]
    models: int
    new: int
    seconds: float


ReportScan = Callable[[int, int, str], None]
"""Number of files found, number of them read, and the name of the last one."""


def scan_for_models(
    request: ScanRequest, report: ReportScan, check: Callable[[], None]
) -> ScanResult:
    """Scan; runs on a background thread. `check` raises to stop it."""
    started = time.perf_counter()
    folders, away = {}, []
    for folder, before in request.folders.items():
        check()
        files = tuple(filter(is_unicode_path, map(str, find_gguf_files(Path(folder)))))
        if not files and _is_away(Path(folder), before):
            away.append(folder)
            files = before
        folders[folder] = files
    stores = find_store_models(request.places) if request.places else ()
    offered = tuple(file for file in stores if is_unicode_path(file.path))
    paths = dict.fromkeys(
        [
            *request.files,
            *(f for each in folders.values() for f in each),
            *(f.path for f in offered),
        ]
    )
    read = _read(list(paths), request.known, report, check)
    fits = {}
    for path, facts in read.items():
        check()
        if facts.slim:
            fits[path] = request.plan(path, facts)
    return ScanResult(
        folders=folders,
        away=tuple(away),
        offered=offered,
        read=read,
        fits=fits,
        models=len(paths),
        new=sum(path not in request.known for path in read),
        seconds=time.perf_counter() - started,
    )


def _read(
    paths: list[str], known: Mapping[str, ModelFacts], report: ReportScan, check: Callable[[], None]
) -> dict[str, ModelFacts]:
    read: dict[str, ModelFacts] = {}
    reported = 0.0
    for number, path in enumerate(paths):
        check()
        if is_current(path, known.get(path)) is False:
            read[path] = read_facts_or_problem(Path(path))
        if time.monotonic() - reported >= REPORT_SECONDS:
            reported = time.monotonic()
            report(len(paths), number, os.path.basename(path))  # noqa: PTH119 - a name, no file
    return read


def is_current(path: str, facts: ModelFacts | None) -> bool | None:
    """Return whether facts are up to date, None if the file is not there."""
    try:
        stamps = [read_stamp(Path(path))]
        if facts is None or facts.problem_code == ErrorCode.MODEL_PART_MISSING:
            return False
        stamps += [read_stamp(Path(part)) for part in facts.later_parts]
    except OSError:
        return None if not Path(path).exists() else False
    return [each.version for each in stamps] == [each.version for each in facts.stamps]


def _is_away(folder: Path, before: tuple[str, ...]) -> bool:
    """Whether a folder's drive seems to be unplugged: its mount point may be an empty folder."""
    if not folder.is_dir():
        return True
    if not before:
        return False
    try:
        return not any(folder.iterdir())
    except OSError:
        return True
