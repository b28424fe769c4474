"""Protocols of what an answer needs: source search, engine, saver."""

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from core.chat.conversations.conversation import Conversation, Turn
from core.ipc.reply import Reply
from core.messages import (
    AnswerChunk,
    AnswerDone,
    Generate,
    LoadProgress,
    ModelLoaded,
    PromptFitted,
    SearchDone,
    StatementsJudged,
    ThinkingChunk,
)

SourceSearch = Callable[[str, int, int], Reply[Any, SearchDone]]
"""Searches the sources of one question: takes the query, how many passages are wanted, and how many
tokens single files may have together to be returned as a whole."""

LoadReply = Reply[LoadProgress, ModelLoaded | AnswerDone]
"""The reply of a load; AnswerDone when it was cancelled."""
AnswerReply = Reply[PromptFitted | AnswerChunk | ThinkingChunk, AnswerDone]
"""The reply of a generation. PromptFitted comes first; once more, it voids what came before."""


JudgingReply = Reply[Any, StatementsJudged]
"""The reply of a judge that was asked about an answer's sentences."""


class StatementJudge(Protocol):
    """The learned judge of statements, in another process."""

    @property
    def judge_name(self) -> str:
        """The judge's name, "" while none is known to be there."""

    def judge_statements(self, question: str, pairs: Sequence[tuple[str, str]]) -> JudgingReply:
        """Ask about pairs (statement, evidence) of an answer to a question."""


class AnswerEngine(Protocol):
    """The engine that answers: the one on this computer, or a server."""

    def prepare_model(self, path: str) -> ModelLoaded | LoadReply | None:
        """Return the loaded model, or the reply of its load, which begins now if it has not.

        None while answers need another model: ask again when one of them has ended.
        """

    def loaded_model(self, path: str) -> ModelLoaded | None:
        """Return the model if it is loaded; nothing is begun."""

    def start_generation(self, request: Generate) -> AnswerReply:
        """Generate text with the prepared model. A cancelled reply still ends with AnswerDone."""


class AnswerSaver(Protocol):
    """Storage of a chat with an answer on its way; errors of the disk never reach the answer."""

    def save_turns(self, conversation: Conversation, *turns: Turn) -> None:
        """Save the chat's own row and these of its turns."""

    def save_partial_answer(self, turn_id: str, raw: str, thinking: str = "") -> None:
        """Save what a streaming answer has so far."""
