"""Footnotes of a streaming answer, numbered in the order of their first reference.

A finished message is parsed whole, and the parser numbers its notes; one that streams is parsed
piece by piece, and its notes stand behind all that names them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from markdown_it.token import Token

from core.base.lazy_regex import lazy_pattern

_NAMED = lazy_pattern(r"(?!\w-\w)\w[\w.:-]*")
"""Allowed labels; other text in such brackets, as in a pattern like [^a-z], is no footnote."""


@dataclass(slots=True)
class Footnotes:
    """Labels with their numbers, in the order of their references, and the notes so far."""

    numbers: dict[str, int] = field(default_factory=dict)
    notes: dict[str, Sequence[Token]] = field(default_factory=dict)

    def copy(self) -> "Footnotes":
        """Return an independent copy."""
        return Footnotes(dict(self.numbers), dict(self.notes))

    def number_for_label(self, label: str) -> int:
        """Return the number of a referenced note; 0 if it is probably no note."""
        if label not in self.numbers:
            if label not in self.notes and not _NAMED.fullmatch(label):
                return 0
            self.numbers[label] = len(self.numbers) + 1
        return self.numbers[label]

    def add_note_block(self, top: Sequence[Token]) -> bool:
        """Store a block if it is a note; returns whether it was one."""
        if top[0].type != "footnote_reference_open":
            return False
        self.notes.setdefault(str(top[0].meta["label"]), top[1:-1])
        for token in top:
            for child in token.children or ():
                if child.type == "footnote_ref":  # a note that names another
                    self.number_for_label(str(child.meta["label"]))
        return True

    def available_notes(self) -> Iterator[tuple[int, Sequence[Token]]]:
        """Yield the notes received that were referenced, in order."""
        for label, number in self.numbers.items():
            if label in self.notes:
                yield number, self.notes[label]
