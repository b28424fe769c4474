"""The model files Inglenook knows, used where they lie: shipped, fetched, added and found ones.

A header is read once per file, size and time of change, and remembered on disk.
"""

from collections.abc import Callable
from pathlib import Path

from core.errors import Code, ModelError
from core.gguf import check_architecture, first_part
from core.models.describing import View, described, described_adapter
from core.models.duplicates import Copy, Twins, find_twins
from core.models.entry import AdapterEntry, ModelEntry, Origin
from core.models.facts import ADAPTER, Facts, checked_header, is_text, shown_path
from core.models.finding import absolute, find_named, looks_like_a_path
from core.models.fits import Fit, Fits, Plan, PlanKey
from core.models.memory import Memory
from core.models.naming import slug_of, unique
from core.models.reading import Reading
from core.models.record import Record
from core.models.scanning import Look, Seen
from core.models.sources import Source, Sources
from core.models.stores import Places
from core.paths import Paths

Aside = Callable[[str, str], ModelError | None]
"""Path and name of a file to why it may not be used until it is asked for again."""


def _never(_path: str, _ref: str) -> None:
    """Put no file aside."""


_RANKS = tuple(Origin)


def _each_time(_path: str) -> str:
    """Remember no plan."""
    return ""


def _no_template(_path: str) -> bool:
    """No model has a template that a person set."""
    return False


