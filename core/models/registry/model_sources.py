"""Sources of the registry: each model file with its name and its origin."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from core.base.paths import Paths, shipped_models
from core.gguf import is_later_part
from core.models.info.model_entry import ModelOrigin
from core.models.info.model_naming import slug, slug_of_file, unique_name
from core.models.registry.model_cache import ModelCache
from core.models.registry.registry_file import RegistryFile
from core.models.stores import StoreModelFile


class ModelSource(NamedTuple):
    """A registered file. `found` describes a file of another program."""

    path: Path
    ref: str
    origin: ModelOrigin
    found: StoreModelFile | None = None


class ModelSources:
    """Collects the files of one root. One thread uses it."""

    def __init__(self, paths: Paths, record: RegistryFile, cache: ModelCache) -> None:
        self._paths = paths
        self._record = record
        self._cache = cache

    def list_sources(self) -> list[ModelSource]:
        """Return every file, sorted by name. The name of an added file never changes."""
        record = self._record
        sources = {
            file: ModelSource(Path(file), ref, self._origin_of_added(file))
            for file, ref in record.added.items()
        }
        taken = {source.ref for source in sources.values()}
        for path, origin, found in self._found():
            file = str(path)
            if file in sources or file in record.forgotten:
                continue
            name = slug(found.name) if found and found.name else slug_of_file(path)
            ref = unique_name(record.names.get(file, name), taken)
            taken.add(ref)
            sources[file] = ModelSource(path, ref, origin, found)
        return sorted(sources.values(), key=lambda source: source.ref)

    def _found(self) -> Iterator[tuple[Path, ModelOrigin, StoreModelFile | None]]:
        """Yield found files: shipped, own, in folders, then those of other programs."""
        for path in shipped_models():
            yield path, ModelOrigin.SHIPPED, None
        for path in self.own_files():
            yield path, ModelOrigin.OWN, None
        for folder in self._record.folders:
            for file in self._cache.folders.get(folder, ()):
                yield Path(file), ModelOrigin.FOLDER, None
        for found in self._cache.offered:
            yield Path(found.path), ModelOrigin(found.origin), found

    def own_files(self) -> list[Path]:
        """Return the files in the app's own folders; of a model in parts, only the first part."""
        try:
            files = sorted(self._paths.models.glob("*.gguf"))
            files += sorted(self._paths.adapters.glob("*.gguf"))
        except OSError:
            return []
        return [file for file in files if not is_later_part(file)]

    def _origin_of_added(self, file: str) -> ModelOrigin:
        own = (self._paths.models, self._paths.adapters)
        return ModelOrigin.OWN if Path(file).parent in own else ModelOrigin.ADDED
