"""The footnotes of an answer that streams: numbered where they are first named, before they come.

A finished message is parsed whole, and the parser numbers its notes; one that streams is parsed
piece by piece, and its notes stand behind all that names them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from markdown_it.token import Token

from core.patterns import pattern

_NAMED = pattern(r"(?!\w-\w)\w[\w.:-]*")
"""What a note is called; in a pattern like [^a-z] the same signs are none."""


@dataclass(slots=True)
class Footnotes:
    """Labels with their numbers, in the order they were named, and the notes that have come."""

    numbers: dict[str, int] = field(default_factory=dict)
    notes: dict[str, Sequence[Token]] = field(default_factory=dict)

    def copy(self) -> "Footnotes":
        """Return another one that goes on from here."""
        return Footnotes(dict(self.numbers), dict(self.notes))

    def number(self, label: str) -> int:
        """Return the number of a note that is named here; 0 for what will hardly be one."""
        if label not in self.numbers:
            if label not in self.notes and not _NAMED.fullmatch(label):
                return 0
            self.numbers[label] = len(self.numbers) + 1
        return self.numbers[label]

    def take(self, top: Sequence[Token]) -> bool:
        """Keep a block if it is a note; return whether it was."""
        if top[0].type != "footnote_reference_open":
            return False
        self.notes.setdefault(str(top[0].meta["label"]), top[1:-1])
        for token in top:
            for child in token.children or ():
                if child.type == "footnote_ref":  # a note that names another
                    self.number(str(child.meta["label"]))
        return True

    def come(self) -> Iterator[tuple[int, Sequence[Token]]]:
        """Yield the notes that were named and have come, in order."""
        for label, number in self.numbers.items():
            if label in self.notes:
                yield number, self.notes[label]
