"""Labels in exports: speaker, time, how an answer ended, location of a source."""

import datetime as dt

from core.base.i18n import _
from core.chat.conversations.conversation import Role, Source, Turn, TurnState


def speaker_name(turn: Turn) -> str:
    """Return the speaker's name, for a heading."""
    if turn.role is Role.USER:
        return _("You")
    return turn.model or _("Model")


def format_time(seconds: float) -> str:
    """Return a local time."""
    return f"{dt.datetime.fromtimestamp(seconds, dt.UTC).astimezone():%Y-%m-%d %H:%M}"


def ending_label(turn: Turn) -> str:
    """Return why an answer is not complete, "" if it is."""
    ends = {
        TurnState.STREAMING: _("not finished yet"),
        TurnState.CANCELLED: _("stopped"),
        TurnState.INTERRUPTED: _("interrupted"),
        TurnState.FAILED: _("failed"),
    }
    return ends.get(turn.state, "")


def source_location(source: Source) -> str:
    """Return the location of a passage, e.g. "tax/2024.pdf, page 3 — Income"."""
    where = source.file
    if source.page is not None:
        where = _("{file}, page {page}").format(file=source.file, page=source.page)
    return f"{where} — {source.heading}" if source.heading else where


def with_citation_marks(turn: Turn, opening: str, closing: str) -> str:
    """Return a turn's text with citation numbers after the sentences they support."""
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
