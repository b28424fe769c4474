"""Text parts: which letters of a long text are laid out at once, from line to line."""

from desktop.sources.viewer.document_tables import Span

MOST_LETTERS, STEP = 300_000, 100_000
"""Letters that are laid out at first, and more at a time: some .05 s for each step."""
_LONGEST_LINE = 20_000


def part_around(text: str, near: int) -> Span:
    """Return a part with a letter in its middle; all of a text that isn't long."""
    if len(text) <= MOST_LETTERS:
        return 0, len(text)
    half = MOST_LETTERS // 2
    return _line_start(text, near - half), _line_end(text, near + half)


def part_after(text: str, part: Span) -> Span:
    """Return what is to come next."""
    return part[1], _line_end(text, part[1] + STEP)


def part_before(text: str, part: Span) -> Span:
    """Return what stands before."""
    return _line_start(text, part[0] - STEP), part[0]


def _line_start(text: str, at: int) -> int:
    if at <= 0:
        return 0
    found = text.rfind("\n", max(0, at - _LONGEST_LINE), at)
    return at if found < 0 else found + 1


def _line_end(text: str, at: int) -> int:
    if at >= len(text):
        return len(text)
    found = text.find("\n", at, at + _LONGEST_LINE)
    return at if found < 0 else found + 1
