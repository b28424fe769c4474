"""Backend packs: llama.cpp backends too large to ship, installed from a verified archive.

A pack is a zip archive with `pack.json` (see PackManifest) and libraries beside it. It holds native
code, so it is installed only if its SHA-256 ships with the program or was given by the person. Each
is unpacked into a temporary folder and then moved into place.
"""

import contextlib
import hashlib
import logging
import platform
import shutil
import sys
import tempfile
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

import msgspec

from core.base.errors import EngineError, ErrorCode, storage_error_from_os
from core.base.i18n import _
from core.base.lazy_regex import lazy_pattern
from core.base.paths import resources_folder

PACKS_VARIABLE = "INGLENOOK_PACKS"
"""The environment variable with the folder of packs; without it, none is loaded."""
PROCESSOR_VARIABLE = "INGLENOOK_PROCESSOR_ONLY"
"""The environment variable that keeps all graphics drivers out of a child, as "1"."""
MANIFEST_NAME = "pack.json"
MAX_BYTES = 8 << 30
_MAX_ABOUT = 1 << 20
_BLOCK = 1 << 20
_PLAIN_NAME = lazy_pattern(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_log = logging.getLogger(__name__)


class PackManifest(msgspec.Struct, frozen=True, kw_only=True):
    """The manifest of a pack. `files` maps each file's name to its SHA-256.

    `ggml` is the one version it works with: backends and llama.cpp come from the same sources.
    """

    name: str
    ggml: str
    system: str
    files: dict[str, str]
    title: str = ""


class KnownPack(msgspec.Struct, frozen=True, kw_only=True):
    """A pack that was built together with this program."""

    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class BackendPack:
    """An installed pack."""

    folder: Path
    about: PackManifest


class BackendPackStore:
    """The packs of one root. The front end installs and removes packs; children load them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def installed_packs(self) -> list[BackendPack]:
        """Return the complete packs by name; a damaged one is left out."""
        found = []
        for path in sorted(self._folder.glob(f"*/{MANIFEST_NAME}")):
            if path.parent.name.startswith("."):
                continue
            try:
                about = _about(path.read_bytes())
            except (OSError, msgspec.MsgspecError) as error:
                _log.warning("pack %s can't be read: %s", path.parent.name, error)
                continue
            if all((path.parent / name).is_file() for name in about.files):
                found.append(BackendPack(path.parent, about))
        return found

    def install_pack(self, archive: Path, sha256: str = "") -> BackendPack:
        """Unpack an archive; it replaces a pack of the same name.

        `sha256` is the checksum that the person has given. Raises EngineError or StorageError; then
        nothing has changed.
        """
        try:
            found = _digest(archive)
            if found != sha256.strip().lower() and found not in _known():
                raise EngineError(ErrorCode.PACK_UNPROVEN, file=archive.name, sha256=found)
            self._folder.mkdir(mode=0o700, exist_ok=True)
            with tempfile.TemporaryDirectory(prefix=".", dir=self._folder) as scratch:
                return self._unpack(archive, Path(scratch))
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
            raise _refused(archive, _("it is no zip archive, or a damaged one")) from error
        except OSError as error:
            raise storage_error_from_os(error, str(archive)) from error

    def remove_pack(self, name: str) -> None:
        """Delete a pack. Raises EngineError if there is none of that name."""
        if not _PLAIN_NAME.fullmatch(name) or not (self._folder / name).is_dir():
            raise EngineError(ErrorCode.PACK_UNKNOWN, name=name)
        shutil.rmtree(self._folder / name, ignore_errors=True)

    def _unpack(self, archive: Path, scratch: Path) -> BackendPack:
        with zipfile.ZipFile(archive) as opened:
            about = _read_about(archive, opened)
            new = scratch / about.name
            new.mkdir()
            for name, expected in about.files.items():
                if _extract(opened, name, new / name) != expected:
                    raise _refused(archive, _("{file} in it is damaged").format(file=name))
            (new / MANIFEST_NAME).write_bytes(msgspec.json.encode(about))
        place = self._folder / about.name
        with contextlib.suppress(FileNotFoundError):
            place.replace(scratch / "before")  # goes with the scratch folder
        new.replace(place)
        return BackendPack(place, about)


def this_system() -> str:
    """Return the name packs have for this system and processor."""
    machine = {"AMD64": "x86_64", "arm64": "aarch64"}.get(platform.machine(), platform.machine())
    return f"{sys.platform}-{machine}"


def _about(content: bytes) -> PackManifest:
    about = msgspec.json.decode(content, type=PackManifest)
    if not all(_PLAIN_NAME.fullmatch(each) for each in (about.name, *about.files)):
        raise msgspec.ValidationError("a name in it is no plain file name")
    return about


def _read_about(archive: Path, opened: zipfile.ZipFile) -> PackManifest:
    """Read the manifest of a pack. Raises EngineError for one that can't work here."""
    try:
        about = _about(opened.open(MANIFEST_NAME).read(_MAX_ABOUT))
    except (KeyError, msgspec.MsgspecError) as error:
        raise _refused(archive, _("it doesn't say what it holds")) from error
    if about.system != this_system():
        raise _refused(archive, _("it was made for {system}").format(system=about.system))
    if sum(each.file_size for each in opened.infolist()) > MAX_BYTES:
        raise _refused(archive, _("it is too large"))
    if missing := about.files.keys() - set(opened.namelist()):
        raise _refused(archive, _("{file} in it is damaged").format(file=min(missing)))
    return about


def _extract(opened: zipfile.ZipFile, name: str, target: Path) -> str:
    """Write one file and return its SHA-256."""
    digest = hashlib.sha256()
    with opened.open(name) as source, target.open("wb") as file:
        while block := source.read(_BLOCK):
            digest.update(block)
            file.write(block)
    return digest.hexdigest()


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _known() -> frozenset[str]:
    """Return the SHA-256 of the packs that were built together with this program."""
    try:
        content = (resources_folder() / "catalog" / "packs.json").read_bytes()
        return frozenset(each.sha256 for each in msgspec.json.decode(content, type=list[KnownPack]))
    except FileNotFoundError:
        return frozenset()


def _refused(archive: Path, detail: str) -> EngineError:
    return EngineError(ErrorCode.PACK_REFUSED, file=archive.name, detail=detail)
