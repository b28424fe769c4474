"""Folder scanner: the regular files of a folder, and skipped entries with the reason."""

import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

from core.base.errors import ErrorCode
from core.library.filesystem import path_kinds
from core.library.filesystem.path_encoding import display_name

MAX_DEPTH = 64
GENERATED_FOLDERS = frozenset(
    {
        "node_modules", "__pycache__", "site-packages", "$recycle.bin", "system volume information",
        ".git", ".hg", ".svn", ".bzr", ".cache", ".tox", ".nox", ".trash", ".gradle", ".npm",
        ".cargo", ".rustup", ".mypy_cache", ".pytest_cache", ".ruff_cache",
    }
)  # fmt: skip
KEY_FOLDERS = frozenset(
    {
        ".ssh", ".gnupg", ".gpg", ".pki", ".aws", ".azure", ".kube", ".docker", ".password-store",
        ".mozilla", ".thunderbird", "keyrings", "keychains", "kwallet",
    }
)  # fmt: skip
"""Folders of keys and passwords; some of them are not even hidden."""
_ENVIRONMENT_MARK = "pyvenv.cfg"
_SKIPPED_FILES = frozenset({"thumbs.db", "desktop.ini"})
_OFFICE_LOCK = "~$"
_ICLOUD = ".icloud"
_MARKED_HIDDEN = stat.FILE_ATTRIBUTE_HIDDEN


@dataclass(frozen=True, slots=True)
class ScannedEntry:
    """One entry of a folder. `code` None: a file to read; else why it isn't read.

    `relative` has "/" between its parts and may hold lone surrogates for bytes that are no text.
    """

    relative: str
    size: int
    modified_ns: int
    code: ErrorCode | None = None

    @property
    def shown_name(self) -> str:
        """The name without folders, as it can be shown and stored."""
        return display_name(self.relative.rpartition("/")[2])


@dataclass(frozen=True, slots=True)
class ScanRules:
    """Rules for which parts of a folder are read.

    `own` is the app's data folder, which never is. `hidden`: hidden parts are read, too. `included`
    are patterns of names or relative paths that are read although they are hidden, generated or
    hold keys.
    """

    own: Path | None = None
    hidden: bool = False
    included: tuple[str, ...] = ()

    def matches_included(self, relative: str) -> bool:
        """Return whether a pattern matches this part, or one that it lies in."""
        parts = relative.split("/")
        paths = ["/".join(parts[: depth + 1]) for depth in range(len(parts))]
        return any(fnmatch(each, pattern) for pattern in self.included for each in (*parts, *paths))


