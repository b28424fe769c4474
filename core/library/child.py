"""The library child: owns library.db, answers requests between the steps of a sync."""

import logging
import os
import threading
import time
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NoReturn, assert_never

import apsw

from core.channel import Channel, ParentGone
from core.errors import Code, InglenookError, LibraryError, StorageError
from core.library import replies
from core.library.damage import name_aside, put_aside
from core.library.embedder import Embedder
from core.library.floor import Floor
from core.library.index import VectorIndex, forget_index
from core.library.jobs import SyncQueue, can_be_added
from core.library.names import display_name, true_name
from core.library.rankings import Rankings
from core.library.reading import Reader
from core.library.records import Records
from core.library.search import Searcher
from core.library.sync import Tools
from core.library.tokens import TokenCounter
from core.library.wording import in_words
from core.messages import (
    AddFolder,
    Cancel,
    DocumentText,
    Failed,
    FolderRemoved,
    GiveWay,
    LibraryRequest,
    ListFolders,
    ListSkipped,
    RemoveFolder,
    Search,
    SearchDone,
    SyncFolder,
)
from core.paths import Paths, default_root, embedding_model
from core.words import N_, _

_WAIT_SECONDS = 0.02
_MOST_BEGINNINGS = 3
"""A disk that damages every new library as well is not written to for ever."""
_NOT_A_FOLDER_OF_DOCUMENTS = N_("it is a whole disk or Inglenook's own data")
_log = logging.getLogger(__name__)


def serve(incoming: BinaryIO, outgoing: BinaryIO) -> None:
    """Answer requests until the parent hangs up."""
    channel: Channel[LibraryRequest] = Channel(LibraryRequest, incoming, outgoing)
    channel.start("library")
    try:
        keep_serving(channel, Paths(default_root()))
    except ParentGone:
        # Python takes 2 seconds to take torch apart; whoever quits the app would wait for it.
        os._exit(0)


def keep_serving(channel: Channel[LibraryRequest], paths: Paths) -> None:
    """Answer until ParentGone; a library that turns out to be damaged is begun anew."""
    aside: Path | None = None
    for _again in range(_MOST_BEGINNINGS):
        try:
            paths.create()
            library = Library(channel, paths, aside)
        except InglenookError as error:
            _log.exception("the library can't be opened")
            _refuse_everything(channel, error)
        try:
            damage = library.run()
        finally:
            library.close()
        aside = paths.library.with_name(damage.facts["aside"])
        put_aside(paths.library, aside)
    _refuse_everything(channel, damage)


def _refuse_everything(channel: Channel[LibraryRequest], error: InglenookError) -> NoReturn:
    while True:
        request = channel.receive()
        if request is not None and not isinstance(request, GiveWay | Cancel):
            channel.send(Failed(request_id=request.request_id, code=error.code, facts=error.facts))


