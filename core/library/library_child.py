"""Library child process: opens the library, and starts it anew when its file is damaged."""

import logging
import os
from pathlib import Path
from typing import BinaryIO, NoReturn

from core.base.errors import InglenookError, storage_error_from_os
from core.base.paths import Paths, default_root
from core.ipc.channel import Channel, ParentGone
from core.ipc.child_priority import lower_priority
from core.library.maintenance.reembedding import swap_libraries
from core.library.serving.library_backends import LibraryBackends
from core.library.serving.open_library import OpenLibrary, Request
from core.library.serving.restart_state import RestartState
from core.library.store.damaged_library import move_database_aside
from core.library.sync.folder_watch import DiskChanged
from core.messages import (
    Cancel,
    EmbedderProgress,
    Failed,
    LibraryRequest,
    PrepareViewing,
    SyncRequest,
    ThrottleIndexing,
    WatchFolders,
)

_MOST_BEGINNINGS = 3
"""A disk that damages every new library as well is not written to for ever."""
_UNANSWERED = ThrottleIndexing | Cancel | WatchFolders | DiskChanged | PrepareViewing
_READING = SyncRequest | WatchFolders
"""What has files read for a long time."""
_BACKENDS = LibraryBackends()
_log = logging.getLogger(__name__)


def serve(incoming: BinaryIO, outgoing: BinaryIO, backends: LibraryBackends = _BACKENDS) -> None:
    """Answer requests until the parent hangs up."""
    channel: Channel[Request] = Channel(LibraryRequest, incoming, outgoing, _PriorityChange())
    channel.start("library")
    try:
        serve_library(channel, Paths(default_root()), backends)
    except ParentGone:
        # Python takes 2 seconds to take torch apart; whoever quits the app would wait for it.
        os._exit(0)


class _PriorityChange:
    """Lowers the priority when files begin to be read: it can't be raised again.

    Until then somebody waits for each request, as for a search from a terminal.
    """

    def __init__(self) -> None:
        self._is_lowered = False

    def __call__(self, request: Request) -> None:
        if isinstance(request, _READING) and not self._is_lowered:
            self._is_lowered = True
            lower_priority()


def serve_library(channel: Channel[Request], paths: Paths, backends: LibraryBackends) -> None:
    """Answer until ParentGone; a library that turns out to be damaged is begun anew."""
    aside: Path | None = None
    beginnings = 0
    earlier = RestartState()
    while True:
        try:
            paths.create_folders()
            library = OpenLibrary(channel, paths, earlier, aside, backends=backends)
        except (InglenookError, OSError) as error:
            _log.exception("the library can't be opened")
            if isinstance(error, InglenookError):
                _refuse_everything(channel, error)
            _refuse_everything(channel, storage_error_from_os(error, str(paths.root)))
        try:
            damage = library.run()
        finally:
            library.close()
        earlier, aside = library.restart_state, None
        if damage is None:
            _swap_libraries(channel, paths, library.embedder_changed_event)
            continue
        beginnings += 1
        aside = paths.library.with_name(damage.facts["aside"])
        move_database_aside(paths.library, aside)
        if beginnings == _MOST_BEGINNINGS:
            _refuse_everything(channel, damage)


def _swap_libraries(channel: Channel[Request], paths: Paths, change: EmbedderProgress) -> None:
    try:
        swap_libraries(paths)
    except OSError as error:
        _log.exception("the libraries can't change places")
        problem = storage_error_from_os(error, str(paths.library))
        channel.send(Failed.from_error("", problem))
    else:
        channel.send(change)


def _refuse_everything(channel: Channel[Request], error: InglenookError) -> NoReturn:
    while True:
        request = channel.receive()
        if request is not None and not isinstance(request, _UNANSWERED):
            channel.send(Failed.from_error(request.request_id, error))
