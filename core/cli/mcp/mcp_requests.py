"""Requests of the Model Context Protocol: what each tool takes, as JSON and as its schema.

Descriptions are read by models, so they are not translated.
"""

from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

_Folders = Annotated[
    list[str], Meta(description="Names of folders; empty: all that were allowed.", max_length=100)
]
_Name = Annotated[str, Meta(min_length=1, max_length=4096)]


class FoldersRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """List the folders of documents that may be searched and read."""


class PassagesRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Search the person's documents by meaning and words; returns passages, best first.

    "verdict" says whether they answer the query: "answered", "on_topic" or "nothing".
    """

    query: Annotated[str, Meta(min_length=1, max_length=10_000)]
    folders: _Folders = []
    k: Annotated[int, Meta(ge=1, le=50, description="How many passages.")] = 8


class TextRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Read a document of a folder, as search names it, whole or from one page to another.

    Long ones come in parts: "next" is the page to go on with.
    """

    folder: _Name
    file: Annotated[str, Meta(min_length=1, max_length=4096, description='Relative, with "/".')]
    first: Annotated[int, Meta(ge=1, description="First page or part.")] = 1
    last: Annotated[int, Meta(ge=1, description="Last page or part.")] | None = None


class QuestionRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Have the local model answer a question from the documents, with citations.

    "refused" is true where the documents don't answer it.
    """

    question: Annotated[str, Meta(min_length=1, max_length=10_000)]
    folders: _Folders = []


class DocumentsRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """List the documents of the folders that were allowed, those read last first."""


ProgramRequest = FoldersRequest | PassagesRequest | TextRequest | QuestionRequest | DocumentsRequest
TOOLS: dict[str, type[Struct]] = {
    "list_folders": FoldersRequest,
    "search": PassagesRequest,
    "read_document": TextRequest,
    "ask": QuestionRequest,
}
DOCUMENTS = "list_documents"
"""No tool: the protocol's own list of resources is made of it."""
REQUESTS: dict[str, type[Struct]] = TOOLS | {DOCUMENTS: DocumentsRequest}


def request_schema(kind: type[Struct]) -> dict[str, Any]:
    """Return the JSON schema of what a tool takes."""
    schema: dict[str, Any] = msgspec.json.schema(kind)["$defs"][kind.__name__]
    return {name: part for name, part in schema.items() if name not in {"title", "description"}}


def request_description(kind: type[Struct]) -> str:
    """Return what a model is told of a tool."""
    return " ".join((kind.__doc__ or "").split())
