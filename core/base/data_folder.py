"""Data folder: the root that all paths of Inglenook are derived from, as a value."""

from pathlib import Path
from typing import Final


class DataFolder:
    """Compared by its path. The window's first picture does without msgspec, which is slow."""

    def __init__(self, root: Path) -> None:
        self.root: Final = root

    def __eq__(self, other: object) -> bool:
        """Whether both are the same folder."""
        return isinstance(other, DataFolder) and self.root == other.root

    def __hash__(self) -> int:
        """Return the path's."""
        return hash(self.root)
