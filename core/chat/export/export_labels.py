"""Labels in exports: speaker, time, how an answer ended, location of a source."""

import datetime as dt

from core.base.i18n import _
from core.chat.conversations.conversation import Role, SentenceVerdict, Source, Turn, TurnState

UNPROVEN_SIGN, CONTRARY_SIGN = "°", "≠"
"""Signs behind a sentence that is not in the sources, and before the number of a contrary one."""


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
    """Return a turn's text with citation numbers after the sentences they support.

    The number of a source that contradicts a sentence follows "≠"; "°" marks one that is not in the
    sources.
    """
    at: dict[int, list[str]] = {}

    def mark(end: int, sign: str) -> None:
        at.setdefault(min(max(end, 0), len(turn.text)), []).append(sign)

    for citation in sorted(turn.citations, key=lambda each: each.n):
        mark(citation.end, f"{opening}{citation.n}{closing}")
    for sentence in turn.sentences:
        if sentence.verdict is SentenceVerdict.CONTRADICTED:
            mark(sentence.end, f"{opening}{CONTRARY_SIGN}{sentence.n}{closing}")
        elif sentence.verdict is SentenceVerdict.UNSUPPORTED:
            mark(sentence.end, UNPROVEN_SIGN)
    pieces: list[str] = []
    begin = 0
    for end in sorted(at):
        pieces += [turn.text[begin:end], *dict.fromkeys(at[end])]
        begin = end
    return "".join([*pieces, turn.text[begin:]])


def marks_legend(turn: Turn) -> str:
    """Return what the marks beside citation numbers mean, "" if there are none."""
    verdicts = {sentence.verdict for sentence in turn.sentences}
    meanings = {
        SentenceVerdict.CONTRADICTED: _("{sign}: the source says otherwise").format(
            sign=CONTRARY_SIGN
        ),
        SentenceVerdict.UNSUPPORTED: _("{sign}: not in the sources").format(sign=UNPROVEN_SIGN),
    }
    return "; ".join(words for verdict, words in meanings.items() if verdict in verdicts)
