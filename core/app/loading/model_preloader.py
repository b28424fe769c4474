"""Preloading: the model of the next question is loaded when the window opens."""

from collections.abc import Callable

from core.app.events.app_events import AppEvent, Notice
from core.app.loading.model_load_service import ModelLoadService
from core.app.models.model_quarantine import ModelQuarantine
from core.app.problems import problem_of
from core.base.settings import app_settings as declared
from core.base.settings.app_settings import Settings
from core.models.info.model_entry import ModelEntry


class ModelPreloader:
    """Loads ahead of any question, unless that crashed the last time. One thread uses it."""

    def __init__(
        self,
        loading: ModelLoadService,
        settings: Settings,
        quarantine: ModelQuarantine,
        emit: Callable[[AppEvent], None],
    ) -> None:
        self._loading = loading
        self._settings = settings
        self._quarantine = quarantine
        self._emit = emit

    def preload_model(self, model: ModelEntry | None) -> None:
        """Begin to load a model if it is usable and that is set; a suspicion is a notice."""
        if model is None or model.problem_code or model.fits == "no":
            return
        if not self._settings.get_value(declared.LOAD_AT_START):
            return
        suspicion = self._quarantine.preload_problem(model.path)
        if suspicion is None:
            self._loading.prepare_model(model.path)
        else:
            self._emit(Notice(key="model", severity="warning", problem=problem_of(suspicion)))
