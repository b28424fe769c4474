"""Looks whether files are as they were when they were read, and reads those that are not."""

from pathlib import Path

from msgspec import structs

from core.errors import Code, ModelError
from core.models.entry import Origin
from core.models.facts import Facts, facts_or_problem, shown_path
from core.models.memory import Memory
from core.models.record import Record
from core.models.scanning import is_current
from core.models.sources import Source

READ_AT_ONCE = 8
"""So many new files are read while a person waits; a scan reads the others in the background."""
_FOUND = frozenset(set(Origin) - {Origin.SHIPPED, Origin.ADDED})


class Reading:
    """One look at the shelf. What it reads is remembered."""

    def __init__(self, memory: Memory, record: Record) -> None:
        self._memory = memory
        self._folders = tuple(record.folders)
        self._left = READ_AT_ONCE

    def facts(self, source: Source) -> Facts | None:
        """Return what is known of a file, None for one that a scan has yet to read."""
        path = str(source.path)
        known = self._memory.facts.get(path)
        match is_current(path, known):
            case True:
                return known
            case None:
                return self._gone(source, known)
        if source.origin in _FOUND:
            if not self._left:
                return None
            self._left -= 1
        facts = facts_or_problem(source.path)
        self._memory.keep(path, facts)
        return facts

    def _gone(self, source: Source, known: Facts | None) -> Facts:
        error = self._why_gone(source)
        facts = known or Facts(stamps=())
        return structs.replace(facts, problem_code=error.code, problem_facts=error.facts)

    def _why_gone(self, source: Source) -> ModelError:
        """Say that a drive is not there, where a file went with all of its folder."""
        for folder in self._folders:
            if source.path.is_relative_to(folder) and not _holds_anything(Path(folder)):
                return ModelError(Code.MODEL_AWAY, file=source.path.name, folder=folder)
        return ModelError(Code.MODEL_GONE, path=shown_path(source.path))


def _holds_anything(folder: Path) -> bool:
    try:
        return any(folder.iterdir())
    except OSError:
        return False
