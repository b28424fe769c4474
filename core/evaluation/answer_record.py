"""Answer record: one question of a set with the reply it got, and the file that keeps them.

A results file holds JSON lines: first the run (`EvaluationRun`), then a record as soon as each
answer is there, so that a run that was ended goes on where it was. It is a set as well: each
record has the `question`, `answers` and `must_contain` of its question.
"""

import contextlib
from collections.abc import Iterable
from pathlib import Path
from typing import TypeVar

import msgspec
from msgspec import Struct, field

from core.base.atomic_write import write_atomically
from core.base.errors import ErrorCode, StorageError, storage_error_from_os
from core.base.i18n import _

FORMAT = 1


class EvaluationRun(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Head of a results file: what was asked, and how. Runs that differ in it are not mixed."""

    evaluation: int
    """FORMAT of the program that began the file."""
    set_name: str = ""
    set_fingerprint: str = ""
    model: str = ""
    folders: tuple[str, ...] = ()
    settings: dict[str, str] = field(default_factory=dict)
    """Options that shape the answers, as typed."""


class AnswerRecord(Struct, frozen=True, kw_only=True):
    """A question and its reply.

    `scores` are by the names in `core.evaluation.answer_scores`; one that can't be told is missing.
    Of the reply's sentences `supported`, `contradicted` and `unproven` were judged so; those that
    only talk are in none. `verdict` and `confidence` are the application's own, "" and None where
    it gave none. `problem` says why there is no reply.
    """

    id: str
    question: str
    answers: tuple[str, ...] = ()
    must_contain: tuple[str, ...] = ()
    file: str = ""
    also_ok: tuple[str, ...] = ()
    answerable: bool = True
    kind: str = ""
    lang: str = ""
    reply: str = ""
    model: str = ""
    verdict: str = ""
    confidence: float | None = None
    is_refused: bool = False
    cited_files: tuple[str, ...] = ()
    read_files: tuple[str, ...] = ()
    supported: int = 0
    contradicted: int = 0
    unproven: int = 0
    scores: dict[str, float] = field(default_factory=dict)
    judge: str = ""
    """The model whose grade is the score "judge"."""
    rating: int | None = None
    """A person's: 1 good, -1 bad."""
    rating_note: str = ""
    seconds: float = 0.0
    completion_tokens: int = 0
    stop: str = ""
    chat_id: str = ""
    turn_id: str = ""
    problem: str = ""


Line = TypeVar("Line", "EvaluationRun", "AnswerRecord")
_RECORD = msgspec.json.Decoder(AnswerRecord)
_RUN = msgspec.json.Decoder(EvaluationRun)


class ResultsFile:
    """Records of one run in a file; a person named it, so it is never encrypted."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read_results(self) -> tuple[EvaluationRun, dict[str, AnswerRecord]]:
        """Return the run and its records by id, the last one of each.

        A last line that was cut off is passed over. Raises StorageError(RESULTS_REFUSED).
        """
        try:
            lines = self.path.read_bytes().split(b"\n")
        except OSError as error:
            if isinstance(error, FileNotFoundError):
                raise StorageError(ErrorCode.FILE_MISSING, path=str(self.path)) from error
            detail = error.strerror or str(error)
            raise StorageError(
                ErrorCode.RESULTS_UNREADABLE, path=str(self.path), detail=detail
            ) from error
        run = self._decode(_RUN, lines[0], 1)
        records: dict[str, AnswerRecord] = {}
        for number, line in enumerate(lines[1:], 2):
            if not line.strip():
                continue
            try:
                record = self._decode(_RECORD, line, number)
            except StorageError:
                if number == len(lines):  # no line feed after it: the program ended in the middle
                    break
                raise
            records[record.id] = record
        return run, records

    def begin_results(self, run: EvaluationRun) -> dict[str, AnswerRecord]:
        """Return the records of an earlier start of this run; make a new file if there is none.

        Raises StorageError(RESULTS_OTHER) for a file of another run, which stays as it is.
        """
        if not self.path.exists():
            self.replace_results(run, ())
            return {}
        earlier, records = self.read_results()
        if earlier != run:
            raise StorageError(
                ErrorCode.RESULTS_OTHER, path=str(self.path), detail=_difference(earlier, run)
            )
        self.replace_results(run, records.values())
        return records

    def append_record(self, record: AnswerRecord) -> None:
        """Add a record, on disk when it returns. Raises StorageError."""
        try:
            with self.path.open("ab") as file:
                file.write(msgspec.json.encode(record) + b"\n")
        except OSError as error:
            raise storage_error_from_os(error, str(self.path)) from error

    def replace_results(self, run: EvaluationRun, records: Iterable[AnswerRecord]) -> None:
        """Write the whole file anew. Raises StorageError."""
        parts = [msgspec.json.encode(each) + b"\n" for each in (run, *records)]
        with contextlib.suppress(OSError):  # the write says what is wrong
            self.path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(self.path, *parts)

    def _decode(self, decoder: msgspec.json.Decoder[Line], line: bytes, number: int) -> Line:
        try:
            return decoder.decode(line)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            raise self._refused(number, _("it is no line of results")) from error

    def _refused(self, line: int, detail: str) -> StorageError:
        return StorageError(
            ErrorCode.RESULTS_REFUSED, path=str(self.path), line=str(line), detail=detail
        )


def _difference(earlier: EvaluationRun, run: EvaluationRun) -> str:
    """Name the first thing in which two runs differ."""
    for name, words in (
        ("set_fingerprint", _("another set")),
        ("model", _("another model")),
        ("folders", _("other folders")),
        ("settings", _("other settings")),
    ):
        if getattr(earlier, name) != getattr(run, name):
            return words
    return _("another version")
