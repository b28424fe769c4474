"""Console output of a command: JSON lines or text on stdout, notes and status on stderr."""

import contextlib
import io
import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import TextIO

from core.app.encryption.passphrase_file import PASSPHRASE_FILE_VARIABLE
from core.app.events.app_events import Problem
from core.base.errors import ErrorCode, StorageError, storage_error_from_os
from core.base.i18n import _
from core.channel.standard_output import has_no_reader
from core.cli.terminal import current_terminal

PROGRAM = "inglenook"
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
"""Characters a document or model could move the cursor or rename the terminal with."""


_LEAST_WIDTH = 12
"""Columns that a column of a table keeps on a narrow terminal, if it is not narrower."""


class OutputClosed(Exception):  # noqa: N818 - not an error: the reader has enough
    """Standard output is gone, as behind `| head`."""


class Console:
    """Both streams of one command. With `as_json`, standard output holds JSON objects only."""

    def __init__(self, out: TextIO, err: TextIO, *, as_json: bool) -> None:
        self.as_json = as_json
        self._out = out
        self._err = err
        self._status = ""
        self._is_terminal = err.isatty()
        self._is_line_open = False  # the last text ended within a line
        self._columns = current_terminal().columns
        utf8 = (out.encoding or "").lower().replace("-", "") == "utf8"
        self._plain_json = not utf8
        for stream in (out, err):
            if isinstance(stream, io.TextIOWrapper):
                # In JSON, a name's undecodable byte comes out as the escape \udc80.
                escaped = as_json and stream is out and utf8
                stream.reconfigure(errors="backslashreplace" if escaped else "replace")

    @property
    def is_piped(self) -> bool:
        """Whether what is printed goes into a file or another program."""
        return not self._out.isatty()

    def print_json(self, fields: Mapping[str, object]) -> None:
        """Print one object on its line."""
        self._write(json.dumps(fields, ensure_ascii=self._plain_json) + "\n")

    def print_text(self, text: str) -> None:
        """Print a piece of text as it comes."""
        self.clear_status()
        self._write(printable(text))
        if text:
            self._is_line_open = not text.endswith("\n")

    def print_line(self, text: str = "") -> None:
        """Print a line of text."""
        self.print_text(text + "\n")

    def print_table(self, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Print rows under their heads, columns aligned; numbers to the right.

        On a terminal too narrow for that, each row is printed as lines of head and value. What goes
        into a pipe or a file is never cut.
        """
        cells = [[one_line(printable(cell)) for cell in row] for row in (heads, *rows)]
        widths = [max(map(_width, column)) for column in zip(*cells, strict=True)]
        if not self.is_piped:
            widths = _fitted(widths, self._columns - 2 * (len(widths) - 1))
        if not widths:
            self._print_records(cells)
            return
        right = [
            bool(rows) and all(re.match(r"[\d.,]+( \w+)?$|$", row[place]) for row in cells[1:])
            for place in range(len(heads))
        ]
        for row in cells:
            padded = [
                _pad(_cut(cell, width), width, right=is_right)
                for cell, width, is_right in zip(row, widths, right, strict=True)
            ]
            self.print_line("  ".join(padded).rstrip())

    def _print_records(self, cells: Sequence[Sequence[str]]) -> None:
        """Print rows below each other; long values go on in the next line."""
        heads, *rows = cells
        indent = max(map(_width, heads)) + 2
        room = max(self._columns - indent, _LEAST_WIDTH)
        for number, row in enumerate(rows):
            if number:
                self.print_line()
            for head, cell in zip(heads, row, strict=True):
                for place, line in enumerate(_wrapped(cell, room) if cell else []):
                    self.print_line(_pad("" if place else head, indent, right=False) + line)

    def print_measure(self, text: str) -> None:
        """Print what only a person who looks on wants to know; nothing where it is no terminal."""
        if self._is_terminal:
            self.print_note(text)

    def print_note(self, text: str) -> None:
        """Print a line on standard error; on a terminal, none of an answer goes on before it."""
        self.clear_status()
        if self._is_line_open and self._is_terminal and not self.is_piped:
            self._is_line_open = False
            self._write_error("\n")
        self._write_error(printable(text) + "\n")

    def show_status(self, text: str) -> None:
        """Show a line on standard error until the next output; only on a terminal."""
        if self._is_terminal:
            text = one_line(text)[: self._columns - 1]
            self._write_error("\r" + text + " " * (_width(self._status) - _width(text)))
            self._status = text

    def show_progress(self, done: int, total: int, rest: str) -> None:
        """Show a bar with what is `done` of `total`, and `rest` after it."""
        filled = round(20 * done / total) if total else 0
        self.show_status(f"[{'#' * filled}{'.' * (20 - filled)}] {done}/{total} · {rest}")

    def clear_status(self) -> None:
        """Take the status line away."""
        if self._status:
            self._write_error("\r" + " " * _width(self._status) + "\r")
            self._status = ""

    def print_problem(self, problem: Problem) -> None:
        """Say on standard error what happened and what to do next."""
        self.print_note(f"{PROGRAM}: {one_line(problem.message)}")
        if hint := _hint(problem):
            self.print_note(one_line(hint))

    def print_failure(self, problem: Problem, **more: object) -> None:
        """Say on standard error what happened and what to do next; as JSON also as an event.

        `more` are further fields of that event.
        """
        self.print_problem(problem)
        if self.as_json:
            self.print_error_event(problem, **more)

    def print_error_event(self, problem: Problem, **more: object) -> None:
        """Print a problem as the event that scripts get, with further fields."""
        fields = {
            "event": "error",
            **more,
            "code": str(problem.code),
            "message": problem.message,
            "hint": _hint(problem),
        }
        with contextlib.suppress(StorageError):  # standard output may be the problem
            self.print_json(fields)

    def _write(self, text: str) -> None:
        write_out(self._out, text)

    def _write_error(self, text: str) -> None:
        # Where nobody reads it, as behind a closed pipe, the work still goes on.
        with contextlib.suppress(OSError):
            self._err.write(text)
            self._err.flush()


def _hint(problem: Problem) -> str:
    """Return what to do next in a terminal: it keeps no text, and scripts can't be asked."""
    if problem.code == ErrorCode.DISK_FULL:
        return _("Free some space and run the command again; what was saved before is kept.")
    if problem.code == ErrorCode.DATA_LOCKED:
        return _(
            "Type your passphrase in a terminal, or name a file with it in “{variable}”; nothing"
            " was changed."
        ).format(variable=PASSPHRASE_FILE_VARIABLE)
    return problem.hint


def write_out(out: TextIO, text: str) -> None:
    """Write to standard output. Raises OutputClosed, and StorageError as on a full disk."""
    try:
        out.write(text)
        out.flush()
    except OSError as error:
        if has_no_reader(error):
            raise OutputClosed from error
        raise output_error(error) from error


def output_error(error: OSError) -> StorageError:
    """Return the error for what the system said of writing to standard output."""
    return storage_error_from_os(error, _("standard output"))


def printable(text: str) -> str:
    """Return `text` with control characters other than tab and line feed made visible."""
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", text.replace("\r\n", "\n"))


def _fitted(widths: list[int], room: int) -> list[int]:
    """Return widths that fit, taken from the widest; none where columns would be too narrow."""
    fitted = list(widths)
    while sum(fitted) > room:
        widest = max(range(len(fitted)), key=fitted.__getitem__)
        if fitted[widest] <= _LEAST_WIDTH:
            return []
        fitted[widest] -= 1
    return fitted


def _wrapped(text: str, width: int) -> list[str]:
    """Return a text in lines of at most so many columns; only longer words are cut."""
    lines = [""]
    for word in text.split(" "):
        joined = f"{lines[-1]} {word}" if lines[-1] else word
        if _width(joined) <= width:
            lines[-1] = joined
            continue
        if lines[-1]:
            lines.append("")
        for each in word:
            if _width(lines[-1] + each) > width:
                lines.append("")
            lines[-1] += each
    return lines


def _cut(text: str, width: int) -> str:
    """Return what fits into so many columns, with “…” for the rest."""
    if _width(text) <= width:
        return text
    while text and _width(text) >= width:
        text = text[:-1]
    return text + "…"


def one_line(text: str) -> str:
    """Return `text` with line ends and other white space as single spaces."""
    return " ".join(text.split())


def _width(text: str) -> int:
    """Columns on a terminal: wide characters take two, combining ones none."""
    return sum(
        0 if unicodedata.combining(each) else 2 if unicodedata.east_asian_width(each) in "WF" else 1
        for each in text
    )


def _pad(text: str, width: int, *, right: bool) -> str:
    space = " " * (width - _width(text))
    return space + text if right else text + space
