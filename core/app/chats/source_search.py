"""Source search: the library as answers search it."""

from typing import Any

from core.chat.answering.answer_request import AnswerRequest
from core.ipc.reply import Reply
from core.library.client.library_client import LibraryClient
from core.messages import SearchDone


def search_sources(
    library: LibraryClient, request: AnswerRequest, query: str, passages: int, tokens: int
) -> Reply[Any, SearchDone]:
    """Search the single files, else the folders, that a question is asked about.

    At most so many `passages` are found; files of at most `tokens` together come as a whole.
    """
    if request.files:
        return library.search_files(query, request.files, passages, tokens)
    return library.search_folders(query, request.folder_ids, passages)
