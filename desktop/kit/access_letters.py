"""Access letters: which letter, with Alt, chooses an entry of a menu or a button of a dialog."""

from collections.abc import Iterable
from typing import Protocol


class Labelled(Protocol):
    """An action or a button: `&` precedes the letter in its text."""

    def text(self) -> str:
        """Return its text."""

    def setText(self, text: str) -> None:
        """Change its text."""


def assign_access_letters(labelled: Iterable[Labelled]) -> None:
    """Give each a letter of its own that chooses it, where one is left."""
    taken: set[str] = set()
    for each in labelled:
        label = each.text().replace("&&", "\0").replace("&", "")
        starts = [
            place for place, _letter in enumerate(label) if place == 0 or label[place - 1] == " "
        ]
        for place in (*starts, *range(len(label))):
            letter = label[place].casefold()
            if letter.isalnum() and letter not in taken:
                taken.add(letter)
                label = f"{label[:place]}&{label[place:]}"
                break
        each.setText(label.replace("\0", "&&"))
