"""What an answer asks of the library, the engine and the disk: seams for fakes."""

from typing import Protocol

from core.chat.conversation import Conversation, Turn
from core.messages import Generate, ModelLoaded


class SearchPort(Protocol):
    """What an answer asks of the library."""

    def search(self, query: str, folder_ids: tuple[str, ...], k: int) -> str:
        """Begin a search; SearchDone or Failed carries the returned id."""

    def search_files(self, query: str, paths: tuple[str, ...], k: int, tokens: int) -> str:
        """Search single files; those of at most `tokens` together come as a whole."""

    def cancel(self, request_id: str) -> None:
        """Drop a search."""

    def give_way(self, *, active: bool) -> None:
        """Pause indexing while the model computes."""


class EnginePort(Protocol):
    """What an answer asks of the engine."""

    def prepare(self, path: str) -> ModelLoaded | str | None:
        """Return the loaded model, or begin to load it: ModelLoaded or Failed carries the id.

        None while another model is answering: the answer is told by `proceed` to ask again.
        """

    def ready(self, path: str) -> ModelLoaded | None:
        """Return the model if it is loaded; nothing is begun."""

    def generate(self, request: Generate) -> None:
        """Begin to answer."""

    def cancel(self, request_id: str) -> None:
        """Stop answering; AnswerDone still comes."""


class SavingPort(Protocol):
    """Where an answer keeps its chat; a disk that refuses is no concern of the answer's."""

    def save(self, conversation: Conversation, *turns: Turn) -> None:
        """Keep the chat's own line and these of its turns."""

    def save_partial(self, turn_id: str, raw: str, thinking: str = "") -> None:
        """Keep what a streaming answer has so far."""
