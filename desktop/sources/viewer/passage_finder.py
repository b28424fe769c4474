"""Passage finder: locates a passage in a document's text, ignoring white space."""

_SHORTEST = 24
"""Letters that must agree for a part of the passage to count as its place."""


def find_passage(text: str, passage: str) -> tuple[int, int] | None:
    """Return start and end of `passage` in `text`, of its longest known beginning otherwise."""
    letters, places = _squeezed(text)
    wanted, _places = _squeezed(passage)
    if not wanted:
        return None
    length = len(wanted)
    while length >= min(_SHORTEST, len(wanted)):
        start = letters.find(wanted[:length])
        if start >= 0:
            return places[start], places[start + length - 1] + 1
        length = length * 3 // 4
    return None


def _squeezed(text: str) -> tuple[str, list[int]]:
    """Return the text without white space, and where each letter of it stood."""
    places = [place for place, letter in enumerate(text) if not letter.isspace()]
    return "".join(text[place] for place in places), places
