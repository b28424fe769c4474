"""Question input: what standard input adds to a question, or the question itself."""

from collections.abc import Callable
from typing import NamedTuple

from core.base.errors import ErrorCode, InglenookError
from core.base.i18n import _
from core.cli.console import Console
from core.cli.piped_text import decode_piped
from core.cli.terminal import current_terminal

FROM_INPUT = "-"
"""A question that is read from standard input."""
MAX_QUESTION = 8_000
"""Characters; longer text beside a question becomes a file, as a long paste in the window does."""
MAX_INPUT = 32 * 1024 * 1024
"""Bytes of standard input that are taken."""


class TypedQuestion(NamedTuple):
    """A question, and the files that were made of what came with it."""

    text: str
    files: tuple[str, ...] = ()


def read_question(console: Console, typed: str, save_text: Callable[[str], str]) -> TypedQuestion:
    """Return the question that was typed, with what was piped in as its context.

    `save_text` saves a text that is too long for a question and returns its path.

    Raises InglenookError for an empty or too long question, and for input that is too large or no
    text.
    """
    if typed == FROM_INPUT:
        return TypedQuestion(_read_whole_question(console))
    if not current_terminal().has_piped_input:
        return TypedQuestion(typed)
    given = _read_input(console)
    if not given.strip():
        return TypedQuestion(typed)
    if len(given) <= MAX_QUESTION:
        return TypedQuestion(f"{typed}\n\n{given.rstrip()}")
    return TypedQuestion(typed, (save_text(given),))


def read_query(console: Console, typed: str) -> str:
    """Return what to search for, read from standard input if it was typed so.

    Raises InglenookError as `read_question` does.
    """
    return _read_whole_question(console) if typed == FROM_INPUT else typed


def _read_whole_question(console: Console) -> str:
    question = _read_input(console).strip()
    if not question:
        raise InglenookError(ErrorCode.QUESTION_REFUSED, detail=_("it is empty"))
    if len(question) > MAX_QUESTION:
        detail = _("it has {count} characters").format(count=len(question))
        raise InglenookError(ErrorCode.QUESTION_REFUSED, detail=detail)
    return question


def _read_input(console: Console) -> str:
    console.show_status(_("Reading standard input …"))
    data = current_terminal().read_all(MAX_INPUT + 1)
    console.clear_status()
    if len(data) > MAX_INPUT:
        detail = _("standard input is larger than {size} MB").format(size=MAX_INPUT // 1024**2)
        raise InglenookError(ErrorCode.INPUT_REFUSED, detail=detail)
    return decode_piped(data).removeprefix("\ufeff")
