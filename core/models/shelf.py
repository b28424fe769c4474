"""The GGUF files Inglenook knows: shipped ones, those in its own folder, and added ones.

Files are used where they lie. A header is read once per file, size and time of change.
"""

import contextlib
import json
import logging
import os
from collections.abc import Callable, Container
from pathlib import Path
from typing import NamedTuple

from core.errors import Code, ModelError
from core.gguf import Header, check_architecture, read_header
from core.models.entry import ModelEntry
from core.models.naming import family_of, slug_of
from core.paths import Paths, shipped_models
from core.storage import write_aside
from core.words import _

_log = logging.getLogger(__name__)

SHOWN_MATCHES = 5


class Fit(NamedTuple):
    """Whether a model goes into memory ("yes", "tight", "no") and how many bytes it needs."""

    verdict: str
    needed: int


Plan = Callable[[Header], Fit]
Aside = Callable[[str, str], ModelError | None]
"""Path and name of a file to why it may not be used until it is asked for again."""


def _never(_path: str, _ref: str) -> None:
    """Put no file aside."""


class _Read(NamedTuple):
    """What reading a header gave: the header, or why not."""

    size: int
    header: Header | None
    error: ModelError | None


class Shelf:
    """The known model files of one root. One thread uses it; `entries` may read the disk."""

    def __init__(self, paths: Paths, plan: Plan, aside: Aside = _never) -> None:
        self._paths = paths
        self._plan = plan
        self._aside = aside
        self._tried_anyway: set[str] = set()
        self._read_before: dict[tuple[str, int, int], _Read] = {}
        self._added = self._load()

    def entries(self) -> tuple[ModelEntry, ...]:
        """Return every known file by name; one that is gone or damaged is there with why."""
        return tuple(self._entry(path, ref) for path, ref in self._refs().items())

    def add(self, path: str, *, anyway: bool = False) -> ModelEntry:
        """Remember the file at `path`, after checking it. Raises ModelError or StorageError.

        `anyway` lets an architecture pass that this version doesn't know, from now on.
        """
        file = _absolute(path)
        check_architecture(_header(file), anyway=anyway)
        refs = self._refs()
        if file not in refs or anyway:
            self._added[str(file)] = refs.setdefault(file, _unique(slug_of(file), refs.values()))
            self._tried_anyway |= {str(file)} if anyway else set()
            self._save()
        return self._entry(file, refs[file])

    def tries_anyway(self, path: str) -> bool:
        """Whether a person asked to load this file though its architecture is not known."""
        return path in self._tried_anyway

    def forget(self, ref: str) -> None:
        """Take a file off the list, without touching it. Raises ModelError or StorageError."""
        wanted = self.find(ref).ref
        kept = {file: own for file, own in self._added.items() if own != wanted}
        if kept != self._added:
            self._added = kept
            self._save()

    def find(self, ref: str, *, anyway: bool = False) -> ModelEntry:
        """Return the file that `ref` means: its name, part of one, or a path. Raises ModelError.

        A path need not be on the shelf; the file is then used without being remembered. `anyway`
        lets its architecture be unknown, until the program ends.
        """
        found = self._find(ref, anyway=anyway)
        if anyway and found.problem_code == Code.ARCHITECTURE_UNKNOWN:
            self._tried_anyway.add(found.path)
            return self._entry(Path(found.path), found.ref)
        return found

    def _find(self, ref: str, *, anyway: bool) -> ModelEntry:
        entries = self.entries()
        wanted = ref.casefold()
        exact = [entry for entry in entries if wanted == entry.ref or ref == entry.path]
        starts = [entry for entry in entries if entry.ref.startswith(wanted)]
        inside = [entry for entry in entries if wanted in entry.ref or _names(entry, wanted)]
        for found in (exact, starts, inside) if wanted else ():
            if len(found) == 1:
                return found[0]
            if found:
                matches = ", ".join(entry.ref for entry in found[:SHOWN_MATCHES])
                raise ModelError(Code.MODEL_AMBIGUOUS, ref=ref, matches=matches)
        if _looks_like_a_path(ref):
            return self._by_path(_absolute(ref), entries, anyway=anyway)
        raise ModelError(Code.MODEL_UNKNOWN, ref=ref)

    def _by_path(self, file: Path, entries: tuple[ModelEntry, ...], *, anyway: bool) -> ModelEntry:
        for entry in entries:
            if entry.path == str(file):
                return entry
        check_architecture(_header(file), anyway=anyway or self.tries_anyway(str(file)))
        return self._entry(file, _unique(slug_of(file), {entry.ref for entry in entries}))

    def _refs(self) -> dict[Path, str]:
        """Return each known file with its name. The name of an added one is kept with it."""
        refs = {Path(file): ref for file, ref in self._added.items()}
        taken = set(refs.values())
        for file in self._found():
            if file not in refs:
                refs[file] = _unique(slug_of(file), taken)
                taken.add(refs[file])
        return dict(sorted(refs.items(), key=lambda each: each[1]))

    def _found(self) -> list[Path]:
        """Return the files that nobody added: shipped ones, then those in our own folder."""
        try:
            own = sorted(self._paths.models.glob("*.gguf"))
        except OSError:
            own = []
        return [*shipped_models(), *own]

    def _entry(self, path: Path, ref: str) -> ModelEntry:
        read = self._read(path)
        header, error = read.header, read.error
        if header is None:
            assert error is not None
            return _unreadable(path, ref, read.size, error)
        if error is None or (
            error.code == Code.ARCHITECTURE_UNKNOWN and self.tries_anyway(str(path))
        ):
            error = self._aside(str(path), ref)
        fit = self._plan(header)
        return ModelEntry(
            ref=ref,
            path=str(path),
            family=family_of(header),
            architecture=header.architecture,
            parameters=header.parameters,
            quantization=header.quantization,
            bytes_on_disk=read.size,
            context=header.context_length,
            fits=fit.verdict,
            memory_needed=fit.needed,
            has_template=bool(header.chat_template),
            tokenizer=_tokenizer(header),
            vocabulary=header.vocabulary_size,
            problem_code=error.code if error else "",
            problem_facts=error.facts if error else {},
        )

    def _read(self, path: Path) -> _Read:
        try:
            status = path.stat()
        except OSError:
            return _Read(0, None, ModelError(Code.MODEL_GONE, path=_shown(path)))
        key = (str(path), status.st_size, status.st_mtime_ns)
        if key not in self._read_before:
            self._read_before[key] = _read(path, status.st_size)
        return self._read_before[key]

    def _load(self) -> dict[str, str]:
        """Return the added files with their names, in the order in which they were added."""
        try:
            files, refs, anyway = _decoded(self._paths.shelf.read_bytes())
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, TypeError, KeyError, RecursionError):
            aside = self._paths.shelf.with_suffix(".damaged.json")
            _log.exception("the list of models is unreadable; kept as %s", aside.name)
            with contextlib.suppress(OSError):  # the app opens without it all the same
                self._paths.shelf.replace(aside)
            return {}
        self._tried_anyway |= anyway
        added = {file: refs[file] for file in files if file in refs}
        # A list of an earlier version holds no names.
        taken = {*added.values(), *map(slug_of, self._found())}
        for file in files:
            if file not in added:
                added[file] = _unique(slug_of(Path(file)), taken)
                taken.add(added[file])
        return {file: added[file] for file in files}

    def _save(self) -> None:
        content = {
            "version": 1,
            "files": list(self._added),
            "refs": self._added,
            "anyway": sorted(self._tried_anyway & self._added.keys()),
        }
        write_aside(self._paths.shelf, json.dumps(content, indent=2).encode())


