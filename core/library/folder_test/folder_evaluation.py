"""Folder evaluation: asks the questions made from a folder, and says what isn't found and why."""

import time
from collections.abc import Callable, Iterator, Sequence
from typing import cast

import msgspec

from core.base.error_codes import ErrorCode
from core.library.folder_test.question_forms import HEADING
from core.library.folder_test.question_maker import FolderQuestion, QuestionMaker
from core.library.search.keyword_ranking import WordStatistics, informative_words
from core.library.search.search_scope import SearchScope
from core.library.store.content_records import file_hash
from core.library.store.library_records import LibraryRecords
from core.messages import (
    EvaluateFolder,
    EvaluationProgress,
    FolderEvaluated,
    FolderQuestionResult,
    SearchHit,
)

_PROGRESS_SECONDS = 0.2
COMMON_SHARE = 0.1
"""Share of a library's passages from which a word tells little about where it stands."""
_FEWEST_PASSAGES = 30
"""In fewer passages every word is in a tenth of them."""
REPEATED_SHARE = 0.7
"""Share of a passage's words in another from which that one says nearly the same."""

Search = Callable[[str], Sequence[SearchHit]]
Rank = Callable[[str, SearchScope], Sequence[int]]


class FolderEvaluator:
    """`search` returns hits in the folder as people get them, `rank` all passages, best first."""

    def __init__(
        self, records: LibraryRecords, request: EvaluateFolder, search: Search, rank: Rank
    ) -> None:
        self._records = records
        self._request = request
        self._search = search
        self._rank = rank
        self._statistics = WordStatistics(records.connection)
        self._scope = SearchScope((request.folder_id,))

    def evaluate_in_steps(self, send: Callable[[msgspec.Struct], None]) -> Iterator[bool]:
        """Ask one question a step; send EvaluationProgress and at last FolderEvaluated.

        Raises LibraryError for a folder that isn't there.
        """
        began, last = time.perf_counter(), 0.0
        request = self._request
        self._records.get_folder(request.folder_id)
        maker = QuestionMaker(self._records.connection, request.folder_id, request.seed)
        results: list[FolderQuestionResult] = []
        for question in maker.make_questions(request.questions):
            if question is not None:
                results.append(self._ask(question))
            if time.monotonic() - last >= _PROGRESS_SECONDS:
                last = time.monotonic()
                send(
                    EvaluationProgress(
                        request_id=request.request_id,
                        step="asking",
                        done=len(results),
                        total=request.questions,
                    )
                )
            yield True
        send(self._result(results, time.perf_counter() - began))

    def _ask(self, question: FolderQuestion) -> FolderQuestionResult:
        hits = self._search(question.made.text)
        source = question.source
        rank = next((hit.rank for hit in hits if self._holds_answer(hit, question)), 0)
        content_hash = self._content_hash(source.content_id)
        file_rank = next((hit.rank for hit in hits if hit.content_hash == content_hash), 0)
        reason, place = ("", 0) if rank else self._explain_miss(question, hits, file_rank)
        return FolderQuestionResult(
            kind=question.made.kind,
            question=question.made.text,
            evidence=question.made.evidence,
            file=source.file,
            page=source.page,
            heading=source.heading,
            text=source.text,
            content_hash=content_hash,
            rank=rank,
            file_rank=file_rank or rank,
            reason=reason,
            place=place,
        )

    def _holds_answer(self, hit: SearchHit, question: FolderQuestion) -> bool:
        """Return whether a hit is the passage or has its sentence, in a copy of the file too.

        Under a heading every passage answers.
        """
        source, made = question.source, question.made
        if hit.section_id == source.section_id:
            return made.kind == HEADING or _folded(made.evidence) in _folded(hit.section)
        if made.kind == HEADING:
            same = hit.content_hash == self._content_hash(source.content_id)
            return same and hit.heading == source.heading
        return _folded(made.evidence) in _folded(hit.text)

    def _explain_miss(
        self, question: FolderQuestion, hits: Sequence[SearchHit], file_rank: int
    ) -> tuple[str, int]:
        """Return the reason, and the place in the whole ranking if it is one of that."""
        if self._has_common_words_only(question.made.text):
            return "common_words", 0
        words = _words(question.source.text)
        if any(_overlap(words, _words(hit.text)) >= REPEATED_SHARE for hit in hits):
            return "repeated", 0
        if file_rank:
            return "same_file", 0
        ranked = list(self._rank(question.made.text, self._scope))
        if question.source.id in ranked:
            return "further_down", ranked.index(question.source.id) + 1
        return "unranked", 0

    def _has_common_words_only(self, question: str) -> bool:
        total = self._statistics.passage_count
        if total < _FEWEST_PASSAGES:
            return False
        return all(
            self._statistics.document_frequency(word) > total * COMMON_SHARE
            for word in informative_words(question)
        )

    def _content_hash(self, content_id: int) -> str:
        row = self._records.connection.execute(
            "SELECT hash FROM content WHERE id = ?", (content_id,)
        ).fetchone()
        return file_hash(cast("str", row[0])) if row else ""

    def _result(self, results: list[FolderQuestionResult], seconds: float) -> FolderEvaluated:
        folder_id = self._request.folder_id
        skipped: dict[str, int] = {}
        for file in self._records.list_skipped_files(folder_id):
            if not file.code.startswith("part_"):
                skipped[file.code] = skipped.get(file.code, 0) + 1
        pictures = skipped.pop(ErrorCode.FILE_NO_TEXT, 0)
        row = self._records.connection.execute(
            "SELECT count(content_id), count(DISTINCT hash) FROM file"
            " LEFT JOIN content ON content.id = content_id WHERE folder_id = ?",
            (folder_id,),
        ).fetchone()
        files, texts = cast("tuple[int, int]", row)
        return FolderEvaluated(
            request_id=self._request.request_id,
            folder_id=folder_id,
            questions=tuple(results),
            files=files,
            asked_files=len({result.file for result in results}),
            waiting=self._records.count_waiting_files(folder_id),
            pictures=pictures,
            copies=files - texts,
            skipped=skipped,
            k=self._request.k,
            seconds=seconds,
        )


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


def _words(text: str) -> set[str]:
    return set(informative_words(text))


def _overlap(one: set[str], other: set[str]) -> float:
    """Return which share of the smaller of two sets is in the other."""
    return len(one & other) / (min(len(one), len(other)) or 1)
