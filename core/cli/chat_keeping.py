"""`inglenook chat …`: finding, taking out and in, renaming, and the trash."""

import argparse
from collections.abc import Callable
from pathlib import Path

from core.chat.conversation import Conversation
from core.chat.export import Format, export
from core.cli.chats import SHOWN_ID
from core.cli.console import Console
from core.cli.session import Session
from core.words import _, ngettext


def search(session: Session, console: Console, options: argparse.Namespace) -> int:
    """Print the places that hold every word, those of a chat together."""
    hits = session.app.chats.search.find(options.query)
    shown = ""
    for hit in hits:
        if console.as_json:
            console.json(
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
            console.line(f"{hit.chat_id[:SHOWN_ID]}  {hit.title}")
            shown = hit.chat_id
        if hit.turn_id:
            console.line(f"    {hit.excerpt}")
    if not hits and not console.as_json:
        console.note(_("No chat holds these words."))
    return 0


def export_chats(session: Session, console: Console, options: argparse.Namespace) -> int:
    """Write chats to a file, or to standard output."""
    app, form = session.app, Format(options.format)
    chat_ids = [app.chats.find(each) for each in options.ids]
    if options.all:
        chat_ids = [chat.chat_id for chat in app.chats.list()]
    if not chat_ids:
        console.note(_("There is nothing to export; name a chat, or give --all."))
        return 1
    sources = not options.no_sources
    if options.out:
        path = Path(options.out).expanduser().absolute()
        app.chat_desk.export(chat_ids, form, path, sources=sources)
        if console.as_json:
            console.json({"event": "exported", "chats": len(chat_ids), "file": str(path)})
        else:
            console.note(_("Written to {path}.").format(path=path))
        return 0
    content = export([app.chat_desk.load(each) for each in chat_ids], form, sources=sources)
    if console.as_json and form is not Format.JSON:
        console.json({"event": "exported", "chats": len(chat_ids), "content": content.decode()})
    else:
        console.text(content.decode())
    return 0


def take_in(session: Session, console: Console, options: argparse.Namespace) -> int:
    """Take in a file of chats, and print their ids."""
    chats = session.app.chat_desk.take_in(Path(options.file).expanduser().absolute())
    for chat in chats:
        _tell(console, "imported", chat)
    if not console.as_json:
        words = ngettext("{count} chat was taken in.", "{count} chats were taken in.", len(chats))
        console.note(words.format(count=len(chats)))
    return 0


def rename(session: Session, console: Console, options: argparse.Namespace) -> int:
    """Give a chat another title."""
    chat_id = session.app.chats.find(options.id)
    title = " ".join(options.title.encode(errors="replace").decode().split())
    session.app.chat_desk.rename(chat_id, title)
    _tell(console, "renamed", session.app.chats.load(chat_id))
    return 0


def trash(session: Session, console: Console, options: argparse.Namespace) -> int:
    """Put chats into the trash."""
    return _each(session, console, options, event="trashed", deed=session.app.chat_desk.trash)


def restore(session: Session, console: Console, options: argparse.Namespace) -> int:
    """Take chats out of the trash."""
    return _each(session, console, options, event="restored", deed=session.app.chat_desk.restore)


def delete(session: Session, console: Console, options: argparse.Namespace) -> int:
    """Delete chats for good."""
    return _each(session, console, options, event="deleted", deed=session.app.chat_desk.delete)


def _each(
    session: Session,
    console: Console,
    options: argparse.Namespace,
    *,
    event: str,
    deed: Callable[[str], None],
) -> int:
    """Do something with all chats that are named; nothing if one of them is unknown."""
    app = session.app
    chats = [app.chats.load(app.chats.find(each)) for each in options.ids]
    for chat in chats:
        deed(chat.chat_id)
        _tell(console, event, chat)
    return 0


def _tell(console: Console, event: str, chat: Conversation) -> None:
    if console.as_json:
        console.json({"event": event, "id": chat.chat_id, "title": chat.title})
    else:
        console.line(f"{chat.chat_id[:SHOWN_ID]}  {chat.title}")
