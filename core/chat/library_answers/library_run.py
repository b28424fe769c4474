"""Library run: one question about the library itself, answered by its records without a model."""

import time
from collections.abc import Callable
from typing import Any

from core.base.clock import Clock
from core.chat.answering.answer_draft import AdoptedAnswer, AnswerDraft
from core.chat.answering.answer_events import AnswerEvent, AnswerStarted
from core.chat.answering.answer_protocols import AnswerSaver
from core.chat.answering.answer_request import AnswerRequest
from core.chat.answering.retrieval_context import RetrievalContext
from core.chat.intent.library_question import LibraryQuestion
from core.chat.library_answers.library_answer_text import compose_library_answer
from core.chat.library_answers.library_queries import library_query
from core.ipc.awaited_reply import AwaitedReply
from core.ipc.reply import Reply
from core.messages import AnswerDone, Failed, FilesFound, Request

FileSearch = Callable[[Request[Any, FilesFound]], Reply[Any, FilesFound]]
"""Asks the library which files fit."""


class LibraryRun:
    """An answer on its way that needs no engine; the reply of the library ends it."""

    is_computing = False
    holds_engine = False

    def __init__(
        self,
        request: AnswerRequest,
        question: LibraryQuestion,
        saver: AnswerSaver,
        find_files: FileSearch,
        emit: Callable[[AnswerEvent], None],
        clock: Clock = time.monotonic,
    ) -> None:
        self._request = request
        self._question = question
        self._find_files = find_files
        self._awaited = AwaitedReply()
        self._has_ended = False
        self.draft = AnswerDraft(request, RetrievalContext(request), saver, emit, clock)
        """Its turns, and the chat with them, as they are by now."""
        self.turn_id = self.draft.turn.turn_id
        """The id of the answer's turn."""

    def start(self) -> AnswerStarted:
        """Save the question and ask the library."""
        started = self.draft.start()
        if self._has_ended:  # by who heard of the start
            return started
        self.draft.emit_stage("searching")
        found = self._find_files(library_query(self._question, self._request.folder_ids))
        self._awaited.wait_for(found).on_done(self._on_found).on_error(self._on_failed)
        return started

    def stop(self, instead: AdoptedAnswer | None = None) -> None:
        """End without an answer; an earlier one never stands `instead`: files change."""
        if self._has_ended or instead is not None:
            return
        self._end()
        self.draft.finish_answer(AnswerDone(request_id=self.turn_id, stop="cancelled"), "")

    def close(self) -> None:
        """End now."""
        self.stop()

    def check_deadlines(self) -> None:
        """Do nothing: it takes some milliseconds."""

    def retry_engine(self) -> None:
        """Do nothing: it waits for no engine."""

    def _on_found(self, found: FilesFound) -> None:
        self._end()
        self.draft.adopt_answer(compose_library_answer(self._request, self._question, found))

    def _on_failed(self, failed: Failed) -> None:
        self._end()
        self.draft.fail_answer(failed, "")

    def _end(self) -> None:
        self._has_ended = True
        self._awaited.give_up()
