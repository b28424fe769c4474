"""Answer set: questions with the answers a right reply has, read from a file of JSON lines.

Every line is an object with a `question`. What else it may hold, under the names of several
published sets too:

    answers, answer            texts of a right answer, one or several
    must_contain               short strings that a right answer has, all of them
    file, doc; also_ok         the file that answers, relative to its folder; others that do, too
    passage, positive          texts that the question is asked of when no folder is given
    answerable                 false: the right reply is that it isn't there
    id, kind, lang             for the tables of the report

A line without answers, must_contain and `answerable` is a question that nothing answers. A file of
results is a set as well.
"""

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, cast

import msgspec
from msgspec import Struct

from core.base.errors import ErrorCode, StorageError
from core.base.i18n import _

MAX_LINE_BYTES = 4 << 20


class SetQuestion(Struct, frozen=True, kw_only=True):
    """One question of a set; `file` "" when any file may answer, or none."""

    id: str
    question: str
    answers: tuple[str, ...] = ()
    must_contain: tuple[str, ...] = ()
    file: str = ""
    also_ok: tuple[str, ...] = ()
    passages: tuple[str, ...] = ()
    is_answerable: bool = True
    kind: str = ""
    language: str = ""


def read_answer_set(path: Path) -> tuple[SetQuestion, ...]:
    """Return the questions in order. Raises StorageError(ANSWER_SET_REFUSED or FILE_MISSING)."""
    if not path.is_file():
        raise StorageError(ErrorCode.FILE_MISSING, path=str(path))
    questions: dict[str, SetQuestion] = {}
    for number, fields in _read_objects(path):
        if number == 1 and "evaluation" in fields:  # head of a results file
            continue
        try:
            question = _as_question(fields, number)
        except (ValueError, TypeError) as error:
            raise _refused(path, number, str(error)) from error
        if question.id in questions:
            detail = _("its id “{id}” stands twice").format(id=question.id)
            raise _refused(path, number, detail)
        questions[question.id] = question
    if not questions:
        raise _refused(path, 1, _("there is no question in it"))
    return tuple(questions.values())


def set_fingerprint(questions: tuple[SetQuestion, ...]) -> str:
    """Return what tells one set from another, whatever its file is called."""
    return hashlib.sha256(msgspec.json.encode(questions)).hexdigest()[:16]


def _read_objects(path: Path) -> Iterator[tuple[int, Mapping[str, Any]]]:
    try:
        with path.open("rb") as file:
            for number, line in enumerate(file, 1):
                text = line.removeprefix(b"\xef\xbb\xbf").strip()
                if not text:
                    continue
                if len(text) > MAX_LINE_BYTES:
                    raise _refused(path, number, _("it is too long"))
                yield number, _decode_object(path, number, text)
    except OSError as error:
        raise _refused(path, 1, error.strerror or str(error)) from error


def _decode_object(path: Path, number: int, text: bytes) -> Mapping[str, Any]:
    try:
        fields = msgspec.json.decode(text)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise _refused(path, number, _("it is not JSON")) from error
    if not isinstance(fields, dict):
        raise _refused(path, number, _("it is no object"))
    return cast("Mapping[str, Any]", fields)


def _as_question(fields: Mapping[str, Any], number: int) -> SetQuestion:
    question = " ".join(_text(fields, "question").split())
    if not question:
        raise ValueError(_("it has no question"))
    answers = _texts(fields, "answers") or _texts(fields, "answer")
    must_contain = _texts(fields, "must_contain")
    answerable = fields.get("answerable")
    if answerable is None:
        answerable = bool(answers or must_contain)
    if not isinstance(answerable, bool):
        raise TypeError(_("“answerable” is neither true nor false"))
    return SetQuestion(
        id=_text(fields, "id") or f"line {number}",
        question=question,
        answers=answers if answerable else (),
        must_contain=must_contain,
        file=_text(fields, "file") or _text(fields, "doc"),
        also_ok=_texts(fields, "also_ok"),
        passages=_texts(fields, "passage") or _texts(fields, "positive"),
        is_answerable=answerable,
        kind=_text(fields, "kind") or _text(fields, "question_type"),
        language=_text(fields, "lang"),
    )


def _text(fields: Mapping[str, Any], name: str) -> str:
    """Return a field that is a text or a number; "" where it is missing or null."""
    value = fields.get(name)
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    raise TypeError(_("“{field}” is no text").format(field=name))


def _texts(fields: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """Return a field that is a text, or texts in lists of any depth."""
    found: list[str] = []
    waiting = [fields.get(name)]
    while waiting:
        value = waiting.pop(0)
        if isinstance(value, list):
            waiting = [*value, *waiting]
        elif value is not None:
            found.append(_text({name: value}, name))
    return tuple(dict.fromkeys(text for text in found if text.strip()))


def _refused(path: Path, line: int, detail: str) -> StorageError:
    return StorageError(
        ErrorCode.ANSWER_SET_REFUSED, path=str(path), line=str(line), detail=detail.rstrip(".")
    )
