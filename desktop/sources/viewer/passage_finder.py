"""Passage finder: locates a passage in a document's text, ignoring white space."""

_SHORTEST = 24
"""Letters that must agree for a part of the passage to count as found."""


def find_passage(text: str, passage: str) -> tuple[int, int] | None:
    """Return start and end of `passage` in `text`, else of the longest beginning that is there."""
    letters, positions = _without_white_space(text)
    wanted, _positions = _without_white_space(passage)
    if not wanted:
        return None
    length = len(wanted)
    while length >= min(_SHORTEST, len(wanted)):
        start = letters.find(wanted[:length])
        if start >= 0:
            return positions[start], positions[start + length - 1] + 1
        length = length * 3 // 4
    return None


def _without_white_space(text: str) -> tuple[str, list[int]]:
    """Return the text without white space, and the position of each of its letters before."""
    positions = [position for position, letter in enumerate(text) if not letter.isspace()]
    return "".join(text[position] for position in positions), positions
