"""The models a front end may choose among: the shelf, and which of them answers new questions."""

from collections.abc import Callable
from pathlib import Path

from core import settings as declared
from core.app.events import AppEvent, ModelsChanged
from core.app.quarantine import Quarantine
from core.errors import Code, ModelError
from core.models.entry import ModelEntry
from core.models.facts import stamp_of
from core.models.shelf import Shelf
from core.settings import Settings


class ModelDesk:
    """The shelf as a front end asks for it. `load` begins to load a model that was chosen."""

    def __init__(
        self,
        shelf: Shelf,
        quarantine: Quarantine,
        settings: Settings,
        emit: Callable[[AppEvent], None],
        load: Callable[[str], None],
    ) -> None:
        self._shelf = shelf
        self._quarantine = quarantine
        self._settings = settings
        self._emit = emit
        self._load = load

    def all(self) -> tuple[ModelEntry, ...]:
        """Return every known model; a file that is gone or damaged is there with its problem."""
        return self._shelf.entries()

    def chosen(self) -> ModelEntry | None:
        """Return the model that answers new questions: as chosen, else the first that works.

        What another program holds answers only when a person has chosen it.
        """
        entries = self._shelf.entries()
        ref = self._settings.get(declared.MODEL)
        for entry in entries:
            if ref in {entry.ref, entry.path}:
                return entry
        own = [entry for entry in entries if not entry.is_another_apps]
        fallbacks = ("", Code.MODEL_PUT_ASIDE)  # of two evils the one that says what to do
        return next((each for code in fallbacks for each in own if each.problem_code == code), None)

    def find(self, ref: str, *, again: bool = False, anyway: bool = False) -> ModelEntry:
        """Return the usable model `ref` names ("" for the chosen one). Raises ModelError.

        `again` takes a file that was put aside back into use, `anyway` lets its architecture be
        unknown: both are a person's wish.
        """
        entry = self.look_up(ref, anyway=anyway) if ref else self.chosen()
        if entry is None:
            raise ModelError(Code.NO_MODEL)
        if again and entry.problem_code == Code.MODEL_PUT_ASIDE:
            entry = self.retry(entry.ref)
        if entry.problem_code:
            raise ModelError(Code(entry.problem_code), **entry.problem_facts)
        return entry

    def look_up(self, ref: str, *, anyway: bool = False) -> ModelEntry:
        """Return the model `ref` names, whether or not it can be used. Raises ModelError."""
        return self._shelf.find(ref, anyway=anyway)

    def choose(self, ref: str) -> ModelEntry:
        """Answer with this model from now on, and begin to load it. Raises ModelError.

        While another one answers, loading waits for the end of the answer.
        """
        entry = self.find(ref)
        self._settings.set(declared.MODEL, entry.path)
        self._emit(ModelsChanged())
        self._load(entry.path)
        return entry

    def add(self, path: str, *, anyway: bool = False) -> ModelEntry:
        """Put a GGUF file on the shelf, where it lies. Raises ModelError.

        `anyway` lets its architecture be unknown, from now on.
        """
        entry = self._shelf.add(path, anyway=anyway)
        self._emit(ModelsChanged())
        return entry

    def vouch(self, path: str, sha256: str) -> None:
        """Take a file's checksum from who has just proved the file by it."""
        try:
            stamp = stamp_of(Path(path))
        except OSError:
            return  # it went away again
        self._shelf.memory.keep_sum(path, stamp, sha256)

    def retry(self, ref: str) -> ModelEntry:
        """Take a file that was put aside back into use. Raises ModelError."""
        entry = self._shelf.find(ref)
        self._quarantine.try_again(entry.path)
        self._emit(ModelsChanged())
        return self._shelf.find(ref)

    def forget(self, ref: str) -> None:
        """Take a model off the shelf; its file stays. Raises ModelError."""
        self._shelf.forget(ref)
        self._emit(ModelsChanged())
