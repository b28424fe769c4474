"""`inglenook chat …`: what was asked and answered before."""

import argparse
import datetime as dt

from core.chat.conversation import Conversation, Role, Summary, Turn, TurnState
from core.cli.answers import place, source_fields
from core.cli.console import Console
from core.cli.session import Session
from core.words import _

SHOWN_ID = 13
"""First characters of a UUIDv7 that hold its time to the millisecond."""


def show_all(session: Session, console: Console, options: argparse.Namespace) -> int:
    """List the chats, the one used last first; or those in the trash."""
    arrangement = session.app.chats.arrangement
    chats = arrangement.list(trashed=options.trash)
    groups = {group.group_id: group.name for group in arrangement.groups()}
    if console.as_json:
        for chat in chats:
            console.json(
                {
                    "id": chat.chat_id,
                    "title": chat.title,
                    "created": _iso(chat.created),
                    "updated": _iso(chat.updated),
                    "turns": chat.turns,
                    "pinned": chat.pinned,
                    "group": groups.get(chat.group_id),
                    "trashed": _iso(chat.trashed) if chat.trashed else None,
                }
            )
    elif chats:
        rows = [
            (chat.chat_id[:SHOWN_ID], _local(chat.updated), str(chat.turns), chat.title)
            for chat in chats
        ]
        console.table((_("ID"), _("LAST USED"), _("TURNS"), _("TITLE")), rows)
    elif options.trash:
        console.note(_("The trash is empty."))
    else:
        console.note(_("There are no chats yet; “inglenook ask QUESTION” begins one."))
    return 0


def show(session: Session, console: Console, options: argparse.Namespace) -> int:
    """Print one chat, oldest turn first."""
    app = session.app
    conversation = app.chats.load(app.chats.find(options.id))
    if conversation.adapters:
        _tell_adapters(console, conversation)
    summaries = {summary.last_id: summary for summary in conversation.summaries}
    for turn in conversation.path():
        summary = summaries.get(turn.turn_id)
        if console.as_json:
            console.json(_turn_fields(turn, summary))
        else:
            _print_turn(console, turn)
            _print_summary(console, summary)
    return 0


def _tell_adapters(console: Console, conversation: Conversation) -> None:
    """Say through which adapters the next question of a chat goes."""
    if console.as_json:
        adapters = [{"path": each.path, "scale": each.scale} for each in conversation.adapters]
        console.json({"chat": conversation.chat_id, "adapters": adapters})
        return
    for adapter in conversation.adapters:
        words = _("Adapter {path}, scale {scale}")
        console.line(words.format(path=adapter.path, scale=f"{adapter.scale:g}"))
    console.line()


def _turn_fields(turn: Turn, summary: Summary | None) -> dict[str, object]:
    fields = {} if summary is None else {"summary": summary.text}
    return {
        "turn": turn.turn_id,
        "role": str(turn.role),
        "state": str(turn.state),
        "created": _iso(turn.created),
        "model": turn.model,
        "text": turn.text,
        **({"thinking": turn.thinking} if turn.thinking else {}),
        "sources": [source_fields(source) for source in turn.sources],
        "citations": [
            {"n": citation.n, "start": citation.start, "end": citation.end}
            for citation in turn.citations
        ],
        "note": turn.note,
        **fields,
    }


def _print_turn(console: Console, turn: Turn) -> None:
    who = _("You") if turn.role is Role.USER else turn.model or _("Model")
    console.line(f"{who}, {_local(turn.created)}{_how_it_ended(turn.state)}")
    if turn.thinking:
        seconds = f"{turn.statistics.seconds_of_thinking:.0f}"
        console.line("  " + _("Thought for {seconds} s").format(seconds=seconds))
    console.line(turn.text.rstrip())
    for source in turn.sources:
        console.line(f"  [{source.n}] {place(source.file, source.page, source.heading)}")
    if turn.note:
        console.line(f"  {turn.note}")
    console.line()


def _print_summary(console: Console, summary: Summary | None) -> None:
    """Say under the last turn that it covers what the model reads from then on."""
    if summary is None:
        return
    heading = _("Earlier messages, summarised by {model} when they no longer fit:")
    console.line(heading.format(model=summary.model))
    for line in summary.text.splitlines():
        console.line(f"  | {line}")
    console.line()


def _how_it_ended(state: TurnState) -> str:
    ends = {
        TurnState.CANCELLED: _("stopped"),
        TurnState.INTERRUPTED: _("interrupted"),
        TurnState.FAILED: _("failed"),
    }
    return f" ({ends[state]})" if state in ends else ""


def _iso(seconds: float) -> str:
    return dt.datetime.fromtimestamp(seconds, dt.UTC).isoformat(timespec="milliseconds")


def _local(seconds: float) -> str:
    return f"{dt.datetime.fromtimestamp(seconds, dt.UTC).astimezone():%Y-%m-%d %H:%M}"
