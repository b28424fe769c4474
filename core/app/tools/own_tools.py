"""Own tools: search in folders, reading of a document, arithmetic, the date.

Descriptions are read by models, so they are not translated.
"""

import time
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any

from core.app.library.document_service import DocumentService
from core.app.library.folder_service import FolderService
from core.base.clock import WallClock
from core.base.i18n import N_, _
from core.chat.answering.answer_request import AnswerRequest
from core.chat.tools.calculator import calculate
from core.chat.tools.tool_box import OfferedTool, ToolResult
from core.ipc.reply import Reply
from core.library.client.library_client import LibraryClient
from core.messages import Document, FolderState, SearchDone

PASSAGES = 5
"""Passages of a search, unless the model wants fewer."""
CALCULATE, TODAY, SEARCH, READ = "calculate", "current_date", "search_folders", "read_document"
TITLES = {
    CALCULATE: N_("Arithmetic"),
    TODAY: N_("Date and time"),
    SEARCH: N_("Search in your folders"),
    READ: N_("Read a document of your folders"),
}
HARMLESS = frozenset({CALCULATE, TODAY})
"""Tools that read nothing of the person's: they are allowed unless somebody says otherwise."""
_ToolReply = Reply[Any, ToolResult]


def _schema(required: Sequence[str], **properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(required)}


_TEXT = {"type": "string"}
OWN_TOOLS = (
    OfferedTool(
        name=CALCULATE,
        description="Compute an arithmetic expression exactly. Use it for every calculation.",
        parameters=_schema(
            ["expression"],
            expression={"type": "string", "description": "what to compute, as in Python"},
        ),
    ),
    OfferedTool(
        name=TODAY,
        description="Tell today's date, the weekday and the time.",
        parameters=_schema([]),
    ),
    OfferedTool(
        name=SEARCH,
        description="Search the user's own documents by meaning and words.",
        parameters=_schema(["query"], query={"type": "string", "description": "what to look for"}),
    ),
    OfferedTool(
        name=READ,
        description="Read a document that a search has named, from a page on.",
        parameters=_schema(
            ["file"], file=_TEXT, page={"type": "integer", "description": "first page, 1 at first"}
        ),
    ),
)


class OwnTools:
    """Calls them. Documents are those the library has read; no path is opened here."""

    def __init__(
        self,
        library: LibraryClient,
        folders: FolderService,
        documents: DocumentService,
        clock: WallClock = time.time,
    ) -> None:
        self._library = library
        self._folders = folders
        self._documents = documents
        self._clock = clock

    def call_tool(self, name: str, arguments: dict[str, Any], request: AnswerRequest) -> _ToolReply:
        """Begin a call; folders are those of the chat, all if it has none."""
        if name == CALCULATE:
            return Reply.finished(_calculate(str(arguments.get("expression", ""))))
        if name == TODAY:
            return Reply.finished(ToolResult(text=self._now()))
        if name == SEARCH:
            query = str(arguments.get("query", "")).strip()
            if not query:
                return Reply.finished(_failure("The query is empty."))
            found = self._library.search_folders(query, request.folder_ids, PASSAGES)
            return found.convert(_passages)
        file = str(arguments.get("file", ""))
        page = arguments.get("page", 1)
        first = page if isinstance(page, int) and page > 0 else 1
        return self._folders.list_folders().then(partial(self._open, request, file, first))

    def _now(self) -> str:
        now = datetime.fromtimestamp(self._clock(), UTC).astimezone()
        return now.strftime("%A, %Y-%m-%d, %H:%M (%Z)")

    def _open(
        self, request: AnswerRequest, file: str, first: int, folders: tuple[FolderState, ...]
    ) -> _ToolReply:
        """Read a file named as a search names it, with or without its folder before it."""
        allowed = [
            each
            for each in folders
            if not request.folder_ids or each.folder_id in request.folder_ids
        ]
        named = [each for each in allowed if file.startswith(f"{each.name}/")]
        tries = [(each.folder_id, file.removeprefix(f"{each.name}/")) for each in named]
        tries += [(each.folder_id, file) for each in allowed if each not in named]
        return self._try(tries, file, first)

    def _try(self, tries: list[tuple[str, str]], file: str, first: int) -> _ToolReply:
        if not tries:
            return Reply.finished(_failure(f"There is no document {file}."))
        (folder_id, name), *others = tries
        outcome: _ToolReply = Reply()
        opened = self._documents.open_document(folder_id, name)
        opened.on_done(lambda document: outcome.finish(_pages(document, first)))
        opened.on_error(
            lambda _failed: (
                self._try(others, file, first).on_done(outcome.finish).on_error(outcome.fail)
            )
        )
        return outcome


def tool_title(name: str) -> str:
    """Return what a tool of Inglenook's own is called for people."""
    return _(TITLES[name]) if name in TITLES else name


def _failure(text: str) -> ToolResult:
    return ToolResult(text=text, is_failure=True)


def _calculate(expression: str) -> ToolResult:
    try:
        return ToolResult(text=f"{expression.strip()} = {calculate(expression).digits}")
    except ValueError as error:
        return _failure(f"It can't be calculated: {error}.")


def _passages(found: SearchDone) -> ToolResult:
    if not found.hits:
        return ToolResult(text="Nothing was found.")
    blocks = []
    for hit in found.hits:
        page = f", page {hit.page}" if hit.page is not None else ""
        blocks.append(f"{hit.folder}/{hit.file}{page}:\n{hit.text}")
    return ToolResult(text="\n\n".join(blocks), hits=found.hits)


def _pages(document: Document, first: int) -> ToolResult:
    """Return the text from a page on; what is too long is cut by who passes it on."""
    pages = document.pages[first - 1 :]
    if not pages:
        return _failure(f"It has {len(document.pages)} pages.")
    parts = [f"[page {first + place}]\n{page.text}" for place, page in enumerate(pages)]
    return ToolResult(text="\n\n".join(parts))
