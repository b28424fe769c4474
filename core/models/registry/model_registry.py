"""Registry of all model files: shipped, downloaded, added and found ones.

Files are used where they are. A header is read once per file, size and time of change, and cached
on disk.
"""

import os
from collections.abc import Callable, Sequence
from pathlib import Path

from core.base.errors import ErrorCode, ModelError
from core.base.paths import Paths
from core.gguf import check_architecture, first_part
from core.messages.model_names import find_by_model_name
from core.models.info.model_duplicates import DuplicateCandidate, DuplicateInfo, find_duplicates
from core.models.info.model_entry import AdapterEntry, ModelEntry, ModelOrigin
from core.models.info.model_facts import (
    ADAPTER,
    ModelFacts,
    display_path,
    is_unicode_path,
    read_model_header,
)
from core.models.info.model_fit_cache import FitKey, FitPlanner, ModelFit, ModelFitCache
from core.models.info.model_naming import slug_of_file, unique_name
from core.models.registry.model_cache import ModelCache
from core.models.registry.model_entry_builder import (
    ModelEntryDetails,
    build_adapter_entry,
    build_model_entry,
)
from core.models.registry.model_facts_reader import ModelFactsReader
from core.models.registry.model_scan import ScanRequest, ScanResult
from core.models.registry.model_sources import ModelSource, ModelSources
from core.models.registry.registry_file import RegistryFile
from core.models.stores import StoreLocations

SHOWN_MATCHES = 5


def find_model_by_name(ref: str, entries: Sequence[ModelEntry]) -> ModelEntry | None:
    """Return the entry that `ref` names: its name, path, or part of its name or family.

    None if there is none. Raises ModelError if there are several.
    """
    wanted = ref.casefold()
    exact = [entry for entry in entries if wanted == entry.ref or ref == entry.path]
    starts = [entry for entry in entries if entry.ref.startswith(wanted)]
    inside = [e for e in entries if wanted in e.ref or wanted in e.family.casefold()]
    for found in (exact, starts, inside) if wanted else ():
        if len(found) == 1:
            return found[0]
        if found:
            matches = ", ".join(entry.ref for entry in found[:SHOWN_MATCHES])
            raise ModelError(
                ErrorCode.MODEL_AMBIGUOUS, ref=ref, matches=matches, count=str(len(found))
            )
    return None


def looks_like_path(ref: str) -> bool:
    """Whether `ref` is rather a path than a name."""
    separators = {os.sep, os.altsep or os.sep}
    is_long = any(separator in ref for separator in separators)
    return is_long or ref.lower().endswith(".gguf") or ref.startswith("~") or Path(ref).is_file()


def absolute_path(path: str) -> Path:
    """Return the absolute path; links stay, so that a file is known by the name it was given."""
    return Path(os.path.abspath(Path(path).expanduser()))  # noqa: PTH100 - resolve follows links


QuarantineCheck = Callable[[str, str], ModelError | None]
"""Path and name of a file to the reason why it may not be used, None if it may."""


def _no_quarantine(_path: str, _ref: str) -> None:
    """Put no file into quarantine."""


def _names_of(source: ModelSource) -> tuple[str, str]:
    return source.ref, source.path.stem


_ABSENT = frozenset({ErrorCode.MODEL_GONE, ErrorCode.MODEL_AWAY})
_RANKS = tuple(ModelOrigin)


def _no_fit_key(_path: str) -> str:
    """Cache no plan."""
    return ""


def _no_template(_path: str) -> bool:
    """No model has a template that a person set."""
    return False


