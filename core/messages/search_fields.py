"""Fields of a search hit, as scripts (`search --json`) and programs (`/v1/search`) get them."""

from core.messages.library_messages import UNKNOWN_COUNT, SearchDone, SearchHit


def count_or_none(count: int) -> int | None:
    """Return a count, None for one that isn't known."""
    return None if count == UNKNOWN_COUNT else count


def search_hit_fields(hit: SearchHit, found: SearchDone) -> dict[str, object]:
    """Return a hit for JSON.

    `confidence` is the probability that this passage alone answers, 0 to 1; `verdict` ("answered",
    "on_topic" or "nothing") and `search_confidence` are those of the whole search.
    """
    return {
        "rank": hit.rank,
        "file": hit.file,
        "path": hit.path,
        "page": hit.page,
        "line": hit.line,
        "heading": hit.heading,
        "text": hit.text,
        "score": round(hit.score, 4),
        "confidence": round(hit.confidence, 4),
        "verdict": found.verdict,
        "search_confidence": round(found.confidence, 4),
    }
