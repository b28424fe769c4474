"""Answer collection: asks the questions of a set as `inglenook ask` does, one after the other."""

import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from msgspec import Struct, structs

from core.app.chats.ask_options import AskOptions
from core.app.events.app_events import AnswerFailed, AnswerFinished, AnswerStarted, Problem
from core.base.sentences import sentence_spans
from core.chat.conversations.conversation import SentenceVerdict
from core.cli.library_session import RequestRefused
from core.cli.session import Session
from core.evaluation.answer_record import AnswerRecord
from core.evaluation.answer_scores import has_right_words
from core.evaluation.answer_set import SetQuestion
from core.evaluation.refusal_phrases import is_refusal
from core.messages import Sampling

MOST_FAILURES = 3
"""Failures in a row after which the run ends: something is wrong with more than one question."""


class AskingOptions(Struct, frozen=True, kw_only=True):
    """What is the same for every question; `is_saved` keeps each answer as a chat, to be rated."""

    folder_ids: tuple[str, ...] = ()
    model: str
    sampling: Sampling | None
    max_tokens: int
    try_anyway: bool
    is_saved: bool = False


class AnswerCollector:
    """Asks through the application of a session.

    Passages of a set become files in a scratch folder as long as it is open.
    """

    def __init__(self, session: Session, options: AskingOptions) -> None:
        self._session = session
        self._options = options
        self._stack = ExitStack()
        self._scratch: Path | None = None
        self._failures = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()

    def collect_answers(self, questions: Sequence[SetQuestion]) -> Iterator[AnswerRecord]:
        """Yield a record for each question.

        A question that fails has a record that says why; raises RequestRefused after
        MOST_FAILURES in a row, and what `QuestionService.ask_question` raises.
        """
        for question in questions:
            began = time.perf_counter()
            started, ended = self.ask_text(question.question, self._passage_files(question))
            seconds = time.perf_counter() - began
            if isinstance(ended, AnswerFailed):
                self._count_failure(ended.problem)
                yield structs.replace(question_record(question), problem=ended.problem.message)
                continue
            self._failures = 0
            yield answer_record(question, started, ended, seconds)

    def ask_text(
        self, text: str, files: tuple[str, ...] = ()
    ) -> tuple[AnswerStarted, AnswerFinished | AnswerFailed]:
        """Ask in a new chat and wait for the end of the answer."""
        app, options = self._session.app, self._options
        started = app.questions.ask_question(
            text,
            AskOptions(
                folder_ids=options.folder_ids,
                files=files,
                model=options.model,
                sampling=options.sampling,
                max_tokens=options.max_tokens,
                try_anyway=options.try_anyway,
                temporary=not options.is_saved,
                fresh=True,
            ),
        )
        for event in self._session.events():
            if isinstance(event, AnswerFinished | AnswerFailed) and (
                event.turn_id == started.turn_id
            ):
                app.chat_service.discard_temporary_chat(started.chat_id)
                return started, event
        raise AssertionError("events never end")

    def _passage_files(self, question: SetQuestion) -> tuple[str, ...]:
        """Return files with the question's passages; none when folders are asked."""
        if self._options.folder_ids or not question.passages:
            return ()
        if self._scratch is None:
            made = tempfile.TemporaryDirectory(prefix="inglenook-evaluation-")
            self._scratch = Path(self._stack.enter_context(made))
        files = []
        for number, passage in enumerate(question.passages, 1):
            file = self._scratch / f"passage-{number}.txt"
            file.write_text(passage, encoding="utf-8")
            files.append(str(file))
        return tuple(files)

    def _count_failure(self, problem: Problem) -> None:
        self._failures += 1
        if self._failures >= MOST_FAILURES:
            raise RequestRefused(problem)


def question_record(question: SetQuestion) -> AnswerRecord:
    """Return the record of a question without a reply."""
    return AnswerRecord(
        id=question.id,
        question=question.question,
        answers=question.answers,
        must_contain=question.must_contain,
        file=question.file,
        also_ok=question.also_ok,
        answerable=question.is_answerable,
        kind=question.kind,
        lang=question.language,
    )


def answer_record(
    question: SetQuestion, started: AnswerStarted, finished: AnswerFinished, seconds: float
) -> AnswerRecord:
    """Return the record of a reply, not scored yet."""
    files = {source.n: source.file for source in finished.sources}
    cited = dict.fromkeys(
        files[citation.n] for citation in finished.citations if citation.n in files
    )
    verdicts, statistics = _count_verdicts(finished), finished.statistics
    record = structs.replace(
        question_record(question),
        reply=finished.text,
        model=started.model,
        verdict=statistics.verdict,
        confidence=statistics.confidence if statistics.verdict else None,
        cited_files=tuple(cited),
        read_files=tuple(dict.fromkeys(files.values())),
        supported=verdicts[SentenceVerdict.SUPPORTED],
        contradicted=verdicts[SentenceVerdict.CONTRADICTED],
        unproven=verdicts[SentenceVerdict.UNSUPPORTED],
        seconds=round(seconds, 3),
        completion_tokens=statistics.completion_tokens,
        stop=statistics.stop,
        chat_id=started.chat_id,
        turn_id=started.turn_id,
    )
    is_refused = statistics.is_refused or _is_refused(record)
    return structs.replace(record, is_refused=is_refused)


def _is_refused(record: AnswerRecord) -> bool:
    """Return whether the reply says that it isn't there; one that has the answer does not."""
    if record.answerable and has_right_words(record.reply, record.answers, record.must_contain):
        return False
    return is_refusal(record.reply)


def _count_verdicts(finished: AnswerFinished) -> Counter[SentenceVerdict]:
    """Return how many sentences were judged so; by citations alone where none was judged."""
    if not finished.sources or finished.statistics.is_refused:
        return Counter()
    if finished.sentences:
        return Counter(sentence.verdict for sentence in finished.sentences)
    return Counter(
        SentenceVerdict.SUPPORTED
        if any(each.start < end and each.end > start for each in finished.citations)
        else SentenceVerdict.UNSUPPORTED
        for start, end in sentence_spans(finished.text)
    )
