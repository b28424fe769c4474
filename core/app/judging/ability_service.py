"""Judging ability of models: measured once for each by bundled cases, while nothing else runs."""

import functools
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from core import gguf
from core.app.events.app_events import (
    AnswerFailed,
    AnswerFinished,
    AnswerStarted,
    AppEvent,
    ModelReady,
    ModelsChanged,
)
from core.app.judging.quiet_time import QuietTime
from core.app.loading.model_load_service import JudgeReply, ModelLoadService
from core.base.settings import app_settings as declared
from core.base.settings.app_settings import Settings
from core.chat.answering.running_answers import RunningAnswers
from core.chat.judging.judging_cases import bundled_cases
from core.ipc.reply import Reply
from core.messages import AnswerDone, Failed, ModelLoaded, PromptsJudged
from core.models.info.judging_ability import JudgedScores, JudgingAbility, measure_ability
from core.models.quantizations.measurement_store import MeasurementStore
from core.models.registry.model_registry import ModelRegistry

CASES_AT_ONCE = 4
"""So few that what was measured is soon saved, and an answer hardly waits."""
ABLE_PARAMETERS = 1_000_000_000
"""Models with fewer are hardly ever able: of those that were tried, none."""


class JudgingProgress(NamedTuple):
    """Cases that were judged so far, of how many."""

    done: int
    total: int


AbilityReply = Reply[JudgingProgress, JudgingAbility | None]
"""Ends with None when the model was taken away meanwhile."""


