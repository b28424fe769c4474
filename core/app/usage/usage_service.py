"""Usage service: counts what each generation read and wrote, and warns of a server's budget."""

import time
from collections.abc import Callable
from pathlib import PurePath

from msgspec import structs

from core.app.events.app_events import AppEvent, Notice, Problem
from core.app.usage.asking_origin import current_origin
from core.app.usage.usage_store import UsageRow, UsageStore, local_today
from core.base.i18n import _
from core.base.settings.app_settings import COUNT_USAGE, Settings
from core.chat.answering.answer_protocols import AnswerEngine, AnswerReply, LoadReply
from core.messages import AnswerDone, Generate, ModelLoaded, PromptFitted
from core.models.server_registry import ServerEntry, is_server_path

WARNING_SHARE = 0.8
"""The share of a budget from which on a warning is due."""


class UsageService:
    """Counts only, never content. One thread uses it."""

    def __init__(
        self,
        store: UsageStore,
        settings: Settings,
        get_server: Callable[[str], ServerEntry | None],
        name_of_model: Callable[[str], str],
        emit: Callable[[AppEvent], None],
    ) -> None:
        """`name_of_model` returns the name of the model at a path, the path if it is unknown."""
        self._store = store
        self._settings = settings
        self._get_server = get_server
        self._name_of_model = name_of_model
        self._emit = emit

    def metered_engine(self, engine: AnswerEngine, path: str) -> AnswerEngine:
        """Return an engine whose generations are counted for who asks now."""
        return _MeteredEngine(engine, path, current_origin(), self._count)

    def list_usage(self, days: int) -> tuple[UsageRow, ...]:
        """Return the rows of the last `days` days, today among them, the newest first."""
        return self._store.list_usage(days)

    def month_cost(self, server: str) -> float:
        """Return what a server has cost in this calendar month."""
        return self._store.month_cost(server)

    def _count(
        self, path: str, origin: str, done: AnswerDone, seconds: float, answers: int
    ) -> None:
        server = self._get_server(path) if is_server_path(path) else None
        has_budget = server is not None and server.budget > 0
        if not (self._settings.get_value(COUNT_USAGE) or has_budget):
            return
        read, written = done.prompt_tokens, done.completion_tokens
        before = self._store.month_cost(server.name) if server else 0.0
        self._store.add_usage(
            UsageRow(
                day=local_today().isoformat(),
                model=server.name if server else self._model_name(path),
                origin=origin,
                server=server.name if server else "",
                answers=answers,
                tokens_read=read,
                tokens_cached=done.cached_tokens,
                tokens_written=written,
                seconds=seconds,
                cost=server.cost_of(read, written) if server else 0.0,
            )
        )
        if server is not None and has_budget:
            self._warn(server, before)

    def _model_name(self, path: str) -> str:
        name = self._name_of_model(path)
        return name if name != path else PurePath(path).stem

    def _warn(self, server: ServerEntry, before: float) -> None:
        """Tell once when the larger part of a budget is spent."""
        spent = self._store.month_cost(server.name)
        if not before < WARNING_SHARE * server.budget <= spent:
            return
        message = _("This month's budget of {name} is used up to {percent} %.").format(
            name=server.name, percent=round(100 * spent / server.budget)
        )
        hint = _("Its questions are refused once it reaches 100 %.")
        problem = Problem(code="budget", message=message, hint=hint)
        self._emit(Notice(key=f"budget {server.name}", severity="warning", problem=problem))


_Count = Callable[[str, str, AnswerDone, float, int], None]


class _MeteredEngine(AnswerEngine):
    """An engine for one question, whose generations are counted as they end.

    Together they are one answer, however often the model called tools.
    """

    def __init__(self, engine: AnswerEngine, path: str, origin: str, count: _Count) -> None:
        self._engine = engine
        self._path = path
        self._origin = origin
        self._count = count
        self._answers = 1  # that the next generation counts as

    def prepare_model(self, path: str) -> ModelLoaded | LoadReply | None:
        """Prepare it as the engine does."""
        return self._engine.prepare_model(path)

    def loaded_model(self, path: str) -> ModelLoaded | None:
        """Return what the engine does."""
        return self._engine.loaded_model(path)

    def start_generation(self, request: Generate) -> AnswerReply:
        """Generate; what is read and written counts even if nobody cares for the text any more."""
        began = time.monotonic()
        fitted: list[int] = []

        def note_prompt(progress: object) -> None:
            if isinstance(progress, PromptFitted):
                fitted.append(progress.prompt_tokens)

        def end(done: AnswerDone) -> None:
            if not done.prompt_tokens and fitted:  # a server that doesn't count: our estimate
                done = structs.replace(done, prompt_tokens=fitted[-1])
            if done.prompt_tokens or done.completion_tokens:
                seconds = time.monotonic() - began
                self._count(self._path, self._origin, done, seconds, self._answers)
                self._answers = 0

        reply = self._engine.start_generation(request)
        reply.on_progress(note_prompt).on_done(end)
        return reply.share()
