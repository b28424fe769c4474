"""Registered models as front ends see them, and the default model for new questions."""

import logging
from collections.abc import Callable
from pathlib import Path

from core.app.events.app_events import AppEvent, ModelReady, ModelsChanged
from core.app.models.model_quarantine import ModelQuarantine
from core.base.errors import ErrorCode, ModelError, StorageError
from core.base.settings import app_settings as declared
from core.base.settings.app_settings import Settings
from core.models.info.model_entry import ModelEntry
from core.models.info.model_facts import read_stamp
from core.models.registry.model_registry import ModelRegistry

_log = logging.getLogger(__name__)


class ModelService:
    """Chooses, adds and removes models. `load` begins to load a model that was chosen."""

    def __init__(
        self,
        registry: ModelRegistry,
        quarantine: ModelQuarantine,
        settings: Settings,
        emit: Callable[[AppEvent], None],
        load: Callable[[str], None],
    ) -> None:
        self.registry = registry
        self._quarantine = quarantine
        self._settings = settings
        self._emit = emit
        self._load = load
        self.keeps_choice = False
        """Whether the model in use becomes the choice: not for a command that uses it once."""
        self._known_choice = ""  # the setting while the model it names was there

    def chosen_model(self) -> ModelEntry | None:
        """Return the model that answers new questions: as chosen, else the first that works.

        A model of another program answers only when a person has chosen it.
        """
        if named := self._named_model():
            return named
        own = [entry for entry in self.registry.list_models() if not entry.is_from_other_app]
        fallbacks = ("", ErrorCode.MODEL_PUT_ASIDE)  # its problem says what to do
        return next((each for code in fallbacks for each in own if each.problem_code == code), None)

    def find_usable_model(
        self, ref: str, *, again: bool = False, anyway: bool = False
    ) -> ModelEntry:
        """Return the usable model `ref` names ("" for the chosen one). Raises ModelError.

        With `again`, a file in quarantine is used again; with `anyway`, its architecture may be
        unknown. Both are for a person to decide.
        """
        entry = self.registry.find_model(ref, anyway=anyway) if ref else self.chosen_model()
        if entry is None:
            raise ModelError(ErrorCode.NO_MODEL)
        if again and entry.problem_code == ErrorCode.MODEL_PUT_ASIDE:
            entry = self.retry_model(entry.ref)
        if entry.problem_code:
            raise ModelError(ErrorCode(entry.problem_code), **entry.problem_facts)
        return entry

    def choose_model(self, ref: str) -> ModelEntry:
        """Answer with this model from now on, and begin to load it. Raises ModelError.

        While another one answers, loading waits for the end of the answer.
        """
        entry = self.find_usable_model(ref)
        self._settings.set_value(declared.MODEL, entry.path)
        self._emit(ModelsChanged())
        self._load(entry.path)
        return entry

    def on_app_event(self, event: AppEvent) -> None:
        """Stay with the model that is used, whatever is added or removed later.

        While none was chosen, the one that is loaded becomes the choice; in place of a choice that
        was removed, the one that answers then.
        """
        if isinstance(event, ModelReady) and not self._settings.get_value(declared.MODEL):
            entry = self.chosen_model()
            if entry is not None and entry.ref == event.ref:
                self._store_choice(entry)
        elif isinstance(event, ModelsChanged):
            named = self._named_model()
            choice = self._settings.get_value(declared.MODEL)
            if named is None and choice and choice == self._known_choice:
                self._store_choice(self.chosen_model())
            named = self._named_model()
            self._known_choice = self._settings.get_value(declared.MODEL) if named else ""

    def _named_model(self) -> ModelEntry | None:
        """Return the model that the setting names, None if it names none that is there."""
        ref = self._settings.get_value(declared.MODEL)
        entries = self.registry.list_models()
        return next((entry for entry in entries if ref in {entry.ref, entry.path}), None)

    def _store_choice(self, entry: ModelEntry | None) -> None:
        if entry is None or not self.keeps_choice:
            return
        try:
            self._settings.set_value(declared.MODEL, entry.path)
        except StorageError:
            _log.warning("the model in use can't be stored as the chosen one", exc_info=True)

    def add_model(self, path: str, *, anyway: bool = False) -> ModelEntry:
        """Register a GGUF file where it is. Raises ModelError.

        With `anyway`, its architecture may be unknown, from now on.
        """
        entry = self.registry.add_model(path, anyway=anyway)
        self._emit(ModelsChanged())
        return entry

    def record_checksum(self, path: str, sha256: str) -> None:
        """Remember the checksum that a file has just been verified with."""
        try:
            stamp = read_stamp(Path(path))
        except OSError:
            return  # it is gone already
        self.registry.cache.store_sha256(path, stamp, sha256)

    def retry_model(self, ref: str) -> ModelEntry:
        """Take a file out of quarantine. Raises ModelError."""
        entry = self.registry.find_model(ref)
        self._quarantine.allow_retry(entry.path)
        self._emit(ModelsChanged())
        return self.registry.find_model(ref)

    def unregister_model(self, ref: str) -> None:
        """Take a model off the list; its file stays. Raises ModelError."""
        self.registry.forget_model(ref)
        self._emit(ModelsChanged())
