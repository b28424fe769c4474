"""Question documents: the files that a question is about, of folders or beside the question."""

from collections.abc import Iterable, Sequence
from typing import Any

from core.chat.answering.answer_request import AnswerRequest
from core.chat.library_answers.library_queries import all_documents_query
from core.chat.whole_documents.document_task import (
    TaskDocument,
    folder_documents,
    named_documents,
)
from core.chat.whole_documents.meant_documents import (
    MeantDocuments,
    means_certain_document,
    meant_documents,
)
from core.ipc.client import new_request_id
from core.ipc.reply import Reply
from core.library.client.library_client import LibraryClient
from core.messages import FilesFound, ListPassages, PassagesListed, SearchDone, SearchHit

ALL_TOKENS = 10_000_000
"""More than files beside a question have: all of their passages come."""
PASSAGES = 24
"""Passages among which the nearest documents are looked for: several of one come together."""


class QuestionDocuments:
    """The documents of one question: those that it names, else all that it is asked of."""

    def __init__(self, library: LibraryClient, request: AnswerRequest) -> None:
        self._library = library
        self._request = request
        self.unread_files = 0
        """Files that are still to be read, known with the list; UNKNOWN_COUNT while one is made."""

    def find_documents(self) -> Reply[Any, MeantDocuments]:
        """Ask for them; files beside the question come with their passages."""
        request = self._request
        if request.files:
            found = self._library.search_files(request.text, request.files, 1, ALL_TOKENS)
            return found.convert(self._picked_documents)
        listed = self._library.send(all_documents_query(request.folder_ids))
        return listed.then(self._among)

    def load_passages(self, document: TaskDocument) -> Reply[Any, tuple[SearchHit, ...]]:
        """Ask for the passages of one, in reading order."""
        asked = ListPassages(
            request_id=new_request_id(), folder_id=document.folder_id, file=document.file
        )
        return self._library.send(asked).convert(_hits)

    def _among(self, found: FilesFound) -> Reply[Any, MeantDocuments]:
        """Find those that are meant among all; where no name tells, a search does."""
        self.unread_files = found.unread_files
        documents = [
            TaskDocument(
                file=each.file,
                path=each.path,
                folder_id=each.folder_id,
                title=each.title,
                content_hash=each.content_hash,
                words=each.words,
            )
            for each in found.files
            if each.words
        ]
        text = self._request.text
        named = named_documents(text, documents)
        among = named or folder_documents(text, documents) or documents
        if named or len(among) < 2 or not means_certain_document(text):
            return Reply.finished(_all_of(among))
        searched = self._library.search_folders(text, self._request.folder_ids, PASSAGES)
        return searched.convert(lambda done: meant_documents(text, among, done.hits))

    def _picked_documents(self, done: SearchDone) -> MeantDocuments:
        by_path: dict[str, list[SearchHit]] = {}
        for hit in done.hits:
            if hit.whole:
                by_path.setdefault(hit.path, []).append(hit)
        return _all_of([_picked(path, hits) for path, hits in by_path.items()])


def _all_of(documents: Sequence[TaskDocument]) -> MeantDocuments:
    return MeantDocuments(documents=tuple(documents), total=len(documents))


def _picked(path: str, hits: Iterable[SearchHit]) -> TaskDocument:
    passages = tuple(hits)
    first = passages[0]
    return TaskDocument(
        file=first.file,
        path=path,
        title=first.heading,
        content_hash=first.content_hash,
        words=sum(len(each.text.split()) for each in passages),
        hits=passages,
    )


def _hits(listed: PassagesListed) -> tuple[SearchHit, ...]:
    return listed.hits
