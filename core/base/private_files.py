"""Private files: modes that keep the data folder to its owner, whoever made the folder.

On Windows a folder's access list says who may enter; everything made in it inherits that.
"""

import contextlib
import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

PRIVATE_FILE = 0o600
PRIVATE_FOLDER = 0o700
_OTHERS = 0o077


def open_private(path: str, flags: int) -> int:
    """Open a file as `open(..., opener=open_private)` does; a new one is its owner's alone."""
    return os.open(path, flags, PRIVATE_FILE)


def is_regular(path: Path) -> bool:
    """Return whether a path leads to a file, and not to a folder, a pipe, a socket or a device.

    Opening those may wait for ever or never end. Raises OSError, FileNotFoundError for no file.
    """
    return stat.S_ISREG(path.stat().st_mode)


def create_private_file(path: Path) -> None:
    """Make an empty file that only its owner may read, unless there is one. Raises OSError."""
    os.close(os.open(path, os.O_CREAT | os.O_WRONLY, PRIVATE_FILE))


def close_to_others(folders: Iterable[Path], files: Iterable[Path]) -> tuple[Path, ...]:
    """Take the rights of all others from folders and files; return those that had been open.

    Links are passed over, and models that have another name elsewhere. What refuses (another owner,
    a disk without modes) stays as it is.
    """
    if os.name == "nt":
        return ()
    found = (path for paths in (folders, files) for path in paths)
    return tuple(path for path in found if _close_to_others(path))


def _close_to_others(path: Path) -> bool:
    with contextlib.suppress(OSError):
        status = path.lstat()
        is_shared = path.suffix == ".gguf" and status.st_nlink > 1
        if stat.S_ISLNK(status.st_mode) or is_shared or not status.st_mode & _OTHERS:
            return False
        path.chmod(stat.S_IMODE(status.st_mode) & ~_OTHERS)
        return not path.lstat().st_mode & _OTHERS
    return False


def walk_files(folder: Path) -> Iterator[tuple[Path, bool]]:
    """Yield all that lies in a folder, and whether it is a folder; links are not followed."""
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            is_folder = entry.is_dir(follow_symlinks=False)
            yield Path(entry.path), is_folder
            if is_folder:
                yield from walk_files(Path(entry.path))


def restrict_folder_on_windows(folder: Path) -> None:
    """Let the user alone (and the system) into a folder and all that is made in it.

    Not tried on Windows yet: the command is the documented one of icacls.
    """
    import getpass  # noqa: PLC0415 - once per data folder, and not for the first paint
    import subprocess  # noqa: PLC0415

    command = windows_access_command(folder, getpass.getuser())
    try:
        subprocess.run(command, check=True, capture_output=True, timeout=20)
    except (OSError, subprocess.SubprocessError):
        import logging  # noqa: PLC0415 - a terminal beside the open application never gets here

        logging.getLogger(__name__).exception("the data folder could not be closed to other users")


def windows_access_command(folder: Path, user: str) -> list[str]:
    """Return the icacls command: inheritance off, full rights for the user and the system."""
    system = os.environ.get("SYSTEMROOT", r"C:\Windows")
    rights = [f"{user}:(OI)(CI)F", "*S-1-5-18:(OI)(CI)F"]
    program = rf"{system}\System32\icacls.exe"
    return [program, str(folder), "/inheritance:r", "/grant:r", *rights, "/Q"]
