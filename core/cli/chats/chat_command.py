"""Commands of `inglenook chat`: list, show, search, export, import, rename, trash, delete."""

import argparse
import datetime as dt
from collections.abc import Callable, Mapping

import msgspec

from core.base.errors import ErrorCode, StorageError
from core.base.i18n import _, ngettext
from core.chat.conversations.conversation import (
    Conversation,
    ConversationSummary,
    Role,
    Turn,
    TurnState,
)
from core.chat.export.chat_export import ExportFormat, export_content
from core.chat.export.export_labels import format_time
from core.cli.chats.answer_fields import (
    agreement_fields,
    citation_fields,
    recalled_fields,
    sentence_fields,
    source_fields,
)
from core.cli.chats.answer_stage_formatting import format_location
from core.cli.chats.history_printing import import_history
from core.cli.console import Console
from core.cli.library.folder_command import folder_states
from core.cli.output_file import refuse_existing
from core.cli.session import Session
from core.cli.short_ids import shortest_ids
from core.cli.terminal import absolute_path


def list_chats(session: Session, console: Console, options: argparse.Namespace) -> int:
    """List the chats, the one used last first; or those in the trash."""
    organizer = session.app.chats.organizer
    chats = organizer.list_chats(trashed=options.trash)
    groups = {group.group_id: group.name for group in organizer.list_groups()}
    if console.as_json:
        for chat in chats:
            console.print_json(
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
        short = _short_ids(session)
        rows = [
            (
                short.get(chat.chat_id, ""),
                format_time(chat.updated),
                str(chat.turns),
                chat.title,
            )
            for chat in chats
        ]
        console.print_table((_("ID"), _("LAST USED"), _("TURNS"), _("TITLE")), rows)
    elif options.trash:
        console.print_note(_("The trash is empty."))
    else:
        console.print_note(_("There are no chats yet; “inglenook ask QUESTION” begins one."))
    return 0


def show_chat(session: Session, console: Console, options: argparse.Namespace) -> int:
    """Print one chat, oldest turn first."""
    app = session.app
    conversation = app.chats.load_conversation(app.chats.resolve_chat_id(options.id))
    if conversation.adapters:
        _print_adapters(console, conversation)
    summaries = {summary.last_id: summary for summary in conversation.summaries}
    for turn in conversation.path():
        summary = summaries.get(turn.turn_id)
        if console.as_json:
            console.print_json(_turn_fields(turn, summary))
        else:
            _print_turn(console, turn)
            _print_summary(console, summary)
    return 0


def _print_adapters(console: Console, conversation: Conversation) -> None:
    """Print the adapters that the next answer of a chat uses."""
    if console.as_json:
        adapters = [{"path": each.path, "scale": each.scale} for each in conversation.adapters]
        console.print_json({"chat": conversation.chat_id, "adapters": adapters})
        return
    for adapter in conversation.adapters:
        words = _("Adapter {path}, scale {scale}")
        console.print_line(words.format(path=adapter.path, scale=f"{adapter.scale:g}"))
    console.print_line()


def _turn_fields(turn: Turn, summary: ConversationSummary | None) -> dict[str, object]:
    fields: dict[str, object] = {} if summary is None else {"summary": summary.text}
    if recalled := turn.assurance.recalled:
        fields["recalled"] = recalled_fields(recalled)
    if agreement := turn.assurance.agreement:
        fields["agreement"] = agreement_fields(agreement)
    if turn.assurance.checks is not None:
        fields["checks"] = msgspec.to_builtins(turn.assurance.checks)
    return {
        "turn": turn.turn_id,
        "role": str(turn.role),
        "state": str(turn.state),
        "created": _iso(turn.created),
        "model": turn.model,
        "text": turn.text,
        **({"thinking": turn.thinking} if turn.thinking else {}),
        "sources": [source_fields(source) for source in turn.sources],
        "citations": [citation_fields(citation) for citation in turn.citations],
        "sentences": [sentence_fields(sentence) for sentence in turn.sentences],
        "note": turn.note,
        **fields,
    }


def _print_turn(console: Console, turn: Turn) -> None:
    who = _("You") if turn.role is Role.USER else turn.model or _("Model")
    console.print_line(f"{who}, {format_time(turn.created)}{_state_suffix(turn.state)}")
    if turn.thinking:
        seconds = f"{turn.statistics.seconds_of_thinking:.0f}"
        console.print_line("  " + _("Thought for {seconds} s").format(seconds=seconds))
    console.print_line(turn.text.rstrip())
    for source in turn.sources:
        console.print_line(
            f"  [{source.n}] {format_location(source.file, source.page, source.heading)}"
        )
    if turn.note:
        console.print_line(f"  {turn.note}")
    console.print_line()


def _print_summary(console: Console, summary: ConversationSummary | None) -> None:
    """Print a summary after the last turn that it covers."""
    if summary is None:
        return
    heading = _("Earlier messages, summarised by {model} when they no longer fit:")
    console.print_line(heading.format(model=summary.model))
    for line in summary.text.splitlines():
        console.print_line(f"  | {line}")
    console.print_line()


def _state_suffix(state: TurnState) -> str:
    ends = {
        TurnState.CANCELLED: _("stopped"),
        TurnState.INTERRUPTED: _("interrupted"),
        TurnState.FAILED: _("failed"),
    }
    return f" ({ends[state]})" if state in ends else ""


def _iso(seconds: float) -> str:
    return dt.datetime.fromtimestamp(seconds, dt.UTC).isoformat(timespec="milliseconds")


def search_chats(session: Session, console: Console, options: argparse.Namespace) -> int:
    """Print the places that hold every word, those of a chat together."""
    hits = session.app.chats.search.find_hits(options.query)
    shown = ""
    short = _short_ids(session)
    for hit in hits:
        if console.as_json:
            console.print_json(
                {
                    "chat": hit.chat_id,
                    "title": hit.title,
                    "turn": hit.turn_id or None,
                    "role": hit.role or None,
                    "excerpt": hit.excerpt,
                    "marks": [list(mark) for mark in hit.marks],
                }
            )
            continue
        if hit.chat_id != shown:
            console.print_line(f"{short.get(hit.chat_id, hit.chat_id)}  {hit.title}")
            shown = hit.chat_id
        if hit.turn_id:
            console.print_line(f"    {hit.excerpt}")
    if not hits and not console.as_json:
        console.print_note(_("No chat holds these words."))
    return 0


def export_chats(session: Session, console: Console, options: argparse.Namespace) -> int:
    """Write chats to a file, or to standard output."""
    app, form = session.app, ExportFormat(options.format)
    refuse_existing(options.out, force=options.force)
    chat_ids = [app.chats.resolve_chat_id(each) for each in options.ids]
    if options.all:
        chat_ids = [chat.chat_id for chat in app.chats.list_chats()]
    if not chat_ids:
        raise StorageError(ErrorCode.EXPORT_EMPTY)
    sources = not options.no_sources
    if options.out:
        path = absolute_path(options.out)
        app.chat_service.export_chats(chat_ids, form, path, sources=sources)
        if console.as_json:
            console.print_json({"event": "exported", "chats": len(chat_ids), "file": str(path)})
        else:
            console.print_note(_("Written to {path}.").format(path=path))
        return 0
    content = export_content(
        [app.chat_service.load_chat(each) for each in chat_ids], form, sources=sources
    )
    if console.as_json and form is not ExportFormat.JSON:
        console.print_json(
            {"event": "exported", "chats": len(chat_ids), "content": content.decode()}
        )
    else:
        console.print_text(content.decode())
    return 0


def import_chats(session: Session, console: Console, options: argparse.Namespace) -> int:
    """Import a file of chats, and print their ids; of other programs, how many came."""
    path = absolute_path(options.file)
    if not session.app.history.is_own_export(path):
        return import_history(session, console, path)
    folder_states(session)  # else no chat could keep its folders
    chats = session.app.chat_service.import_chats(path)
    short = _short_ids(session)
    for chat in chats:
        _print_chat(console, "imported", chat, short)
    if not console.as_json:
        words = ngettext("{count} chat was taken in.", "{count} chats were taken in.", len(chats))
        console.print_note(words.format(count=len(chats)))
    return 0


def rename_chat(session: Session, console: Console, options: argparse.Namespace) -> int:
    """Give a chat another title."""
    chat_id = session.app.chats.resolve_chat_id(options.id)
    title = " ".join(options.title.encode(errors="replace").decode().split())
    session.app.chat_service.rename_chat(chat_id, title)
    _print_chat(
        console, "renamed", session.app.chats.load_conversation(chat_id), _short_ids(session)
    )
    return 0


def trash_chats(session: Session, console: Console, options: argparse.Namespace) -> int:
    """Put chats into the trash."""
    return _apply_to_chats(
        session, console, options, event="trashed", action=session.app.chat_service.trash_chat
    )


def restore_chats(session: Session, console: Console, options: argparse.Namespace) -> int:
    """Take chats out of the trash."""
    return _apply_to_chats(
        session, console, options, event="restored", action=session.app.chat_service.restore_chat
    )


def delete_chats(session: Session, console: Console, options: argparse.Namespace) -> int:
    """Delete chats for good."""
    return _apply_to_chats(
        session, console, options, event="deleted", action=session.app.chat_service.delete_chat
    )


def _apply_to_chats(
    session: Session,
    console: Console,
    options: argparse.Namespace,
    *,
    event: str,
    action: Callable[[str], None],
) -> int:
    """Apply an action to each chat that is named; to none if one of them is unknown."""
    app = session.app
    chats = [app.chats.load_conversation(app.chats.resolve_chat_id(each)) for each in options.ids]
    short = _short_ids(session)  # while they are all there
    for chat in chats:
        action(chat.chat_id)
        _print_chat(console, event, chat, short)
    return 0


def _short_ids(session: Session) -> dict[str, str]:
    """Return the ids of all chats as they are shown."""
    return shortest_ids(session.app.chats.chat_ids())


def _print_chat(console: Console, event: str, chat: Conversation, short: Mapping[str, str]) -> None:
    if console.as_json:
        console.print_json({"event": event, "id": chat.chat_id, "title": chat.title})
    else:
        console.print_line(f"{short.get(chat.chat_id, chat.chat_id)}  {chat.title}")
