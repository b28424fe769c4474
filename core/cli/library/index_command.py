"""Command `inglenook folder index`: state of the vector index, and the server that holds it."""

import argparse

from core.base.i18n import _
from core.base.settings import app_settings
from core.cli.console import Console
from core.cli.session import Session
from core.library.index.index_server import parse_index_server
from core.messages import LibraryStatus


def show_index(session: Session, console: Console, options: argparse.Namespace) -> int:
    """Show the index, after setting which Chroma server holds it, or none, if that is asked for."""
    if options.chroma_url is not None:
        parse_index_server(options.chroma_url)
        session.app.settings.set_value(app_settings.INDEX_SERVER, options.chroma_url)
        # The person must know what leaves this computer from now on.
        console.print_note(_("The vectors of all folders are sent to this server; texts are not."))
    elif options.no_chroma:
        session.app.settings.set_value(app_settings.INDEX_SERVER, "")
    server = str(session.app.settings.get_value(app_settings.INDEX_SERVER))
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
            console.print_line(_("Chroma server: {url}").format(url=server))
    return 0


def _format_index(status: LibraryStatus) -> str:
    if not status.index:
        return _(
            "{count} vectors are searched exactly; there is no index yet, or none is needed."
        ).format(count=status.vectors)
    return _("{indexed} of {count} vectors are in the index.").format(
        indexed=status.indexed, count=status.vectors
    )
