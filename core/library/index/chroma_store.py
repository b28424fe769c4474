"""Chroma clients for a folder or a server; the only module that imports chromadb."""

from pathlib import Path
from typing import Any

from core.base.errors import ErrorCode, LibraryError
from core.base.i18n import _
from core.ipc.network_lock import allow_server
from core.library.index.index_server import IndexServer


def open_folder_client(folder: Path) -> Any:  # noqa: ANN401 - an untyped library
    """Open a Chroma folder, new or known; raises whatever Chroma does over a damaged one."""
    return _chromadb().PersistentClient(path=str(folder))


def connect_to_server(server: IndexServer) -> Any:  # noqa: ANN401 - see above
    """Return a client of a server, which this process may reach from then on.

    Raises LibraryError(INDEX_SERVER_REFUSED) if it doesn't answer.
    """
    allow_server(server.host, server.port)
    chromadb = _chromadb()
    try:
        return chromadb.HttpClient(
            host=server.host,
            port=server.port,
            ssl=server.encrypted,
            settings=chromadb.Settings(anonymized_telemetry=False),
        )
    except Exception as error:  # Chroma raises ValueError for a server that is not there
        detail = _("it doesn't answer")
        raise LibraryError(ErrorCode.INDEX_SERVER_REFUSED, url=server.url, detail=detail) from error


def _chromadb() -> Any:  # noqa: ANN401 - an untyped library
    """Import Chroma, and take from it the power to build what a folder's settings name."""
    import chromadb  # noqa: PLC0415 - two seconds, and only large libraries need it
    from chromadb.utils import embedding_functions  # noqa: PLC0415

    # 1.5.9 builds the embedding function a folder's settings name, even with None given.
    embedding_functions.known_embedding_functions.clear()
    embedding_functions.sparse_known_embedding_functions.clear()
    return chromadb