class ModelRegistry:
    """The model files of one root. One thread uses it; `list_models` may read the disk."""

    def __init__(
        self,
        paths: Paths,
        plan: FitPlanner,
        quarantine_check: QuarantineCheck = _no_quarantine,
        *,
        plan_key: FitKey = _no_fit_key,
        has_own_template: Callable[[str], bool] = _no_template,
    ) -> None:
        """`plan_key` names everything that the plan of a file depends on, "" to plan each time."""
        self._quarantine_check = quarantine_check
        self._has_own_template = has_own_template
        self._tried_anyway: set[str] = set()  # until the program ends
        self._record = RegistryFile(
            paths, lambda path, taken: unique_name(slug_of_file(path), taken)
        )
        self.cache = ModelCache(paths.model_registry_cache, paths.checksums)
        """Cached facts and checksums of the files."""
        self._fits = ModelFitCache(plan, plan_key)
        self._fits.cached_fits = self.cache.fits
        self._sources = ModelSources(paths, self._record, self.cache)

    def list_models(self) -> tuple[ModelEntry, ...]:
        """Return every model, sorted by name; a missing or damaged one has its problem.

        Many new files at once are missing until a scan has read them.
        """
        self._fits.begin_listing()
        listed = [each for each in self._known_sources() if each[1].kind != ADAPTER]
        duplicates = find_duplicates(
            DuplicateCandidate(
                str(source.path),
                source.ref,
                facts,
                self._checksums(source.path, facts),
                _RANKS.index(source.origin),
            )
            for source, facts in listed
        )
        return tuple(
            self._entry(source, facts, duplicates.get(str(source.path))) for source, facts in listed
        )

    def list_adapters(self) -> tuple[AdapterEntry, ...]:
        """Return every LoRA adapter by name."""
        known = self._known_sources()
        return tuple(build_adapter_entry(*each) for each in known if each[1].kind == ADAPTER)

    def add_model(self, path: str, *, anyway: bool = False) -> ModelEntry:
        """Check and register the file at `path`. Raises ModelError or StorageError.

        It may be any part of a model in parts. With `anyway`, its architecture may be unknown from
        now on.
        """
        file = first_part(absolute_path(path))
        check_architecture(read_model_header(file), anyway=anyway)
        self._register(file, anyway=anyway)
        return next(entry for entry in self.list_models() if entry.path == str(file))

    def add_adapter(self, path: str) -> AdapterEntry:
        """Register the LoRA adapter at `path`. Raises ModelError or StorageError."""
        file = absolute_path(path)
        self._register(file, anyway=False)
        return next(entry for entry in self.list_adapters() if entry.path == str(file))

    def allows_unknown_architecture(self, path: str) -> bool:
        """Whether a person has allowed to load this file despite an unknown architecture."""
        return path in self._tried_anyway or path in self._record.anyway

    def forget_model(self, ref: str) -> None:
        """Take a model or adapter off the list; its file stays. Raises ModelError or StorageError.

        A file that was found stays off the list when it is found again.
        """
        adapters = {adapter.ref: adapter.path for adapter in self.list_adapters()}
        path = adapters.get(ref) or self.find_model(ref).path
        if path not in {str(source.path) for source in self._sources.list_sources()}:
            return
        self._record.added.pop(path, None)
        if any(str(source.path) == path for source in self._sources.list_sources()):
            self._record.forgotten.add(path)
        self._record.save_registry()

    def find_model(self, ref: str, *, anyway: bool = False) -> ModelEntry:
        """Return the model that `ref` means: a name, part of one, or a path. Raises ModelError.

        A path need not be registered; the file is then used without being registered. With
        `anyway`, its architecture may be unknown, until the program ends.
        """
        found = self._find(ref, anyway=anyway)
        if anyway and found.problem_code == ErrorCode.ARCHITECTURE_UNKNOWN:
            self._tried_anyway.add(found.path)
            return self._find(found.path, anyway=anyway)
        return found

    def find_whole_name(self, name: str) -> ModelEntry | None:
        """Return the model of this name on the list, or whose file alone has it; None without one.

        Nothing is looked at of other models, and an earlier plan of its memory will do: programs
        name a model in each request.
        """
        sources = [
            each
            for each in self._sources.list_sources()
            if find_by_model_name(name, [each], _names_of) is not None
        ]
        reading = ModelFactsReader(self.cache, self._record)
        known = [(source, reading.current_facts(source)) for source in sources]
        models = {
            source: facts for source, facts in known if facts is not None and facts.kind != ADAPTER
        }
        found = find_by_model_name(name, list(models), _names_of)
        if found is None:
            return None
        self._fits.begin_listing(most_replans=0)
        return self._entry(found, models[found], None)

    def ref_for_path(self, path: str) -> str:
        """Return the name of the file at `path`; the path if it is not registered."""
        return next(
            (each.ref for each in self._sources.list_sources() if str(each.path) == path), path
        )

    @property
    def model_folders(self) -> tuple[str, ...]:
        """The folders that are scanned."""
        return tuple(self._record.folders)

    def add_folder(self, path: str) -> str:
        """Include a folder from the next scan on; returns its absolute path. Raises ModelError."""
        folder = absolute_path(path)
        if not folder.is_dir() or display_path(folder) != str(folder):
            raise ModelError(ErrorCode.MODELS_FOLDER_GONE, path=display_path(folder))
        if str(folder) not in self._record.folders:
            self._record.folders.append(str(folder))
            self._record.save_registry()
        return str(folder)

    def forget_folder(self, path: str) -> None:
        """Scan a folder no more; its files stay. Raises ModelError for an unknown folder."""
        folder = str(absolute_path(path))
        if folder not in self._record.folders:
            raise ModelError(ErrorCode.MODELS_FOLDER_UNKNOWN, path=display_path(Path(folder)))
        self._record.folders.remove(folder)
        self.cache.folders.pop(folder, None)
        self._record.save_registry()

    def scan_request(self, places: StoreLocations | None) -> ScanRequest:
        """Return the request for a scan; without `places`, other programs are left out."""
        return ScanRequest(
            folders={f: self.cache.folders.get(f, ()) for f in self._record.folders},
            files=tuple(str(source.path) for source in self._sources.list_sources()),
            known=dict(self.cache.facts),
            plan=self._fits.plan_fit,
            places=places,
        )

    def apply_scan(self, result: ScanResult) -> None:
        """List what a scan found; new files get their permanent names. Raises StorageError."""
        cache = self.cache
        cache.folders = {f: files for f, files in result.folders.items() if f in self.model_folders}
        cache.offered = result.offered
        for path, facts in result.read.items():
            cache.store_facts(path, facts)
        cache.fits.update(result.fits)
        sources = self._sources.list_sources()
        cache.retain_files({str(source.path) for source in sources})
        added = self._record.added
        names = {str(s.path): s.ref for s in sources if str(s.path) not in added}
        if names != self._record.names and all(map(is_unicode_path, names)):
            self._record.names = names
            self._record.save_registry()

    # ------------------------------------------------------------ inside

    def _known_sources(self) -> list[tuple[ModelSource, ModelFacts]]:
        reading = ModelFactsReader(self.cache, self._record)
        known = ((source, reading.current_facts(source)) for source in self._sources.list_sources())
        return [(source, facts) for source, facts in known if facts is not None]

    def _register(self, file: Path, *, anyway: bool) -> None:
        known = {str(source.path): source.ref for source in self._sources.list_sources()}
        path = str(file)
        if path in self._record.forgotten or path not in known or anyway:
            ref = known.get(path) or unique_name(slug_of_file(file), set(known.values()))
            self._record.added[path] = ref
            self._record.forgotten.discard(path)
            self._record.anyway |= {path} if anyway else set()
            self._record.save_registry()

    def _find(self, ref: str, *, anyway: bool) -> ModelEntry:
        entries = self.list_models()
        if named := find_model_by_name(ref, entries):
            return named
        if not looks_like_path(ref):
            raise ModelError(ErrorCode.MODEL_UNKNOWN, ref=ref)
        file = first_part(absolute_path(ref))
        for entry in entries:
            if entry.path == str(file):
                return entry
        check_architecture(
            read_model_header(file), anyway=anyway or self.allows_unknown_architecture(str(file))
        )
        ref = unique_name(slug_of_file(file), {entry.ref for entry in entries})
        source = ModelSource(file, ref, ModelOrigin.ADDED)
        facts = ModelFactsReader(self.cache, self._record).current_facts(source)
        assert facts is not None  # an added file is always read at once
        return self._entry(source, facts, None)

    def _entry(
        self, source: ModelSource, facts: ModelFacts, duplicates: DuplicateInfo | None
    ) -> ModelEntry:
        path = str(source.path)
        error = facts.error
        if error is None or (
            error.code == ErrorCode.ARCHITECTURE_UNKNOWN and self.allows_unknown_architecture(path)
        ):
            error = self._quarantine_check(path, source.ref)
        is_there = facts.slim and facts.problem_code not in _ABSENT
        fit = self._fits.fit_for_file(path, facts) if is_there else ModelFit("no", 0)
        details = ModelEntryDetails(
            error=error,
            verdict=fit.verdict,
            needed=fit.needed,
            sums=self._checksums(source.path, facts),
            duplicates=duplicates,
            own_template=self._has_own_template(path),
        )
        return build_model_entry(source, facts, details)

    def _checksums(self, path: Path, facts: ModelFacts) -> tuple[str, ...]:
        files = (str(path), *facts.later_parts)
        return tuple(map(self.cache.known_sha256, files, facts.stamps))
