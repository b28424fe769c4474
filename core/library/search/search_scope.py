"""Search scope: folders, file types, dates and paths of a search, as one SQL condition."""

from collections.abc import Sequence
from dataclasses import dataclass

import apsw

from core.messages import NO_FILTERS, SearchFilters


@dataclass(frozen=True, slots=True)
class SearchScope:
    """Folders by id (none: all), filters of their files, and phrases that passages must hold."""

    folder_ids: tuple[str, ...] = ()
    filters: SearchFilters = NO_FILTERS
    phrases: tuple[str, ...] = ()
    """FTS5 expressions that a passage with its title path must match, too."""

    @property
    def content_query(self) -> tuple[str, tuple[str | float, ...]]:
        """SQL query for the ids of contents in the scope, and its values."""
        condition, values = self.file_condition
        return f"SELECT content_id FROM file WHERE {condition}", values  # noqa: S608 - marks only

    @property
    def file_condition(self) -> tuple[str, tuple[str | float, ...]]:
        """SQL condition on the table `file`, and its values."""
        parts = ["content_id IS NOT NULL"]
        values: list[str | float] = []
        if self.folder_ids:
            parts.append(f"folder_id IN ({_marks(self.folder_ids)})")
            values += self.folder_ids
        else:
            parts.append("folder_id IN (SELECT id FROM folder WHERE NOT gone)")
        for condition, value in self._filter_conditions():
            parts.append(condition)
            values += value
        return " AND ".join(parts), tuple(values)

    def _filter_conditions(self) -> list[tuple[str, Sequence[str | float]]]:
        filters = self.filters
        found: list[tuple[str, Sequence[str | float]]] = []
        if filters.types:
            endings = [f"*.{_plain(kind.lower().lstrip('.'))}" for kind in filters.types]
            found.append((_any("lower(file.name) GLOB ?", endings), endings))
        if filters.paths:
            patterns = [pattern for path in filters.paths for pattern in _patterns(path)]
            found.append((_any("lower(file.name) GLOB lower(?)", patterns), patterns))
        if filters.since is not None:
            found.append(("modified_ns >= ?", (int(filters.since * 1e9),)))
        if filters.until is not None:
            found.append(("modified_ns < ?", (int(filters.until * 1e9),)))
        return found

    def is_whole_library(self, connection: apsw.Connection) -> bool:
        """Return whether all files of the library are in the scope."""
        if self.filters != NO_FILTERS or self.phrases:
            return False
        if not self.folder_ids:
            # A folder that is being removed still has vectors, and must not be found.
            return connection.execute("SELECT 1 FROM folder WHERE gone").fetchone() is None
        row = connection.execute("SELECT count(*) FROM folder").fetchone()
        return row is not None and len(set(self.folder_ids)) == row[0]


def _patterns(path: str) -> tuple[str, ...]:
    """Return shell patterns for a path: itself, what is in it, and both in any folder.

    "*" matches "/", too, so that "contracts/*" is the whole folder.
    """
    path = path.replace("\\", "/").strip("/")
    return path, f"{path}/*", f"*/{path}", f"*/{path}/*"


def _plain(text: str) -> str:
    """Escape the wildcards of a pattern."""
    return "".join(f"[{sign}]" if sign in "*?[" else sign for sign in text)


def _any(condition: str, values: Sequence[object]) -> str:
    return "(" + " OR ".join([condition] * len(values)) + ")"


def _marks(values: Sequence[object]) -> str:
    return ",".join("?" * len(values))
