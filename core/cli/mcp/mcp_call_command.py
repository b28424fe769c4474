"""Command `inglenook mcp call`: one request of a program, its arguments on standard input.

Only folders that were allowed are named, searched or read, and only what the library has read of
them: no path is opened here.
"""

import argparse
from typing import cast

import msgspec

from core.app.chats.ask_options import AskOptions
from core.app.events.app_events import AnswerFailed, AnswerFinished
from core.base.errors import ErrorCode, LibraryError
from core.chat.conversations.conversation import Source
from core.cli.chats.answer_fields import citation_fields, sentence_fields, verdict_fields
from core.cli.console import Console
from core.cli.library_session import RequestRefused
from core.cli.mcp.allowed_folders_command import allowed_folders
from core.cli.mcp.mcp_requests import (
    REQUESTS,
    DocumentsRequest,
    FoldersRequest,
    PassagesRequest,
    ProgramRequest,
    QuestionRequest,
    TextRequest,
)
from core.cli.session import Session
from core.cli.terminal import current_terminal
from core.messages import DocumentPage, FolderState, SearchFilters
from core.messages.search_fields import count_or_none

Fields = dict[str, object]
MAX_REQUEST = 1024 * 1024
"""Most bytes of a request's arguments."""
MAX_CHARACTERS = 60_000
"""Characters of a document after which its next page comes with the next request."""
MAX_DOCUMENTS = 500
"""Documents of each folder that are listed."""


def answer_call(session: Session, console: Console, options: argparse.Namespace) -> int:
    """Answer one request and print one JSON object. Raises LibraryError."""
    terminal = current_terminal()
    text = b"" if terminal.reads_terminal else terminal.read_all(MAX_REQUEST)
    try:
        request = msgspec.json.decode(text.strip() or b"{}", type=REQUESTS[options.request])
    except (ValueError, RecursionError) as error:
        raise LibraryError(
            ErrorCode.TOOL_ARGUMENTS, tool=options.request, detail=str(error)
        ) from error
    folders = allowed_folders(session)
    if not folders:
        raise LibraryError(ErrorCode.NO_FOLDER_ALLOWED)
    console.print_json(_answer(session, folders, cast("ProgramRequest", request)))
    return 0


def _answer(session: Session, folders: tuple[FolderState, ...], request: ProgramRequest) -> Fields:
    match request:
        case FoldersRequest():
            return {"folders": [_folder_fields(each) for each in folders]}
        case PassagesRequest():
            return _search(session, _chosen(folders, request.folders), request)
        case TextRequest():
            (folder,) = _chosen(folders, [request.folder])
            return _read(session, folder, request)
        case QuestionRequest():
            return _ask(session, _chosen(folders, request.folders), request.question)
        case DocumentsRequest():
            return {"documents": [each for one in folders for each in _documents(session, one)]}


def _chosen(folders: tuple[FolderState, ...], names: list[str]) -> tuple[FolderState, ...]:
    """Return the folders of these names, all without one. Raises LibraryError for any other."""
    by_name = {each.name.casefold(): each for each in folders} | {
        each.name: each for each in folders
    }
    found = {}
    for name in names:
        folder = by_name.get(name) or by_name.get(name.casefold())
        if folder is None:
            raise LibraryError(ErrorCode.FOLDER_NOT_ALLOWED, name=name)
        found[folder.folder_id] = folder
    return tuple(found.values()) or folders


def _folder_fields(folder: FolderState) -> Fields:
    return {
        "name": folder.name,
        "files": folder.files,
        "indexed": folder.indexed,
        "skipped": folder.skipped,
        "state": folder.state,
    }


