"""What exports say around the turns: who spoke, when, how it ended, where a passage stands."""

import datetime as dt

from core.chat.conversation import Role, Source, Turn, TurnState
from core.words import _


def speaker(turn: Turn) -> str:
    """Return who speaks, as a heading."""
    if turn.role is Role.USER:
        return _("You")
    return turn.model or _("Model")


def when(seconds: float) -> str:
    """Return a time of this place's clock."""
    return f"{dt.datetime.fromtimestamp(seconds, dt.UTC).astimezone():%Y-%m-%d %H:%M}"


def how_it_ended(turn: Turn) -> str:
    """Return a word on an answer that has no end, "" for any other."""
    ends = {
        TurnState.STREAMING: _("not finished yet"),
        TurnState.CANCELLED: _("stopped"),
        TurnState.INTERRUPTED: _("interrupted"),
        TurnState.FAILED: _("failed"),
    }
    return ends.get(turn.state, "")


def place_of(source: Source) -> str:
    """Return where a passage stands, e.g. "tax/2024.pdf, page 3 — Income"."""
    where = source.file
    if source.page is not None:
        where = _("{file}, page {page}").format(file=source.file, page=source.page)
    return f"{where} — {source.heading}" if source.heading else where


def marked(turn: Turn, opening: str, closing: str) -> str:
    """Return a turn's text with the numbers of its citations behind what they support."""
    at: dict[int, list[int]] = {}
    for citation in turn.citations:
        at.setdefault(min(max(citation.end, 0), len(turn.text)), []).append(citation.n)
    pieces: list[str] = []
    begin = 0
    for end in sorted(at):
        pieces.append(turn.text[begin:end])
        pieces += [f"{opening}{n}{closing}" for n in sorted(set(at[end]))]
        begin = end
    return "".join([*pieces, turn.text[begin:]])
