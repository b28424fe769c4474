"""Protocols of what an answer needs: source search, engine, saver."""

from typing import Protocol

from core.chat.conversations.conversation import Conversation, Turn
from core.messages import Generate, ModelLoaded


class SourceSearch(Protocol):
    """What an answer asks of the library."""

    def search_folders(self, query: str, folder_ids: tuple[str, ...], k: int) -> str:
        """Begin a search; SearchDone or Failed carries the returned id."""

    def search_files(self, query: str, paths: tuple[str, ...], k: int, tokens: int) -> str:
        """Search single files; those of at most `tokens` together come as a whole."""

    def cancel(self, request_id: str) -> None:
        """Drop a search."""

    def pause_indexing(self, *, active: bool) -> None:
        """Pause indexing while the model computes."""


class AnswerEngine(Protocol):
    """What an answer asks of the engine."""

    def prepare_model(self, path: str) -> ModelLoaded | str | None:
        """Return the loaded model, or begin to load it: ModelLoaded or Failed carries the id.

        None while another model is answering: the answer is told by `proceed` to ask again.
        """

    def loaded_model(self, path: str) -> ModelLoaded | None:
        """Return the model if it is loaded; nothing is begun."""

    def start_generation(self, request: Generate) -> None:
        """Begin to answer."""

    def cancel(self, request_id: str) -> None:
        """Stop answering; AnswerDone still comes."""


class AnswerSaver(Protocol):
    """Where an answer keeps its chat; a disk that refuses is no concern of the answer's."""

    def save_turns(self, conversation: Conversation, *turns: Turn) -> None:
        """Keep the chat's own line and these of its turns."""

    def save_partial_answer(self, turn_id: str, raw: str, thinking: str = "") -> None:
        """Keep what a streaming answer has so far."""
