"""Looks through folders and other programs' stores, and reads the headers that are not known."""

import os
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from msgspec import Struct

from core.errors import Code
from core.models.facts import Facts, facts_or_problem, is_text, stamp_of
from core.models.fits import KeptFit
from core.models.stores import Found, Places, find_all
from core.models.stores.found import gguf_files

TELL_SECONDS = 0.2


class Look(Struct, frozen=True, kw_only=True):
    """What to look through. `folders` come with what was found in each before.

    `files` are to be read too, though nobody has to find them. `known` are facts by path.
    """

    folders: dict[str, tuple[str, ...]]
    files: tuple[str, ...]
    known: Mapping[str, Facts]
    places: Places | None
    plan: Callable[[str, Facts], KeptFit]


class Seen(Struct, frozen=True, kw_only=True):
    """What was found: `folders` as they are now, `away` those that are not there.

    `read` holds the facts of files that are new or changed.
    """

    folders: dict[str, tuple[str, ...]]
    away: tuple[str, ...]
    offered: tuple[Found, ...]
    read: dict[str, Facts]
    fits: dict[str, KeptFit]
    models: int
    new: int
    seconds: float


Tell = Callable[[int, int, str], None]
"""How many files were found, how many of them read, and the name of the last one."""


def scan(look: Look, tell: Tell, check: Callable[[], None]) -> Seen:
    """Look through it all; runs on a thread of its own. `check` raises to stop it."""
    began = time.perf_counter()
    folders, away = {}, []
    for folder, before in look.folders.items():
        check()
        files = tuple(filter(is_text, map(str, gguf_files(Path(folder)))))
        if not files and _is_away(Path(folder), before):
            away.append(folder)
            files = before
        folders[folder] = files
    offered = tuple(f for f in find_all(look.places) if is_text(f.path)) if look.places else ()
    paths = dict.fromkeys(
        [*look.files, *(f for each in folders.values() for f in each), *(f.path for f in offered)]
    )
    read = _read(list(paths), look.known, tell, check)
    fits = {}
    for path, facts in read.items():
        check()
        if facts.slim:
            fits[path] = look.plan(path, facts)
    return Seen(
        folders=folders,
        away=tuple(away),
        offered=offered,
        read=read,
        fits=fits,
        models=len(paths),
        new=sum(path not in look.known for path in read),
        seconds=time.perf_counter() - began,
    )


def _read(
    paths: list[str], known: Mapping[str, Facts], tell: Tell, check: Callable[[], None]
) -> dict[str, Facts]:
    read: dict[str, Facts] = {}
    told = 0.0
    for number, path in enumerate(paths):
        check()
        if is_current(path, known.get(path)) is False:
            read[path] = facts_or_problem(Path(path))
        if time.monotonic() - told >= TELL_SECONDS:
            told = time.monotonic()
            tell(len(paths), number, os.path.basename(path))  # noqa: PTH119 - a name, no file
    return read


def is_current(path: str, facts: Facts | None) -> bool | None:
    """Whether facts are those of the files that lie there now; None when they are not there."""
    try:
        stamps = [stamp_of(Path(path))]
        if facts is None or facts.problem_code == Code.MODEL_PART_MISSING:
            return False
        stamps += [stamp_of(Path(part)) for part in facts.later_parts]
    except OSError:
        return None if not Path(path).exists() else False
    return [each.version for each in stamps] == [each.version for each in facts.stamps]


def _is_away(folder: Path, before: tuple[str, ...]) -> bool:
    """Whether a folder's drive seems to be unplugged: its place may still be there, empty."""
    if not folder.is_dir():
        return True
    if not before:
        return False
    try:
        return not any(folder.iterdir())
    except OSError:
        return True
