"""Missing files: whether a file that the records know is still where it was read."""

from collections.abc import Callable
from pathlib import Path

from core.library.filesystem.path_kinds import is_on_network_drive

IsMissing = Callable[[str, str], bool]
"""Takes a folder's path and a file's relative one; says whether the file is gone by now."""


def never_missing(_root: str, _relative: str) -> bool:
    """Take every file as there: those of a library that lies in no folder."""
    return False


class MissingFiles:
    """Looks on the disk itself, since a sync may hear of a removal only later. One thread.

    A folder that is not there, such as one on a drive that was unplugged, misses nothing: what was
    read of it is still found. Nor does one on a network drive, where a look may take seconds.
    """

    def __init__(self) -> None:
        self._is_remote: dict[str, bool] = {}

    def is_missing(self, root: str, relative: str) -> bool:
        """Return whether a file is gone from a folder that is there."""
        if root not in self._is_remote:
            self._is_remote[root] = is_on_network_drive(Path(root))
        if self._is_remote[root]:
            return False
        try:
            (Path(root) / relative).lstat()
        except (FileNotFoundError, NotADirectoryError):
            return Path(root).is_dir()
        except OSError:
            return False
        return False
