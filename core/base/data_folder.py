"""Data folder: the root that all paths of Inglenook are derived from, as a value."""

from pathlib import Path


class DataFolder:
    """Compared by its path. The window's first picture does without msgspec, which is slow."""

    def __init__(self, root: Path) -> None:
        self._root = root

    @property
    def root(self) -> Path:
        """The folder itself."""
        return self._root

    def __eq__(self, other: object) -> bool:
        """Whether both are the same folder."""
        return isinstance(other, DataFolder) and self._root == other._root

    def __hash__(self) -> int:
        """Return the folder's."""
        return hash(self._root)
