"""Fields of an answer from folders: its passages, and its citations as OpenAI's annotations."""

from pathlib import PurePath

import msgspec

from core.messages import FoldersAnswered
from core.messages.search_fields import count_or_none


def annotations_of(answered: FoldersAnswered) -> list[dict[str, object]]:
    """Return the citations; positions count characters of the answer."""
    passages = {passage.n: passage for passage in answered.passages}
    return [
        {
            "type": "url_citation",
            "url_citation": {
                "start_index": citation.start,
                "end_index": citation.end,
                "title": passages[citation.n].file,
                "url": _address(passages[citation.n].path, passages[citation.n].page),
            },
        }
        for citation in answered.citations
        if citation.n in passages
    ]


def folder_fields(answered: FoldersAnswered) -> dict[str, object]:
    """Return what the folders said: verdict, refusal, passages, citations with their offsets."""
    return {
        "verdict": answered.verdict or None,
        "confidence": round(answered.confidence, 4),
        "refused": answered.refused,
        "note": answered.note or None,
        "unread_files": count_or_none(answered.unread_files),
        "passages": msgspec.to_builtins(answered.passages),
        "citations": msgspec.to_builtins(answered.citations),
    }


def _address(path: str, page: int | None) -> str:
    try:
        address = PurePath(path).as_uri()
    except ValueError:  # a path of another machine
        address = path
    return address if page is None else f"{address}#page={page}"
