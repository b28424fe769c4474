"""Library queries: what the library is asked for a question about it, or for all of its files."""

from core.chat.intent.library_question import LibraryQuestion, LibraryQuestionKind
from core.ipc.client import new_request_id
from core.messages import QueryFiles

MOST_NAMED = 20
"""Files that an answer names, about a screen; the rest is counted."""
MOST_RANKED = 5
MOST_DOCUMENTS = 2000
"""Documents that one task goes through."""
RANKED = frozenset(
    {
        LibraryQuestionKind.NEWEST,
        LibraryQuestionKind.OLDEST,
        LibraryQuestionKind.LARGEST,
        LibraryQuestionKind.SMALLEST,
    }
)
"""What asks for the first files in an order."""
_ORDERS = {LibraryQuestionKind.CONTENTS: "newest", LibraryQuestionKind.CHANGED: "newest"}


def library_query(question: LibraryQuestion, folder_ids: tuple[str, ...]) -> QueryFiles:
    """Return what the library is asked for a question."""
    ranked = question.kind in RANKED
    return QueryFiles(
        request_id=new_request_id(),
        folder_ids=folder_ids,
        words=question.words,
        types=question.types,
        since=question.since,
        until=question.until,
        order=question.kind.value if ranked else _ORDERS.get(question.kind, "name"),
        unreadable=question.kind is LibraryQuestionKind.UNREADABLE,
        limit=MOST_RANKED if ranked else MOST_NAMED,
    )


def latest_documents_query(folder_ids: tuple[str, ...]) -> QueryFiles:
    """Return the question for the files of folders that were changed last."""
    return QueryFiles(
        request_id=new_request_id(), folder_ids=folder_ids, order="newest", limit=MOST_NAMED
    )


def all_documents_query(folder_ids: tuple[str, ...]) -> QueryFiles:
    """Return the question for all files of folders, by name."""
    return QueryFiles(request_id=new_request_id(), folder_ids=folder_ids, limit=MOST_DOCUMENTS)