class FolderScan:
    """One scan of a folder; follows no link, opens no file.

    `entered_folders` are relative and without a last "/"; "" is the folder itself.
    """

    def __init__(self, root: Path, rules: ScanRules) -> None:
        self._root = root
        self._rules = rules
        self._own = path_kinds.folder_identity(rules.own) if rules.own else None
        self._device = (path_kinds.folder_identity(root) or (0, 0))[0]
        self.entered_folders: set[str] = set()

    def scan_folder(self) -> Iterator[ScannedEntry]:
        """Yield the entries of the folder, sorted within each part.

        Parts that are not entered are yielded with the reason. Raises OSError when the folder
        itself can't be listed; a part that can't be is yielded as unreadable.
        """
        yield from self._walk("", _entries(str(self._root)))

    def scan_part(self, relative: str) -> Iterator[ScannedEntry]:
        """Yield the file at `relative`, or the entries of the folder there.

        Nothing if it is gone, or lies in a part that is not entered.
        """
        parts = relative.split("/")
        for depth in range(1, len(parts) + 1):
            here = "/".join(parts[:depth])
            path = self._root / here
            try:
                found = self._classify(str(path), here, path.lstat())
            except (FileNotFoundError, NotADirectoryError):
                return
            except OSError:
                found = ScannedEntry(here, 0, 0, ErrorCode.FILE_UNREADABLE)
            if found is not None:
                if here == relative or found.code == ErrorCode.FILE_UNREADABLE:
                    yield from self._reported(found)
                return
        yield from self._scan_folder_at(str(self._root / relative), relative)

    def _scan_folder_at(self, path: str, relative: str) -> Iterator[ScannedEntry]:
        try:
            entries = _entries(path)
        except OSError:
            yield ScannedEntry(relative, 0, 0, ErrorCode.FILE_UNREADABLE)
        else:
            yield from self._walk(relative, entries)

    def _walk(self, top: str, entries: list[os.DirEntry[str]]) -> Iterator[ScannedEntry]:
        stack = [(top, entries)]
        while stack:
            here, entries = stack.pop()
            self.entered_folders.add(here)
            for entry in entries:
                relative = f"{here}/{entry.name}" if here else entry.name
                try:
                    found = self._classify(entry.path, relative, entry.stat(follow_symlinks=False))
                    if found is None:
                        stack.append((relative, _entries(entry.path)))
                        continue
                except OSError:
                    found = ScannedEntry(relative, 0, 0, ErrorCode.FILE_UNREADABLE)
                yield from self._reported(found)

    def _classify(self, path: str, relative: str, status: os.stat_result) -> ScannedEntry | None:
        """Return an entry with its code, None for a folder that is to be entered."""
        if path_kinds.is_link(status):
            return ScannedEntry(relative, 0, 0, ErrorCode.FILE_LINK)
        if stat.S_ISDIR(status.st_mode):
            code = self._skip_reason(path, relative, status)
            return ScannedEntry(relative, 0, 0, code) if code else None
        if not path_kinds.is_regular_file(status):
            return ScannedEntry(relative, 0, 0, ErrorCode.FILE_SPECIAL)
        code = ErrorCode.FILE_IN_CLOUD if path_kinds.is_cloud_placeholder(status) else None
        return ScannedEntry(relative, status.st_size, status.st_mtime_ns, code)

    def _skip_reason(self, path: str, relative: str, status: os.stat_result) -> ErrorCode | None:
        """Return why a folder is not entered, None if it is; `included` outweighs its name."""
        if self._own is not None and path_kinds.folder_identity(Path(path)) == self._own:
            return ErrorCode.PART_OWN
        if status.st_dev not in {0, self._device} and path_kinds.is_on_network_drive(Path(path)):
            return ErrorCode.PART_REMOTE
        if relative.count("/") >= MAX_DEPTH:
            return ErrorCode.PART_TOO_DEEP
        return (
            None if self._rules.matches_included(relative) else self._reason_by_name(path, status)
        )

    def _reason_by_name(self, path: str, status: os.stat_result) -> ErrorCode | None:
        """Return why a folder is not entered, if its name, attributes or contents say so."""
        name = Path(path).name.lower()
        if name in KEY_FOLDERS:
            return ErrorCode.PART_KEYS
        marked = getattr(status, "st_file_attributes", 0) & _MARKED_HIDDEN
        if (name.startswith(".") or marked) and not self._rules.hidden:
            return ErrorCode.PART_HIDDEN
        environment = os.path.lexists(os.path.join(path, _ENVIRONMENT_MARK))  # noqa: PTH118 - fast
        return ErrorCode.PART_GENERATED if environment or name in GENERATED_FOLDERS else None

    def _reported(self, found: ScannedEntry) -> Iterator[ScannedEntry]:
        """Yield an entry unless it is a hidden file, or one of the desktop or an office program."""
        folder, _, name = found.relative.rpartition("/")
        if name.startswith(".") and name.endswith(_ICLOUD):
            true = name[1 : -len(_ICLOUD)]  # macOS puts this in the place of a file in iCloud
            yield ScannedEntry(
                f"{folder}/{true}" if folder else true, 0, 0, ErrorCode.FILE_IN_CLOUD
            )
            return
        is_part = found.code is not None and found.code.startswith("part_")
        hidden = name.startswith(".") and not is_part and not self._rules.hidden
        named = self._rules.matches_included(found.relative)
        if named or not (hidden or name.startswith(_OFFICE_LOCK) or name.lower() in _SKIPPED_FILES):
            yield found


def find_missing_files(known: Iterable[str], found: Iterable[ScannedEntry]) -> set[str]:
    """Return which known files are no longer there.

    Files of a folder that can't be listed are not counted as missing.
    """
    codes = {entry.relative: entry.code for entry in found}
    closed = tuple(f"{name}/" for name, code in codes.items() if code == ErrorCode.FILE_UNREADABLE)
    return {name for name in known if name not in codes and not name.startswith(closed)}


def _entries(folder: str) -> list[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        return sorted(entries, key=lambda entry: entry.name)
