"""History on the command line: an import of another program's chats, and what it brought."""

from pathlib import Path

from core.app.chats.history_formatting import format_imported
from core.app.chats.history_service import HistoryImported, HistoryProgress
from core.cli.console import Console
from core.cli.session import Session


def import_history(session: Session, console: Console, path: Path) -> int:
    """Import the chats of another program; Ctrl-C ends it, and what is written stays."""

    def show(progress: HistoryProgress) -> None:
        if console.as_json:
            share = round(progress.share, 4)
            console.print_json({"event": "importing", "chats": progress.chats, "share": share})

    imported = session.wait_for(session.app.history.import_history(path), show)
    if console.as_json:
        console.print_json(_fields(imported))
    else:
        _print(console, imported)
    return 0


def _fields(imported: HistoryImported) -> dict[str, object]:
    return {
        "event": "imported",
        "new": imported.new,
        "grown": imported.grown,
        "known": imported.known,
        "left_out": imported.left_out,
        "skipped": [{"name": each.name, "reason": each.reason} for each in imported.skipped],
    }


def _print(console: Console, imported: HistoryImported) -> None:
    console.print_note(format_imported(imported))
    for each in imported.skipped:
        console.print_line(f"  {each.name}: {each.reason}")