def _search(session: Session, folders: tuple[FolderState, ...], request: PassagesRequest) -> Fields:
    ids = tuple(each.folder_id for each in folders)
    reply = session.app.library.search_folders(request.query, ids, request.k, SearchFilters())
    found = session.wait_for(reply)
    names = {each.folder_id: each.name for each in folders}
    return {
        "verdict": found.verdict,
        "confidence": round(found.confidence, 4),
        "unread_files": count_or_none(found.unread_files),
        "passages": [
            {
                "rank": hit.rank,
                "folder": names[hit.folder_id],
                "file": hit.file,
                "page": hit.page,
                "line": hit.line,
                "heading": hit.heading,
                "text": hit.text,
                "score": round(hit.score, 4),
                "confidence": round(hit.confidence, 4),
            }
            for hit in found.hits
            if hit.folder_id in names
        ],
    }


def _read(session: Session, folder: FolderState, request: TextRequest) -> Fields:
    """Return parts of a document as the library has read it, at least one.

    A part is a page, or a piece of one that is longer than what is sent at once.
    """
    opened = session.app.documents.open_document(folder.folder_id, request.file)
    document = session.wait_for(opened)
    pages: list[Fields] = []
    parts = [piece for page in document.pages for piece in _pieces(page)]
    size, total = 0, len(parts)
    last = min(total, request.last or total)
    following = None
    for number in range(request.first, last + 1):
        page, text, continues = parts[number - 1]
        if pages and size + len(text) > MAX_CHARACTERS:
            following = number
            break
        size += len(text)
        fields: Fields = {"part": number, "page": page.number, "heading": page.heading}
        pages.append({**fields, "text": text, **({"continues": True} if continues else {})})
    return {
        "folder": folder.name,
        "file": document.file,
        "standing": document.standing,
        "parts": total,
        "pages": pages,
        "next": following,
    }


def _pieces(page: DocumentPage) -> list[tuple[DocumentPage, str, bool]]:
    """Return a page in pieces that end with a line or a word, and whether each goes on."""
    pieces: list[tuple[DocumentPage, str, bool]] = []
    text = page.text
    while len(text) > MAX_CHARACTERS:
        end = text.rfind("\n", MAX_CHARACTERS // 2, MAX_CHARACTERS) + 1
        end = end or text.rfind(" ", MAX_CHARACTERS // 2, MAX_CHARACTERS) + 1 or MAX_CHARACTERS
        pieces.append((page, text[:end], bool(pieces)))
        text = text[end:]
    return [*pieces, (page, text, bool(pieces))]


def _ask(session: Session, folders: tuple[FolderState, ...], question: str) -> Fields:
    """Answer from folders in a chat that nothing of is kept."""
    app = session.app
    started = app.questions.ask_question(
        question,
        AskOptions(
            folder_ids=tuple(each.folder_id for each in folders), temporary=True, fresh=True
        ),
    )

    def stop_answer() -> None:
        app.answers.stop_answer(started.turn_id)

    try:
        for event in session.events(on_interrupt=stop_answer):
            if isinstance(event, AnswerFailed) and event.turn_id == started.turn_id:
                raise RequestRefused(event.problem)
            if isinstance(event, AnswerFinished) and event.turn_id == started.turn_id:
                return _answer_fields(event)
    finally:
        app.chat_service.discard_temporary_chat(started.chat_id)
    raise AssertionError("events never end")


def _answer_fields(event: AnswerFinished) -> Fields:
    return {
        "answer": event.text,
        **verdict_fields(event.statistics),
        "note": event.note or None,
        "citations": [citation_fields(each) for each in event.citations],
        "sentences": [sentence_fields(each) for each in event.sentences],
        "sources": [_source_fields(each) for each in event.sources],
    }


def _source_fields(source: Source) -> Fields:
    return {
        "n": source.n,
        "folder": source.folder,
        "file": source.file,
        "page": source.page,
        "heading": source.heading,
        "text": source.text,
    }


def _documents(session: Session, folder: FolderState) -> list[Fields]:
    listed = session.app.documents.list_folder_files(folder.folder_id, "", MAX_DOCUMENTS)
    return [
        {"folder": folder.name, "file": each.file, "size": each.size}
        for each in session.wait_for(listed).files
        if not each.waiting
    ]