class AbilityService:
    """Listens to the application's events. One thread uses it.

    A model is measured after it has been loaded and quiet for a while, in small steps, which an
    answer cancels; what was measured is kept, and goes on from there. One step that fails ends it
    until the program starts again.
    """

    def __init__(
        self,
        registry: ModelRegistry,
        loading: ModelLoadService,
        running: RunningAnswers,
        measurements: MeasurementStore,
        settings: Settings,
        quiet: QuietTime,
        emit: Callable[[AppEvent], None],
    ) -> None:
        self._registry = registry
        self._loading = loading
        self._running = running
        self.measurements = measurements
        """Where scores are kept, by the fingerprint of a file."""
        self._settings = settings
        self.quiet = quiet
        """When the engine may be used unasked."""
        self._emit = emit
        self._reply: JudgeReply | None = None  # until it has ended, cancelled or not
        self._asked: AbilityReply | None = None
        self._asked_path = ""
        self._failed: set[str] = set()  # fingerprints
        self._fingerprints: dict[str, str] = {}  # by the sample digest of a file's facts
        self.is_enabled = False
        """Set by a front end that stays; a single command measures only when asked."""

    def ability_by_fingerprint(self, fingerprint: str) -> JudgingAbility | None:
        """Return what was measured of a file; None unless all of it was."""
        scores = self._scores(fingerprint)
        return _ability(scores) if len(scores) == len(bundled_cases().prompts) else None

    def ability_of_model(self, path: str) -> JudgingAbility | None:
        """Return what was measured of a registered file; reads some of it the first time."""
        facts = self._registry.cache.facts.get(path)
        if facts is None or not facts.sample_digest:
            return None
        if facts.sample_digest not in self._fingerprints:
            try:
                fingerprint = gguf.fingerprint(Path(path), facts.header())
            except OSError:  # it is away
                return None
            self._fingerprints[facts.sample_digest] = fingerprint
        return self.ability_by_fingerprint(self._fingerprints[facts.sample_digest])

    def is_unmeasured(self, path: str) -> bool:
        """Return whether a registered model of a size that may be able was never measured."""
        facts = self._registry.cache.facts.get(path)
        is_large = facts is not None and facts.parameters >= ABLE_PARAMETERS
        return is_large and self.ability_of_model(path) is None

    def on_app_event(self, event: AppEvent) -> None:
        """Give way to an answer; begin to wait again when the engine was used."""
        if isinstance(event, AnswerStarted) and self._reply is not None:
            self._reply.cancel()
        uses_engine = isinstance(event, AnswerStarted | AnswerFinished | AnswerFailed | ModelReady)
        if uses_engine and self.is_enabled:
            self.quiet.restart()

    def measure_model(self, path: str, *, anew: bool) -> AbilityReply:
        """Measure the model at `path` now, on battery as well; it is loaded for that.

        What is known already is returned, or measured `anew`. An answer goes first.
        """
        asked = self._asked = AbilityReply("", self._cancel_asked)
        self._asked_path = path
        prepared = self._loading.prepare_model(path)
        if prepared is None:
            self._loading.load_when_idle(path)
        elif isinstance(prepared, ModelLoaded):
            self._begin_asked(prepared, anew=anew)
        else:
            prepared.on_error(asked.fail).on_done(lambda done: self._begin_asked(done, anew=anew))
        return asked

    def continue_measurement(self) -> None:
        """Judge the next cases if nothing else needs the engine; to be called often."""
        loaded = self._loading.loaded
        if self._reply is not None or loaded is None or not self._may_judge(loaded):
            return
        scores = self._scores(loaded.fingerprint)
        waiting = bundled_cases().prompts[len(scores) :]
        if not waiting:
            self._finish_asked(loaded.fingerprint)
            return
        self._reply = self._loading.judge_prompts(waiting[:CASES_AT_ONCE])
        self._reply.on_done(functools.partial(self._on_judged, loaded.fingerprint))
        self._reply.on_error(functools.partial(self._on_failed, loaded.fingerprint))

    def close(self) -> None:
        """End the timer."""
        self.quiet.close()

    def _may_judge(self, loaded: ModelLoaded) -> bool:
        if self._running.turn_ids:
            return False
        if self._asked is not None and loaded.path == self._asked_path:
            return True
        return (
            self.is_enabled
            and self._settings.get_value(declared.CHAT_JUDGE)
            and loaded.fingerprint not in self._failed
            and self.ability_by_fingerprint(loaded.fingerprint) is None
            and self.quiet.is_over
        )

    def _begin_asked(self, prepared: ModelLoaded | AnswerDone, *, anew: bool) -> None:
        if isinstance(prepared, AnswerDone):  # its load was cancelled
            self._end_asked(None)
            return
        if anew:
            self._save(prepared.fingerprint, ())
        self.continue_measurement()

    def _scores(self, fingerprint: str) -> tuple[float, ...]:
        judging = self.measurements.file_measurements(fingerprint).judging
        return judging.scores if judging and judging.cases == bundled_cases().key else ()

    def _save(self, fingerprint: str, scores: tuple[float, ...]) -> None:
        judging = JudgedScores(cases=bundled_cases().key, scores=scores)
        self.measurements.save_judging(fingerprint, judging)

    def _on_judged(self, fingerprint: str, event: PromptsJudged | AnswerDone) -> None:
        self._reply = None
        if isinstance(event, AnswerDone):  # cancelled: these cases are judged again later
            loaded = self._loading.loaded
            if self._asked is not None and (loaded is None or loaded.path != self._asked_path):
                self._end_asked(None)
            return
        # A case that can't be read says nothing: 0 is as likely as not.
        scores = (*self._scores(fingerprint), *(score or 0.0 for score in event.differences))
        self._save(fingerprint, scores)
        total = len(bundled_cases().prompts)
        if self._asked is not None:
            self._asked.report(JudgingProgress(len(scores), total))
        if len(scores) == total:
            self._finish_asked(fingerprint)
            self._emit(ModelsChanged())

    def _on_failed(self, fingerprint: str, failed: Failed) -> None:
        self._reply = None
        self._failed.add(fingerprint)
        if self._asked is not None:
            asked, self._asked = self._asked, None
            asked.fail(failed)

    def _finish_asked(self, fingerprint: str) -> None:
        if self._asked is not None:
            self._end_asked(self.ability_by_fingerprint(fingerprint))

    def _end_asked(self, ability: JudgingAbility | None) -> None:
        asked, self._asked = self._asked, None
        if asked is not None:
            asked.finish(ability)

    def _cancel_asked(self) -> None:
        self._end_asked(None)
        if self._reply is not None:
            self._reply.cancel()


@functools.lru_cache(maxsize=8)
def _ability(scores: tuple[float, ...]) -> JudgingAbility:
    cases = bundled_cases()
    count = len(cases.answers)
    return JudgingAbility(
        answers=measure_ability(scores[:count], [case.outcome for case in cases.answers]),
        supports=measure_ability(scores[count:], [case.outcome for case in cases.supports]),
    )
