"""Reader of model facts: takes cached facts while they are current, else reads the file again."""

from pathlib import Path

from msgspec import structs

from core.base.errors import ErrorCode, ModelError
from core.models.info.model_entry import ModelOrigin
from core.models.info.model_facts import ModelFacts, display_path, read_facts_or_problem
from core.models.registry.model_cache import ModelCache
from core.models.registry.model_scan import is_current
from core.models.registry.model_sources import ModelSource
from core.models.registry.registry_file import RegistryFile

MAX_IMMEDIATE_READS = 8
"""So many new files are read while a person waits; a scan reads the others in the background."""
_FOUND = frozenset(set(ModelOrigin) - {ModelOrigin.SHIPPED, ModelOrigin.ADDED})


class ModelFactsReader:
    """One look at the shelf. What it reads is remembered."""

    def __init__(self, memory: ModelCache, record: RegistryFile) -> None:
        self._memory = memory
        self._folders = tuple(record.folders)
        self._left = MAX_IMMEDIATE_READS

    def current_facts(self, source: ModelSource) -> ModelFacts | None:
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
        facts = read_facts_or_problem(source.path)
        self._memory.store_facts(path, facts)
        return facts

    def _gone(self, source: ModelSource, known: ModelFacts | None) -> ModelFacts:
        error = self._why_gone(source)
        facts = known or ModelFacts(stamps=())
        return structs.replace(facts, problem_code=error.code, problem_facts=error.facts)

    def _why_gone(self, source: ModelSource) -> ModelError:
        """Say that a drive is not there, where a file went with all of its folder."""
        for folder in self._folders:
            if source.path.is_relative_to(folder) and not _holds_anything(Path(folder)):
                return ModelError(ErrorCode.MODEL_AWAY, file=source.path.name, folder=folder)
        return ModelError(ErrorCode.MODEL_GONE, path=display_path(source.path))


def _holds_anything(folder: Path) -> bool:
    try:
        return any(folder.iterdir())
    except OSError:
        return False