class Library:
    """Everything of one root; all on the main thread but the embedder's import."""

    def __init__(
        self, channel: Channel[LibraryRequest], paths: Paths, aside: Path | None = None
    ) -> None:
        """`aside` is the damaged library that this one begins anew."""
        self._channel = channel
        self._paths = paths
        self._aside = aside
        self._damage: StorageError | None = None
        self._records = Records(paths, self._begun_anew)
        self._embedder = Embedder(embedding_model())
        connection = self._records.connection
        self._index = VectorIndex(paths.index, connection)
        self._upkeep: Iterator[None] = self._index.upkeep()
        rankings = Rankings(connection, self._embedder, self._index)
        self._searcher = Searcher(connection, rankings, Floor(connection, self._embedder))
        self._searches: deque[Search] = deque()
        self._syncs = SyncQueue(
            self._records, self._tools, channel.send, self._on_change, self._in_words
        )
        self._gives_way = False
        self._loading: threading.Thread | None = None
        self._load_error: InglenookError | None = None

    def close(self) -> None:
        """Let go of everything; runs at the end of the process."""
        self._syncs.close()
        self._index.close()
        self._records.close()

    def run(self) -> StorageError:
        """Answer, step, wait; until ParentGone, or until the library turns out to be damaged."""
        self._resume()
        wait: float | None = 0.0
        while self._damage is None:
            request = self._channel.receive(timeout=wait)
            if request is None:
                wait = self._step()
            else:
                self._answer(request)
                wait = 0.0
        self._syncs.fail_all(self._damage)
        for search in self._searches:
            self._fail(search.request_id, self._damage)
        self._fail("", self._damage)
        return self._damage

    def _resume(self) -> None:
        """Mark what an earlier process was at, and read again what was lost with a damaged file.

        On a full disk, folders are still searched.
        """
        try:
            folders = self._records.folders()
            if folders:
                self._load()
            for folder in folders:
                if folder.state == "syncing":
                    self._records.set_state(folder.id, "stopped")
            if self._aside is not None:
                forget_index(self._paths.index)
                for folder in self._records.restore(self._aside):
                    self._sync("", folder.id)
        except Exception as error:  # noqa: BLE001 - the border: searches are answered without it
            _log.exception("what was left behind can't be taken up")
            self._in_words(error)

    def _begun_anew(self, error: StorageError) -> None:
        """Remember which damaged file was put aside while the library was opened."""
        self._aside = self._paths.library.with_name(error.facts["aside"])
        self._fail("", error)

    # ------------------------------------------------------------ requests

    def _answer(self, request: LibraryRequest) -> None:
        request_id = "" if isinstance(request, GiveWay) else request.request_id
        try:
            self._dispatch(request)
        except ParentGone:
            raise
        except Exception as error:  # noqa: BLE001 - the border: a request never ends the child
            _log.exception("a request failed")
            self._fail(request_id, self._in_words(error))

    def _dispatch(self, request: LibraryRequest) -> None:
        match request:
            case ListFolders():
                self._channel.send(replies.folders(self._records, request.request_id))
            case AddFolder():
                self._add(request)
            case SyncFolder():
                self._sync(request.request_id, request.folder_id)
            case RemoveFolder():
                self._remove(request)
            case ListSkipped():
                self._channel.send(replies.skipped_files(self._records, request))
            case Search():
                self._load()
                self._searches.append(request)
            case DocumentText():
                self._channel.send(replies.document(self._records, request))
            case GiveWay():
                self._gives_way = request.active
            case Cancel():
                self._cancel(request.request_id)
            case _:
                assert_never(request)

    def _add(self, request: AddFolder) -> None:
        path = Path(true_name(request.path, request.raw)).absolute()
        shown = display_name(str(path))
        if not can_be_added(path, self._paths.root):
            detail = _(_NOT_A_FOLDER_OF_DOCUMENTS)
            raise LibraryError(Code.FOLDER_REFUSED, path=shown, detail=detail)
        if not path.is_dir():
            raise LibraryError(Code.FOLDER_GONE, path=shown)
        self._sync(request.request_id, self._records.add_folder(str(path)).id)

    def _sync(self, request_id: str, folder_id: str) -> None:
        self._syncs.add(request_id, self._records.folder(folder_id))
        self._channel.send(replies.folders(self._records, ""))
        self._load()

    def _remove(self, request: RemoveFolder) -> None:
        folder = self._records.folder(request.folder_id)
        self._syncs.cancel_folder(folder.id)
        self._records.remove_folder(folder.id)
        self._channel.send(FolderRemoved(request_id=request.request_id, folder_id=folder.id))
        self._on_change()

    def _cancel(self, request_id: str) -> None:
        self._syncs.cancel(request_id)
        for search in [search for search in self._searches if search.request_id == request_id]:
            self._searches.remove(search)
            self._channel.send(SearchDone(request_id=request_id, hits=(), seconds=0.0))

    # ------------------------------------------------------------ steps

    def _step(self) -> float | None:
        """Do one step of what is to be done; return how long to wait for a request then.

        Searches come first, and index upkeep last.
        """
        if self._searches:
            if not self._embedder.loaded and self._load_error is None:
                return _WAIT_SECONDS
            self._search(self._searches.popleft())
            return 0.0
        if self._gives_way:
            return None
        if not self._syncs:
            return self._keep_index()
        if self._load_error is not None:
            self._syncs.fail_all(self._load_error)
            return 0.0
        return 0.0 if self._syncs.advance() else _WAIT_SECONDS

    def _search(self, request: Search) -> None:
        started = time.monotonic()
        try:
            if self._load_error:
                raise self._load_error
            hits = self._searcher.search(request.query, request.folder_ids, request.k)
        except Exception as error:  # noqa: BLE001 - the border: a search never ends the child
            _log.exception("a search failed")
            self._fail(request.request_id, self._in_words(error))
        else:
            seconds = time.monotonic() - started
            self._channel.send(
                SearchDone(request_id=request.request_id, hits=hits, seconds=seconds)
            )

    def _keep_index(self) -> float | None:
        """Take one step of the index's upkeep; wait for a request when it is in step."""
        try:
            next(self._upkeep)
        except StopIteration:
            return None
        except Exception as error:  # noqa: BLE001 - the border: without it, exact search answers
            _log.exception("the index can't be kept in step")
            self._in_words(error)
            return None
        return 0.0

    def _tools(self) -> Tools:
        return Tools(
            records=self._records,
            embedder=self._embedder,
            counter=TokenCounter(embedding_model()),
            new_reader=lambda: Reader(self._paths.logs / "extractor.log", _nobody_waits),
            app_root=self._paths.root,
            send=self._channel.send,
        )

    def _on_change(self) -> None:
        """Tell what the folders are like now, and let the index follow."""
        self._upkeep = self._index.upkeep()
        try:
            self._channel.send(replies.folders(self._records, ""))
        except apsw.Error as error:
            _log.exception("the folders can't be told")
            self._in_words(error)

    # ------------------------------------------------------------ embedder

    def _load(self) -> None:
        """Begin to import the embedder on a thread of its own, once; nothing else runs there."""
        if self._loading is None:
            self._loading = threading.Thread(target=self._import, name="importer", daemon=True)
            self._loading.start()

    def _import(self) -> None:
        try:
            self._embedder.load()
        except (ImportError, OSError):
            _log.exception("the embedder can't be imported")
            self._load_error = LibraryError(Code.EMBEDDER_MISSING, path=str(embedding_model()))
        except Exception as error:  # noqa: BLE001 - the border: whoever waits for it is told
            _log.exception("the embedder can't be loaded")
            self._load_error = self._in_words(error)

    # ------------------------------------------------------------ sending

    def _fail(self, request_id: str, error: InglenookError) -> None:
        self._channel.send(Failed(request_id=request_id, code=error.code, facts=error.facts))

    def _in_words(self, error: Exception) -> InglenookError:
        """Return what a person is told; a damaged library is left as soon as that is said."""
        if isinstance(error, apsw.CorruptError | apsw.NotADBError):
            if self._damage is None:
                aside = name_aside(self._paths.library).name
                path = str(self._paths.library)
                self._damage = StorageError(Code.DATABASE_DAMAGED, path=path, aside=aside)
            return self._damage
        return in_words(error, self._paths)


def _nobody_waits() -> None:
    """Readers are polled between steps, so their news need wake nobody."""
