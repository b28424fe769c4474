"""`inglenook folder index`: where the index of the vectors lies, and how much of it there is."""

import argparse

from core import settings
from core.app.events import StatusListed
from core.cli.console import Console
from core.cli.session import Session
from core.library.index_server import index_server
from core.messages import LibraryStatus
from core.words import _


def index(session: Session, console: Console, options: argparse.Namespace) -> int:
    """Show the index, or first say which Chroma server holds it from now on, or that none does."""
    if options.chroma_url is not None:
        index_server(options.chroma_url)
        session.app.settings.set(settings.INDEX_SERVER, options.chroma_url)
        # What stands there from now on is said plainly: this is the one thing that leaves.
        console.note(_("The vectors of all folders are sent to this server; texts are not."))
    elif options.no_chroma:
        session.app.settings.set(settings.INDEX_SERVER, "")
    server = str(session.app.settings.get(settings.INDEX_SERVER))
    status = session.result(session.app.folders.status(), StatusListed).status
    if console.as_json:
        console.json(
            {
                "server": server or None,
                "index": status.index or None,
                "indexed": status.indexed,
                "vectors": status.vectors,
            }
        )
    else:
        console.line(_words(status))
        if server:
            console.line(_("Chroma server: {url}").format(url=server))
    return 0


def _words(status: LibraryStatus) -> str:
    if not status.index:
        return _(
            "{count} vectors are searched exactly; there is no index yet, or none is needed."
        ).format(count=status.vectors)
    return _("{indexed} of {count} vectors are in the index.").format(
        indexed=status.indexed, count=status.vectors
    )
