"""Command `inglenook folder index`: state of the vector index, and the server that holds it."""

import argparse

from core.base.i18n import _, ngettext
from core.base.settings import app_settings
from core.cli.consent_prompt import ask_consent
from core.cli.console import Console
from core.cli.session import Session
from core.library.index.index_server import parse_index_server
from core.messages import LibraryStatus


def show_index(session: Session, console: Console, options: argparse.Namespace) -> int:
    """Show the index, after setting which server holds it, or none, if that is asked for."""
    settings = session.app.settings
    if options.no_server:
        session.app.change_setting(app_settings.INDEX_SERVER, "")
    elif url := _wanted_server(options):
        ask_index_consent(console, url, beforehand=options.yes)
        session.app.change_setting(app_settings.INDEX_SERVER, url)
    server = settings.get_value(app_settings.INDEX_SERVER)
    status = session.wait_for(session.app.folders.request_status())
    if console.as_json:
        console.print_json(
            {
                "server": server or None,
                "index": status.index or None,
                "indexed": status.indexed,
                "vectors": status.vectors,
            }
        )
    else:
        console.print_line(_format_index(status))
        if server:
            kind = parse_index_server(server).kind.value
            console.print_line(_("{kind} server: {url}").format(kind=kind, url=server))
    return 0


def ask_index_consent(console: Console, url: str, *, beforehand: bool) -> None:
    """Ask whether the vectors may go to a server. Raises LibraryError, NetworkError for a no."""
    address = parse_index_server(url)
    host = f"{address.host}:{address.port}"
    question = _("The vectors of all folders are sent to {host}; texts are not. Agree?")
    ask_consent(console, question.format(host=host), host, beforehand=beforehand)


def _wanted_server(options: argparse.Namespace) -> str:
    """Return the address that is asked for as the setting holds it, "" if none is."""
    if options.qdrant_url is not None:
        return f"qdrant+{options.qdrant_url.removeprefix('qdrant+')}"
    return str(options.postgres_url or options.chroma_url or "")


def _format_index(status: LibraryStatus) -> str:
    if not status.index:
        words = ngettext(
            "{count} vector is searched exactly; there is no index yet, or none is needed.",
            "{count} vectors are searched exactly; there is no index yet, or none is needed.",
            status.vectors,
        )
        return words.format(count=status.vectors)
    words = ngettext(
        "{indexed} of {count} vector is in the index.",
        "{indexed} of {count} vectors are in the index.",
        status.vectors,
    )
    return words.format(indexed=status.indexed, count=status.vectors)