def _decoded(raw: bytes) -> tuple[list[str], dict[str, str], set[str]]:
    """Return the files of a saved list, their names, and those of an unknown architecture."""
    content = json.loads(raw)
    files, refs, anyway = content["files"], content.get("refs", {}), content.get("anyway", [])
    if not (isinstance(files, list) and isinstance(refs, dict) and isinstance(anyway, list)):
        raise TypeError("not a list of paths")
    if not all(isinstance(text, str) for text in (*files, *refs.values(), *anyway)):
        raise TypeError("not a list of paths")
    return files, refs, set(anyway)


def _header(file: Path) -> Header:
    """Read a header. A name that is no text could be neither shown nor saved: ModelError."""
    shown = _shown(file)
    if shown != str(file):
        detail = _("its name holds bytes that are no letters")
        raise ModelError(Code.MODEL_UNREADABLE, path=shown, detail=detail)
    return read_header(file)


def _read(path: Path, size: int) -> _Read:
    try:
        header = _header(path)
    except ModelError as error:
        return _Read(size, None, error)
    try:
        check_architecture(header)
    except ModelError as error:
        return _Read(size, header, error)
    return _Read(size, header, None)


def _unreadable(path: Path, ref: str, size: int, error: ModelError) -> ModelEntry:
    return ModelEntry(
        ref=ref,
        path=_shown(path),
        family=_shown(Path(path.stem)),
        architecture="",
        parameters=0,
        quantization="",
        bytes_on_disk=size,
        context=0,
        fits="no",
        memory_needed=0,
        has_template=False,
        problem_code=error.code,
        problem_facts=error.facts,
    )


def _tokenizer(header: Header) -> str:
    """Name the tokenizer and what cuts text before it; both decide which tokens a text becomes."""
    kind, cutting = header.text("tokenizer.ggml.model"), header.text("tokenizer.ggml.pre")
    return f"{kind}/{cutting}" if kind else ""


def _unique(slug: str, taken: Container[str]) -> str:
    """Return `slug`, with a number behind it if another file has that name."""
    ref, number = slug, 2
    while ref in taken:
        ref, number = f"{slug}-{number}", number + 1
    return ref


def _shown(path: Path) -> str:
    """Return the path as text, a question mark for each byte that is none."""
    return str(path).encode(errors="replace").decode()


def _names(entry: ModelEntry, wanted: str) -> bool:
    return wanted in entry.family.casefold()


def _looks_like_a_path(ref: str) -> bool:
    separators = {os.sep, os.altsep or os.sep}
    is_long = any(separator in ref for separator in separators)
    return is_long or ref.lower().endswith(".gguf") or ref.startswith("~") or Path(ref).is_file()


def _absolute(path: str) -> Path:
    """Return the absolute path; links stay, so that a file is known by the name it was given."""
    return Path(os.path.abspath(Path(path).expanduser()))  # noqa: PTH100 - resolve follows links
