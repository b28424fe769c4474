"""Command `inglenook folder text`: the text that is extracted from a file, page by page."""

import argparse
import os

from core.app.events.app_events import Problem
from core.base.errors import ErrorCode, LibraryError
from core.base.i18n import LocalizedFloat, _, ngettext
from core.cli.console import Console
from core.cli.library_session import RequestRefused
from core.cli.session import Session
from core.cli.terminal import absolute_path
from core.library.filesystem.path_encoding import display_name
from core.messages import DocumentPage, FileRead, PassageText


def show_file_text(session: Session, console: Console, options: argparse.Namespace) -> int:
    """Read one file and print it, with `--passages` as it would be searched."""
    path = absolute_path(options.file)
    name = display_name(str(path))
    if not os.path.isfile(path):  # noqa: PTH113 - Path.is_file raises below a closed folder
        raise LibraryError(ErrorCode.FILE_MISSING, path=name)
    console.show_status(_("Reading …"))
    try:
        read = session.wait_for(session.app.documents.read_file(str(path)))
    except RequestRefused as error:
        raise RequestRefused(_name_file(error.problem, name)) from error
    if console.as_json:
        _print_json(console, read, passages=options.passages)
    elif options.passages:
        for number, passage in enumerate(read.passages, 1):
            tokens = ngettext("{count} token", "{count} tokens", passage.tokens)
            console.print_line(
                f"[{number}] {_format_place(passage)} · {tokens.format(count=passage.tokens)}"
            )
            console.print_line(f"{passage.text}\n")
    else:
        for page in read.pages:
            if place := _format_place(page):
                console.print_line(f"── {place}")
            console.print_line(f"{page.text}\n")
    console.print_note(_summary(read))
    return 0


def _name_file(problem: Problem, name: str) -> Problem:
    return Problem(code=problem.code, message=f"{name}: {problem.message}", hint=problem.hint)


def _format_place(part: DocumentPage | PassageText) -> str:
    """Return the place of a page or passage as text; "" if nothing is known of it."""
    number = _("page {number}").format(number=part.number) if part.number else ""
    line = _("line {line}").format(line=part.line) if part.line else ""
    scan = isinstance(part, DocumentPage) and part.recognized
    title = part.title if isinstance(part, PassageText) else part.heading
    return " · ".join(filter(None, [number, line, title, _("read by recognition") if scan else ""]))


def _summary(read: FileRead) -> str:
    pages = ngettext("{count} part", "{count} parts", len(read.pages))
    passages = ngettext("{count} passage", "{count} passages", len(read.passages))
    scanned = sum(page.recognized for page in read.pages)
    recognized = ngettext(
        "{count} page read by text recognition", "{count} pages read by text recognition", scanned
    )
    parts = [
        pages.format(count=len(read.pages)),
        passages.format(count=len(read.passages)),
        _("encoding {name}").format(name=read.encoding) if read.encoding else "",
        recognized.format(count=scanned) if scanned else "",
        _("{seconds:.1f} s").format(seconds=LocalizedFloat(read.seconds)),
    ]
    return f"{read.path}: " + ", ".join(filter(None, parts))


def _print_json(console: Console, read: FileRead, *, passages: bool) -> None:
    for page in read.pages:
        console.print_json(
            {
                "event": "page",
                "page": page.number,
                "heading": page.heading,
                "line": page.line,
                "recognized": page.recognized,
                "text": page.text,
            }
        )
    for passage in read.passages if passages else ():
        console.print_json(
            {
                "event": "passage",
                "page": passage.number,
                "heading": passage.heading,
                "line": passage.line,
                "title": passage.title,
                "tokens": passage.tokens,
                "text": passage.text,
            }
        )
    console.print_json(
        {
            "event": "done",
            "path": read.path,
            "encoding": read.encoding or None,
            "parts": len(read.pages),
            "passages": len(read.passages),
            "recognized": sum(page.recognized for page in read.pages),
            "seconds": round(read.seconds, 2),
        }
    )
