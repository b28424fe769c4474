"""Which files stand on the shelf, what each is called, and where it comes from."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from core.gguf import is_later_part
from core.models.entry import Origin
from core.models.memory import Memory
from core.models.naming import slug, slug_of, unique
from core.models.record import Record
from core.models.stores import Found
from core.paths import Paths, shipped_models


class Source(NamedTuple):
    """A file on the shelf. `found` is what another program says of it."""

    path: Path
    ref: str
    origin: Origin
    found: Found | None = None


class Sources:
    """Gathers the files of one root. One thread uses it."""

    def __init__(self, paths: Paths, record: Record, memory: Memory) -> None:
        self._paths = paths
        self._record = record
        self._memory = memory

    def all(self) -> list[Source]:
        """Return every file by name. The name of an added one is kept with it."""
        record = self._record
        sources = {
            file: Source(Path(file), ref, self._origin_of_added(file))
            for file, ref in record.added.items()
        }
        taken = {source.ref for source in sources.values()}
        for path, origin, found in self._found():
            file = str(path)
            if file in sources or file in record.forgotten:
                continue
            name = slug(found.name) if found and found.name else slug_of(path)
            ref = unique(record.names.get(file, name), taken)
            taken.add(ref)
            sources[file] = Source(path, ref, origin, found)
        return sorted(sources.values(), key=lambda source: source.ref)

    def _found(self) -> Iterator[tuple[Path, Origin, Found | None]]:
        """Yield the files that nobody added: shipped, own, in folders, then those of others."""
        for path in shipped_models():
            yield path, Origin.SHIPPED, None
        for path in self.own():
            yield path, Origin.OWN, None
        for folder in self._record.folders:
            for file in self._memory.folders.get(folder, ()):
                yield Path(file), Origin.FOLDER, None
        for found in self._memory.offered:
            yield Path(found.path), Origin(found.origin), found

    def own(self) -> list[Path]:
        """Return the files in the app's own folder, the first parts of those that have several."""
        try:
            files = sorted(self._paths.models.glob("*.gguf"))
        except OSError:
            return []
        return [file for file in files if not is_later_part(file)]

    def _origin_of_added(self, file: str) -> Origin:
        return Origin.OWN if Path(file).parent == self._paths.models else Origin.ADDED
