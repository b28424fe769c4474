"""Timing of a model on request: it is loaded, and what is measured of it awaited."""

from pathlib import Path
from typing import Never

from core.app.loading.model_load_service import ModelLoadService
from core.base.errors import ErrorCode
from core.engine.client.engine_client import EngineClient
from core.ipc.client import new_request_id
from core.ipc.reply import Reply
from core.messages import AnswerDone, Failed, ModelLoaded, ModelTimed, TimeModel

TimingReply = Reply[Never, ModelTimed | AnswerDone]
"""The reply of a timing: AnswerDone when loading or timing was cancelled."""


class ModelTiming:
    """Times models of one root. One thread uses it."""

    def __init__(self, engine: EngineClient, loading: ModelLoadService) -> None:
        self._engine = engine
        self._loading = loading

    def time_model(self, path: str) -> TimingReply:
        """Load the model at `path` unless it is loaded, and return what is measured of it."""
        loaded = self._loading.prepare_model(path)
        if isinstance(loaded, ModelLoaded):
            return self._ask()
        reply: TimingReply = Reply()
        if loaded is None:
            facts = {"file": Path(self._loading.path).name}
            reply.fail(Failed(request_id="", code=ErrorCode.MODEL_IN_USE, facts=facts))
            return reply

        def on_loaded(event: ModelLoaded | AnswerDone) -> None:
            if isinstance(event, AnswerDone):
                reply.finish(event)
            else:
                self._ask().on_done(reply.finish).on_error(reply.fail)

        loaded.on_done(on_loaded).on_error(reply.fail)
        return reply

    def _ask(self) -> TimingReply:
        return self._engine.send(TimeModel(request_id=new_request_id()))
