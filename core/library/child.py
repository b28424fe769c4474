"""The library child's border: opens the library, and begins it anew when it proves damaged."""

import contextlib
import logging
import os
import sys
from pathlib import Path
from typing import BinaryIO, NoReturn

import psutil

from core.channel import Channel, ParentGone
from core.errors import InglenookError, from_os_error
from core.library.damage import put_aside
from core.library.keeper import DiskChanged
from core.library.library import Carried, Library, Request
from core.library.renewal import change_places
from core.messages import (
    Cancel,
    EmbedderProgress,
    Failed,
    GiveWay,
    KeepInStep,
    LibraryRequest,
    PrepareViewing,
)
from core.paths import Paths, default_root

_PRIORITY = 5
"""Steps down, to a third of what others get: a search stays quick beside an answer."""
_LOWEST = 19
_MOST_BEGINNINGS = 3
"""A disk that damages every new library as well is not written to for ever."""
_UNANSWERED = GiveWay | Cancel | KeepInStep | DiskChanged | PrepareViewing
_log = logging.getLogger(__name__)


def serve(incoming: BinaryIO, outgoing: BinaryIO) -> None:
    """Answer requests until the parent hangs up."""
    channel: Channel[Request] = Channel(LibraryRequest, incoming, outgoing)
    channel.start("library")
    _step_back()
    try:
        keep_serving(channel, Paths(default_root()))
    except ParentGone:
        # Python takes 2 seconds to take torch apart; whoever quits the app would wait for it.
        os._exit(0)


def _step_back() -> None:
    """Let the window and answers go first: reading a folder takes all processors there are."""
    with contextlib.suppress(psutil.Error, OSError):
        if sys.platform == "win32":
            psutil.Process().nice(psutil.BELOW_NORMAL_PRIORITY_CLASS)
        else:
            own = psutil.Process()
            own.nice(min(own.nice() + _PRIORITY, _LOWEST))  # threads that come later inherit it


def keep_serving(channel: Channel[Request], paths: Paths) -> None:
    """Answer until ParentGone; a library that turns out to be damaged is begun anew."""
    aside: Path | None = None
    beginnings = 0
    earlier = Carried()
    while True:
        try:
            paths.create()
            library = Library(channel, paths, earlier, aside)
        except InglenookError as error:
            _log.exception("the library can't be opened")
            _refuse_everything(channel, error)
        try:
            damage = library.run()
        finally:
            library.close()
        earlier, aside = library.carried, None
        if damage is None:
            _let_them_change_places(channel, paths, library.change)
            continue
        beginnings += 1
        aside = paths.library.with_name(damage.facts["aside"])
        put_aside(paths.library, aside)
        if beginnings == _MOST_BEGINNINGS:
            _refuse_everything(channel, damage)


def _let_them_change_places(
    channel: Channel[Request], paths: Paths, change: EmbedderProgress
) -> None:
    try:
        change_places(paths)
    except OSError as error:
        _log.exception("the libraries can't change places")
        problem = from_os_error(error, str(paths.library))
        channel.send(Failed(request_id="", code=problem.code, facts=problem.facts))
    else:
        channel.send(change)


def _refuse_everything(channel: Channel[Request], error: InglenookError) -> NoReturn:
    while True:
        request = channel.receive()
        if request is not None and not isinstance(request, _UNANSWERED):
            channel.send(Failed(request_id=request.request_id, code=error.code, facts=error.facts))
