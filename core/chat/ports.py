"""What an answer asks of the library and the engine: seams for fakes."""

from typing import Protocol

from core.messages import Generate, ModelLoaded


class SearchPort(Protocol):
    """What an answer asks of the library."""

    def search(self, query: str, folder_ids: tuple[str, ...], k: int) -> str:
        """Begin a search; SearchDone or Failed carries the returned id."""

    def cancel(self, request_id: str) -> None:
        """Drop a search."""

    def give_way(self, *, active: bool) -> None:
        """Pause indexing while the model computes."""


class EnginePort(Protocol):
    """What an answer asks of the engine."""

    def prepare(self, path: str) -> ModelLoaded | str:
        """Return the loaded model, or begin to load it: ModelLoaded or Failed carries the id."""

    def generate(self, request: Generate) -> None:
        """Begin to answer."""

    def cancel(self, request_id: str) -> None:
        """Stop answering; AnswerDone still comes."""
