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
"""New files that are read at once; a scan reads the others in the background."""
_FOUND = frozenset(set(ModelOrigin) - {ModelOrigin.SHIPPED, ModelOrigin.ADDED})


class ModelFactsReader:
    """Reads facts for one listing of the models, and puts them into the cache."""

    def __init__(self, cache: ModelCache, record: RegistryFile) -> None:
        self._cache = cache
        self._folders = tuple(record.folders)
        self._left = MAX_IMMEDIATE_READS

    def current_facts(self, source: ModelSource) -> ModelFacts | None:
        """Return the facts of a file, None if a scan has to read it first."""
        path = str(source.path)
        known = self._cache.facts.get(path)
        match is_current(path, known):
            case True:
                return known
            case None:
                return self._missing_facts(source, known)
        if source.origin in _FOUND:
            if not self._left:
                return None
            self._left -= 1
        facts = read_facts_or_problem(source.path)
        self._cache.store_facts(path, facts)
        return facts

    def _missing_facts(self, source: ModelSource, known: ModelFacts | None) -> ModelFacts:
        error = self._missing_error(source)
        facts = known or ModelFacts(stamps=())
        return structs.replace(facts, problem_code=error.code, problem_facts=error.facts)

    def _missing_error(self, source: ModelSource) -> ModelError:
        """Return the error: an unplugged drive if the folder is empty, else a missing file."""
        for folder in self._folders:
            if source.path.is_relative_to(folder) and not _has_content(Path(folder)):
                return ModelError(ErrorCode.MODEL_AWAY, file=source.path.name, folder=folder)
        return ModelError(ErrorCode.MODEL_GONE, path=display_path(source.path))


def _has_content(folder: Path) -> bool:
    try:
        return any(folder.iterdir())
    except OSError:
        return False
