"""Source search: the library as answers search it."""

from typing import Any

from core.chat.answering.answer_request import AnswerRequest
from core.ipc.reply import Reply
from core.library.client.library_client import LibraryClient
from core.messages import Failed, LibraryEvent, SearchDone


class SourceSearch:
    """Searches the folders, or the single files, that a question is asked about."""

    def __init__(self, library: LibraryClient) -> None:
        self._library = library
        self._replies: dict[str, Reply[Any, SearchDone]] = {}

    def search_sources(
        self, request: AnswerRequest, query: str, passages: int, tokens: int
    ) -> Reply[Any, SearchDone]:
        """Search for so many passages; files of at most `tokens` together come as a whole."""
        if request.files:
            request_id = self._library.search_files(query, request.files, passages, tokens)
        else:
            request_id = self._library.search_folders(query, request.folder_ids, passages)
        reply: Reply[Any, SearchDone] = Reply(request_id, lambda: self._library.cancel(request_id))
        self._replies[request_id] = reply
        return reply

    def pause_indexing(self, *, active: bool) -> None:
        """Pause indexing while a model computes."""
        self._library.pause_indexing(active=active)

    def on_library_event(self, event: LibraryEvent) -> bool:
        """Pass an event to the reply of its search; returns whether there was one."""
        if not isinstance(event, SearchDone | Failed):
            return False
        reply = self._replies.pop(event.request_id, None)
        if reply is None:
            return False
        if isinstance(event, Failed):
            reply.fail(event)
        else:
            reply.finish(event)
        return True
