"""Source search: the library as answers search it."""

from typing import Any

from core.chat.answering.answer_request import AnswerRequest
from core.ipc.reply import Reply
from core.library.client.library_client import LibraryClient
from core.messages import SearchDone


class SourceSearch:
    """Searches the folders, or the single files, that a question is asked about."""

    def __init__(self, library: LibraryClient) -> None:
        self._library = library

    def search_sources(
        self, request: AnswerRequest, query: str, passages: int, tokens: int
    ) -> Reply[Any, SearchDone]:
        """Search for so many passages; files of at most `tokens` together come as a whole."""
        if request.files:
            return self._library.search_files(query, request.files, passages, tokens)
        return self._library.search_folders(query, request.folder_ids, passages)

    def pause_indexing(self, *, active: bool) -> None:
        """Pause indexing while a model computes."""
        self._library.pause_indexing(active=active)
