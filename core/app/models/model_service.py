"""Registered models as front ends see them, and the default model for new questions."""

from collections.abc import Callable
from pathlib import Path

from core.app.events.app_events import AppEvent, ModelsChanged
from core.app.models.model_quarantine import ModelQuarantine
from core.base.errors import ErrorCode, ModelError
from core.base.settings import app_settings as declared
from core.base.settings.app_settings import Settings
from core.models.info.model_entry import ModelEntry
from core.models.info.model_facts import read_stamp
from core.models.registry.model_registry import ModelRegistry


class ModelService:
    """The shelf as a front end asks for it. `load` begins to load a model that was chosen."""

    def __init__(
        self,
        shelf: ModelRegistry,
        quarantine: ModelQuarantine,
        settings: Settings,
        emit: Callable[[AppEvent], None],
        load: Callable[[str], None],
    ) -> None:
        self._shelf = shelf
        self._quarantine = quarantine
        self._settings = settings
        self._emit = emit
        self._load = load

    def list_models(self) -> tuple[ModelEntry, ...]:
        """Return every known model; a file that is gone or damaged is there with its problem."""
        return self._shelf.list_models()

    def chosen_model(self) -> ModelEntry | None:
        """Return the model that answers new questions: as chosen, else the first that works.

        What another program holds answers only when a person has chosen it.
        """
        entries = self._shelf.list_models()
        ref = self._settings.get_value(declared.MODEL)
        for entry in entries:
            if ref in {entry.ref, entry.path}:
                return entry
        own = [entry for entry in entries if not entry.is_from_other_app]
        fallbacks = ("", ErrorCode.MODEL_PUT_ASIDE)  # of two evils the one that says what to do
        return next((each for code in fallbacks for each in own if each.problem_code == code), None)

    def find_usable_model(
        self, ref: str, *, again: bool = False, anyway: bool = False
    ) -> ModelEntry:
        """Return the usable model `ref` names ("" for the chosen one). Raises ModelError.

        `again` takes a file that was put aside back into use, `anyway` lets its architecture be
        unknown: both are a person's wish.
        """
        entry = self.find_model(ref, anyway=anyway) if ref else self.chosen_model()
        if entry is None:
            raise ModelError(ErrorCode.NO_MODEL)
        if again and entry.problem_code == ErrorCode.MODEL_PUT_ASIDE:
            entry = self.retry_model(entry.ref)
        if entry.problem_code:
            raise ModelError(ErrorCode(entry.problem_code), **entry.problem_facts)
        return entry

    def find_model(self, ref: str, *, anyway: bool = False) -> ModelEntry:
        """Return the model `ref` names, whether or not it can be used. Raises ModelError."""
        return self._shelf.find_model(ref, anyway=anyway)

    def choose_model(self, ref: str) -> ModelEntry:
        """Answer with this model from now on, and begin to load it. Raises ModelError.

        While another one answers, loading waits for the end of the answer.
        """
        entry = self.find_usable_model(ref)
        self._settings.set_value(declared.MODEL, entry.path)
        self._emit(ModelsChanged())
        self._load(entry.path)
        return entry

    def add_model(self, path: str, *, anyway: bool = False) -> ModelEntry:
        """Put a GGUF file on the shelf, where it lies. Raises ModelError.

        `anyway` lets its architecture be unknown, from now on.
        """
        entry = self._shelf.add_model(path, anyway=anyway)
        self._emit(ModelsChanged())
        return entry

    def record_checksum(self, path: str, sha256: str) -> None:
        """Take a file's checksum from who has just proved the file by it."""
        try:
            stamp = read_stamp(Path(path))
        except OSError:
            return  # it went away again
        self._shelf.cache.store_sha256(path, stamp, sha256)

    def retry_model(self, ref: str) -> ModelEntry:
        """Take a file that was put aside back into use. Raises ModelError."""
        entry = self._shelf.find_model(ref)
        self._quarantine.allow_retry(entry.path)
        self._emit(ModelsChanged())
        return self._shelf.find_model(ref)

    def unregister_model(self, ref: str) -> None:
        """Take a model off the shelf; its file stays. Raises ModelError."""
        self._shelf.forget_model(ref)
        self._emit(ModelsChanged())
