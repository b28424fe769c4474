"""Section grouping: passages joined into sections, the context the model reads around a hit."""

from dataclasses import dataclass

from core.library.text.passage_splitter import SplitText

SECTION_TOKENS = 800
OVERLAP_TOKENS = 100


@dataclass(frozen=True, slots=True)
class TextSection:
    """A span of the document's text, and its passages: `first` to before `last`."""

    start: int
    end: int
    first: int
    last: int


def group_into_sections(document: SplitText) -> tuple[TextSection, ...]:
    """Return sections in order; each passage belongs to exactly one and lies within it.

    A section is up to SECTION_TOKENS long, OVERLAP_TOKENS of which repeat the end of the one
    before. It ends early at a new top heading when it is at least half full.
    """
    found: list[TextSection] = []
    passages = document.passages
    first = 0
    for index in range(1, len(passages) + 1):
        if index == len(passages) or _ends(document, first, index):
            found.append(_section(document, first, index))
            first = index
    return tuple(found)


def _ends(document: SplitText, first: int, index: int) -> bool:
    passages = document.passages
    start = passages[first].start
    limit = SECTION_TOKENS - OVERLAP_TOKENS
    if document.map.count_tokens(start, passages[index].end) > limit:
        return True
    new_part = _part(passages[index].heading) != _part(passages[index - 1].heading)
    return new_part and document.map.count_tokens(start, passages[index - 1].end) > limit // 2


def _part(heading: str) -> str:
    return " > ".join(heading.split(" > ")[:2])


def _section(document: SplitText, first: int, last: int) -> TextSection:
    passages = document.passages
    start = passages[first].start
    if first > 0:
        before = passages[first - 1].start
        earliest = document.map.position_before(start, OVERLAP_TOKENS)
        start = max(earliest, min(before, start)) if earliest > before else earliest
    else:
        start = 0
    return TextSection(start, passages[last - 1].end, first, last)