class Shelf:
    """The known model files of one root. One thread uses it; `entries` may read the disk."""

    def __init__(
        self,
        paths: Paths,
        plan: Plan,
        aside: Aside = _never,
        *,
        plan_key: PlanKey = _each_time,
        has_own_template: Callable[[str], bool] = _no_template,
    ) -> None:
        """`plan_key` names all that a plan of the file at a path depends on, "" to plan anew."""
        self._aside = aside
        self._has_own_template = has_own_template
        self._tried_anyway: set[str] = set()  # until the program ends
        self._record = Record(paths, lambda path, taken: unique(slug_of(path), taken))
        self.memory = Memory(paths.shelf_facts, paths.checksums)
        """What is remembered of the files."""
        self._fits = Fits(plan, plan_key)
        self._fits.kept = self.memory.fits
        self._sources = Sources(paths, self._record, self.memory)

    def entries(self) -> tuple[ModelEntry, ...]:
        """Return every known model by name; one that is gone or damaged is there with why.

        Many new files at once are not there before a scan has read them.
        """
        self._fits.look()
        shown = [each for each in self._known() if each[1].kind != ADAPTER]
        twins = find_twins(
            Copy(
                str(source.path),
                source.ref,
                facts,
                self._sums(source.path, facts),
                _RANKS.index(source.origin),
            )
            for source, facts in shown
        )
        return tuple(
            self._entry(source, facts, twins.get(str(source.path))) for source, facts in shown
        )

    def adapters(self) -> tuple[AdapterEntry, ...]:
        """Return every LoRA adapter by name."""
        known = self._known()
        return tuple(described_adapter(*each) for each in known if each[1].kind == ADAPTER)

    def add(self, path: str, *, anyway: bool = False) -> ModelEntry:
        """Remember the file at `path`, after checking it. Raises ModelError or StorageError.

        Any part of a model in parts stands for all. `anyway` lets an architecture pass that this
        version doesn't know, from now on.
        """
        file = first_part(absolute(path))
        check_architecture(checked_header(file), anyway=anyway)
        self._remember(file, anyway=anyway)
        return next(entry for entry in self.entries() if entry.path == str(file))

    def add_adapter(self, path: str) -> AdapterEntry:
        """Remember the LoRA adapter at `path`. Raises ModelError or StorageError."""
        file = absolute(path)
        self._remember(file, anyway=False)
        return next(entry for entry in self.adapters() if entry.path == str(file))

    def tries_anyway(self, path: str) -> bool:
        """Whether a person asked to load this file though its architecture is not known."""
        return path in self._tried_anyway or path in self._record.anyway

    def forget(self, ref: str) -> None:
        """Take a file off the list, without touching it. Raises ModelError or StorageError.

        One that was found stays off, though it is found again.
        """
        adapters = {adapter.ref: adapter.path for adapter in self.adapters()}
        path = adapters.get(ref) or self.find(ref).path
        if path not in {str(source.path) for source in self._sources.all()}:
            return
        self._record.added.pop(path, None)
        if any(str(source.path) == path for source in self._sources.all()):
            self._record.forgotten.add(path)
        self._record.save()

    def find(self, ref: str, *, anyway: bool = False) -> ModelEntry:
        """Return the file that `ref` means: its name, part of one, or a path. Raises ModelError.

        A path need not be on the shelf; the file is then used without being remembered. `anyway`
        lets its architecture be unknown, until the program ends.
        """
        found = self._find(ref, anyway=anyway)
        if anyway and found.problem_code == Code.ARCHITECTURE_UNKNOWN:
            self._tried_anyway.add(found.path)
            return self._find(found.path, anyway=anyway)
        return found

    def ref_of(self, path: str) -> str:
        """Return what the file at `path` is called; the path if it is not on the shelf."""
        return next((each.ref for each in self._sources.all() if str(each.path) == path), path)

    @property
    def folders(self) -> tuple[str, ...]:
        """The folders that are looked through."""
        return tuple(self._record.folders)

    def add_folder(self, path: str) -> str:
        """Look through this folder from the next scan on; returns it. Raises ModelError."""
        folder = absolute(path)
        if not folder.is_dir() or shown_path(folder) != str(folder):
            raise ModelError(Code.MODELS_FOLDER_GONE, path=shown_path(folder))
        if str(folder) not in self._record.folders:
            self._record.folders.append(str(folder))
            self._record.save()
        return str(folder)

    def forget_folder(self, path: str) -> None:
        """Look through a folder no more; its files stay. Raises ModelError if it wasn't."""
        folder = str(absolute(path))
        if folder not in self._record.folders:
            raise ModelError(Code.MODELS_FOLDER_UNKNOWN, path=shown_path(Path(folder)))
        self._record.folders.remove(folder)
        self.memory.folders.pop(folder, None)
        self._record.save()

    def look(self, places: Places | None) -> Look:
        """Return what a scan is to look through; `places` None leaves other programs out."""
        return Look(
            folders={f: self.memory.folders.get(f, ()) for f in self._record.folders},
            files=tuple(str(source.path) for source in self._sources.all()),
            known=dict(self.memory.facts),
            plan=self._fits.planned,
            places=places,
        )

    def take(self, seen: Seen) -> None:
        """Show what a scan found. New files keep the names they get now. Raises StorageError."""
        memory = self.memory
        memory.folders = {f: files for f, files in seen.folders.items() if f in self.folders}
        memory.offered = seen.offered
        for path, facts in seen.read.items():
            memory.keep(path, facts)
        memory.fits.update(seen.fits)
        sources = self._sources.all()
        memory.only({str(source.path) for source in sources})
        added = self._record.added
        names = {str(s.path): s.ref for s in sources if str(s.path) not in added}
        if names != self._record.names and all(map(is_text, names)):
            self._record.names = names
            self._record.save()

    # ------------------------------------------------------------ inside

    def _known(self) -> list[tuple[Source, Facts]]:
        reading = Reading(self.memory, self._record)
        known = ((source, reading.facts(source)) for source in self._sources.all())
        return [(source, facts) for source, facts in known if facts is not None]

    def _remember(self, file: Path, *, anyway: bool) -> None:
        known = {str(source.path): source.ref for source in self._sources.all()}
        path = str(file)
        if path in self._record.forgotten or path not in known or anyway:
            ref = known.get(path) or unique(slug_of(file), set(known.values()))
            self._record.added[path] = ref
            self._record.forgotten.discard(path)
            self._record.anyway |= {path} if anyway else set()
            self._record.save()

    def _find(self, ref: str, *, anyway: bool) -> ModelEntry:
        entries = self.entries()
        if named := find_named(ref, entries):
            return named
        if not looks_like_a_path(ref):
            raise ModelError(Code.MODEL_UNKNOWN, ref=ref)
        file = first_part(absolute(ref))
        for entry in entries:
            if entry.path == str(file):
                return entry
        check_architecture(checked_header(file), anyway=anyway or self.tries_anyway(str(file)))
        ref = unique(slug_of(file), {entry.ref for entry in entries})
        source = Source(file, ref, Origin.ADDED)
        facts = Reading(self.memory, self._record).facts(source)
        assert facts is not None  # a file that nobody had to find is read at once
        return self._entry(source, facts, None)

    def _entry(self, source: Source, facts: Facts, twins: Twins | None) -> ModelEntry:
        path = str(source.path)
        error = facts.error
        if error is None or (error.code == Code.ARCHITECTURE_UNKNOWN and self.tries_anyway(path)):
            error = self._aside(path, source.ref)
        fit = self._fit(path, facts)
        view = View(
            error=error,
            verdict=fit.verdict,
            needed=fit.needed,
            sums=self._sums(source.path, facts),
            twins=twins,
            own_template=self._has_own_template(path),
        )
        return described(source, facts, view)

    def _fit(self, path: str, facts: Facts) -> Fit:
        if not facts.slim or facts.problem_code in {Code.MODEL_GONE, Code.MODEL_AWAY}:
            return Fit("no", 0)
        return self._fits.of(path, facts)

    def _sums(self, path: Path, facts: Facts) -> tuple[str, ...]:
        files = (str(path), *facts.later_parts)
        return tuple(map(self.memory.sha256, files, facts.stamps))
