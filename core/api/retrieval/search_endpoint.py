"""Search in folders for other programs: passages in the shape of `search --json`."""

import datetime as dt
from typing import Annotated

from msgspec import Meta, Struct

from core.api.api_errors import ApiError
from core.api.api_request import ApiRequest
from core.api.generation import new_call_id
from core.messages import (
    FOLDER_PREFIX,
    UNKNOWN_COUNT,
    SearchDone,
    SearchFilters,
    SearchForProgram,
)
from core.messages.search_fields import count_or_none, search_hit_fields


class SearchBody(Struct, kw_only=True, forbid_unknown_fields=True):
    """The body of a search; `since` and `until` are dates such as 2026-05-31."""

    query: Annotated[str, Meta(min_length=1, max_length=10_000)]
    folders: list[str] = []
    k: Annotated[int, Meta(ge=1, le=100)] = 8
    types: list[str] = []
    paths: list[str] = []
    since: dt.date | None = None
    until: dt.date | None = None


async def search_folders(request: ApiRequest) -> None:
    """Answer POST /v1/search."""
    body = request.parse_body(SearchBody)
    if any(pattern.startswith(("/", "~")) or ".." in pattern for pattern in body.paths):
        raise ApiError(400, "Patterns are of paths within a folder.", parameter="paths")
    call = SearchForProgram(
        call_id=new_call_id(),
        client=request.client,
        query=body.query,
        folders=tuple(name.removeprefix(FOLDER_PREFIX) for name in body.folders),
        k=body.k,
        filters=SearchFilters(
            types=tuple(body.types),
            paths=tuple(body.paths),
            since=_seconds(body.since, "since"),
            until=_seconds(body.until, "until"),
        ),
    )
    found = await request.calls.call_for(call, SearchDone)
    await request.send_json(
        {
            "object": "list",
            "verdict": found.verdict,
            "confidence": round(found.confidence, 4),
            "seconds": round(found.seconds, 4),
            "unread_files": count_or_none(found.unread_files),
            "note": _unread_note(found.unread_files) or None,
            "data": [{"folder": hit.folder, **search_hit_fields(hit, found)} for hit in found.hits],
        }
    )


def _unread_note(count: int) -> str:
    """Return in the API's language what a search did not see, "" if there is nothing."""
    if count == UNKNOWN_COUNT:
        return "A folder is only being listed; search again when its files are read."
    return f"{count} files are not read yet; search again when they are." if count else ""


def _seconds(day: dt.date | None, name: str) -> float | None:
    """Return the beginning of a day in local time. Raises ApiError for one that clocks lack."""
    if day is None:
        return None
    try:
        return dt.datetime(day.year, day.month, day.day).astimezone().timestamp()
    except (OverflowError, ValueError, OSError) as error:
        raise ApiError(
            400, f"{day} is too far away.", code="invalid_value", parameter=name
        ) from error
