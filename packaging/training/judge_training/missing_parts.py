"""Missing parts: statements of which the evidence holds one part and not the other.

Claims that are supported in part are what a judge of shared words takes for supported: so a
statement comes with all of its evidence, and with its evidence but for one clause or sentence.
"""

from collections.abc import Iterator, Sequence
from random import Random

_JOINTS = (", and ", " and ", "; ", ", while ", ". ")
MIN_PART_WORDS = 3
"""Words of a clause that says something."""


def joined_statement(first: str, second: str, rng: Random) -> str:
    """Return two sentences as one statement."""
    joint = rng.choice(_JOINTS)
    behind = second if joint == ". " else f"{second[:1].lower()}{second[1:]}"
    return f"{first.rstrip(' .')}{joint}{behind}"


def without_part(sentence: str, rng: Random) -> str | None:
    """Return the sentence without one of its clauses behind a comma; None if it has none."""
    parts = sentence.rstrip(" .").split(", ")
    places = [
        place for place, part in enumerate(parts) if place and len(part.split()) >= MIN_PART_WORDS
    ]
    if not places:
        return None
    gone = rng.choice(places)
    return ", ".join(part for place, part in enumerate(parts) if place != gone) + "."


def partly_held(
    sentences: Sequence[str], place: int, rng: Random
) -> Iterator[tuple[str, str, bool]]:
    """Yield (statement, evidence, whether all of it is held) for the sentence at a place."""
    sentence = sentences[place]
    if (shorter := without_part(sentence, rng)) is not None:
        yield sentence, " ".join((*sentences[:place], shorter, *sentences[place + 1 :])), False
    if place + 1 < len(sentences) and rng.random() < 0.6:
        other = place + 1
        both = joined_statement(sentence, sentences[other], rng)
        yield both, " ".join(sentences), True
        gone = rng.choice((place, other))
        yield both, " ".join(text for at, text in enumerate(sentences) if at != gone), False
