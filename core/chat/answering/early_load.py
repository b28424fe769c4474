"""Early load: an answer's model begins to load while its documents are searched."""

from core.chat.answering.answer_protocols import AnswerEngine, LoadReply
from core.ipc.reply import Reply
from core.messages import AnswerDone, Failed


class EarlyLoad:
    """The load of the model at `path`, if nothing but a search was in its way.

    How it ended counts only once the search has ended: a question that no document answers needs
    no model.
    """

    def __init__(self, engine: AnswerEngine, path: str) -> None:
        self._engine = engine
        self._path = path
        self._reply: LoadReply | None = None

    @property
    def is_begun(self) -> bool:
        """Whether it was begun; it may have ended since."""
        return self._reply is not None

    def begin_load(self) -> None:
        """Begin it, unless the model is there or answers need another one."""
        if self._reply is None and self._engine.loaded_model(self._path) is None:
            prepared = self._engine.prepare_model(self._path)
            self._reply = prepared if isinstance(prepared, Reply) else None

    def take_failure(self) -> Failed | AnswerDone | None:
        """Return once how it ended without a model (AnswerDone: it was cancelled), else None."""
        reply, self._reply = self._reply, None
        if reply is None:
            return None
        return reply.result if isinstance(reply.result, AnswerDone) else reply.failure
