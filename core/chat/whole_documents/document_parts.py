"""Document parts: passages side by side that a model reads at once."""

from collections.abc import Iterator, Sequence

from core.messages import SearchHit

BYTES_PER_TOKEN = 3
"""Fewer than English has, so that a part rarely turns out too long; one that does is halved."""
CONTEXT_SHARE = 0.4
"""Share of the context that a part may take; the rest is for the task and what is written."""
FEWEST_TOKENS, MOST_TOKENS = 300, 1200
"""Bounds of a part: a small model loses the thread of more. No measured speed counts here, as parts
that are cut otherwise the next time would be read again."""

Part = tuple[SearchHit, ...]


def part_budget(context: int) -> int:
    """Return the tokens of a part for a model that reads so many at once."""
    return max(FEWEST_TOKENS, int(min(context * CONTEXT_SHARE, MOST_TOKENS)))


def token_estimate(text: str) -> int:
    """Return about how many tokens a text has for a model."""
    return len(text.encode()) // BYTES_PER_TOKEN + 1


def split_into_parts(hits: Sequence[SearchHit], budget: int) -> list[Part]:
    """Return the passages in groups of at most `budget` tokens, each of one passage at least."""
    parts: list[Part] = []
    part: list[SearchHit] = []
    size = 0
    for hit in hits:
        tokens = token_estimate(hit.text)
        if part and size + tokens > budget:
            parts.append(tuple(part))
            part, size = [], 0
        part.append(hit)
        size += tokens
    return [*parts, tuple(part)] if part else parts


def group_texts(texts: Sequence[str], budget: int) -> Iterator[list[str]]:
    """Yield texts side by side of at most `budget` tokens, two at least where there are two."""
    group: list[str] = []
    size = 0
    for text in texts:
        tokens = token_estimate(text)
        if len(group) > 1 and size + tokens > budget:
            yield group
            group, size = [], 0
        group.append(text)
        size += tokens
    if group:
        yield group


def part_text(part: Part) -> str:
    """Return the text of a part, with its headings where they change."""
    blocks: list[str] = []
    heading = ""
    for hit in part:
        if hit.heading and hit.heading != heading:
            heading = hit.heading
            blocks.append(heading.rpartition(" > ")[2])
        blocks.append(hit.text)
    return "\n".join(blocks)
