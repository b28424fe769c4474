"""The library at work: answers requests between the steps of syncs and chores."""

import logging
from pathlib import Path
from typing import assert_never

import apsw
import msgspec

from core.channel import Channel, ParentGone
from core.errors import Code, InglenookError, StorageError
from core.library.arranging import Arranger
from core.library.chores import Chores
from core.library.comparing import Wish
from core.library.damage import name_aside
from core.library.desk import Desk
from core.library.embedder import Embedder
from core.library.errands import Errand, Errands
from core.library.generations import forget_index
from core.library.index import VectorIndex
from core.library.jobs import SyncQueue
from core.library.keeper import DiskChanged, Keeper
from core.library.loading import Loading
from core.library.questions import Questions
from core.library.records import Folder, Records
from core.library.renewal import HABIT, Renewal, chosen_folder
from core.library.replies import Replies
from core.library.sync import EVERYTHING
from core.library.viewing import Viewer
from core.library.wording import in_words
from core.library.workshop import Workshop
from core.messages import (
    AddFolder,
    Cancel,
    ChooseEmbedder,
    ChooseReranker,
    DocumentText,
    EmbedderProgress,
    EvaluateRetrieval,
    Failed,
    FolderRemoved,
    GiveWay,
    IncludeParts,
    KeepInStep,
    LibraryRequest,
    ListFiles,
    ListFolders,
    ListSkipped,
    ListStatus,
    MeasureEmbedder,
    PauseFolders,
    PrepareViewing,
    ReadFile,
    ReadLetters,
    RemoveFolder,
    RenderPage,
    Search,
    SearchFiles,
    SyncFolder,
    VerifyLibrary,
)
from core.paths import Paths, embedding_model
from core.settings import INDEX_SERVER, RERANKER, Settings

_WAIT_SECONDS = 0.02
_log = logging.getLogger(__name__)

Request = LibraryRequest | DiskChanged


class Carried(msgspec.Struct, frozen=True):
    """What one process was told that its next library must know."""

    keeps: bool = False
    gives_way: bool = False


class Library:
    """Everything of one root; all on the main thread but the embedder's import."""

    def __init__(
        self,
        channel: Channel[Request],
        paths: Paths,
        earlier: Carried | None = None,
        aside: Path | None = None,
    ) -> None:
        """`earlier` is what the library before this one knew; `aside`: its file was damaged."""
        self._channel = channel
        self._paths = paths
        self._aside = aside
        self._damage: StorageError | None = None
        self._records = Records(paths, self._begun_anew)
        self._embedder = Embedder(chosen_folder(self._records), self._records.note(HABIT))
        self._loading = Loading(self._embedder, self._in_words)
        server = str(Settings(paths.settings).get(INDEX_SERVER))
        self._index = VectorIndex(paths.index, self._records.connection, server=server)
        workshop = Workshop(paths, self._records, self._embedder, self._index, channel.send)
        self._build_answers(workshop)
        self._build_keeping(workshop)
        earlier = earlier or Carried()
        self._gives_way = earlier.gives_way
        if earlier.keeps:
            self._keeper.begin()

    def _build_answers(self, workshop: Workshop) -> None:
        """Build what somebody waits for."""
        send, searcher = self._channel.send, workshop.searcher()
        self._questions = Questions(searcher, self._loading, send, self._in_words)
        desk = Desk(self._paths, self._embedder, searcher, workshop.reader, send)
        self._errands = Errands(desk, self._loading, self._in_words)
        self._viewer = Viewer(
            self._records, self._embedder, workshop.reader, self._paths.logs, send
        )

    def _build_keeping(self, workshop: Workshop) -> None:
        """Build what goes on by itself: syncs, watching, chores."""
        records, send = self._records, self._channel.send
        self._syncs = SyncQueue(
            records, lambda: workshop.tools(self._keeper.seen), send, self._on_end, self._in_words
        )
        self._keeper = Keeper(records, self._syncs, self._channel.post)
        self._arranger = Arranger(records, self._syncs, self._keeper, self._paths.root)
        self._renewal = Renewal(self._paths, records, send, self._in_words)
        self._replies = Replies(
            records, self._syncs, self._index, self._renewal, self._keeper.watched
        )
        self._chores = Chores(
            records,
            self._embedder,
            self._index,
            self._renewal,
            self._loading,
            send,
            self._in_words,
            self._read_again,
        )

    @property
    def carried(self) -> Carried:
        """What the next library must know."""
        return Carried(keeps=self._keeper.begun, gives_way=self._gives_way)

    @property
    def change(self) -> EmbedderProgress:
        """What is told when the library of another embedding model has taken its place."""
        return msgspec.structs.replace(self._renewal.progress(), changed=True)

    def close(self) -> None:
        """Let go of everything; runs at the end of the process."""
        self._keeper.close()
        self._viewer.close()
        self._errands.close()
        self._chores.end()
        self._renewal.close()
        self._syncs.close()
        self._index.close()
        self._records.close()

    def run(self) -> StorageError | None:
        """Answer, step, wait until ParentGone; the return says why the library is to be left.

        A StorageError: it is damaged. None: a library of another embedding model takes its place.
        """
        self._resume()
        wait: float | None = 0.0
        while self._damage is None:
            busy = self._syncs or self._questions or self._errands
            if self._renewal.is_ready and not busy:
                return None
            request = self._channel.receive(timeout=wait)
            if request is None:
                wait = self._viewed(self._step())
            else:
                self._answer(request)
                wait = 0.0
        self._syncs.fail_all(self._damage)
        self._questions.fail_all(self._damage)
        self._errands.fail_all(self._damage)
        self._fail("", self._damage)
        return self._damage

    def _resume(self) -> None:
        """Go on with what an earlier process left, and read again what a damaged file took along.

        On a full disk, folders are still searched.
        """
        try:
            if self._records.folders():
                self._loading.begin()
            if self._aside is not None:
                forget_index(self._paths.index)
                for folder in self._records.restore(self._aside):
                    self._sync("", folder)
            self._chores.begin()
            if path := str(Settings(self._paths.settings).get(RERANKER)):
                self._errands.run(ChooseReranker(request_id="", path=path))
        except Exception as error:  # noqa: BLE001 - the border: searches are answered without it
            _log.exception("what was left behind can't be taken up")
            self._in_words(error)

    def _begun_anew(self, error: StorageError) -> None:
        """Remember which damaged file was put aside while the library was opened."""
        self._aside = self._paths.library.with_name(error.facts["aside"])
        self._fail("", error)

    # ------------------------------------------------------------ requests

    def _answer(self, request: Request) -> None:
        try:
            self._dispatch(request)
        except ParentGone:
            raise
        except Exception as error:  # noqa: BLE001 - the border: a request never ends the child
            _log.exception("a request failed")
            self._fail(getattr(request, "request_id", ""), self._in_words(error))

    def _dispatch(self, request: Request) -> None:
        match request:
            case Search():
                self._syncs.prefer(request.folder_ids)
                self._questions.add(request)
            case GiveWay():
                self._gives_way = request.active
            case KeepInStep():
                self._keeper.begin()
            case DiskChanged():
                self._keeper.heard(request)
            case Cancel():
                for queue in (self._syncs, self._viewer, self._questions, self._errands):
                    queue.cancel(request.request_id)
            case ListFolders() | ListSkipped() | ListFiles() | ListStatus() | DocumentText():
                self._channel.send(self._replies.answer(request))
            case ReadFile() | RenderPage() | ReadLetters() | PrepareViewing():
                self._viewer.ask(request)
            case VerifyLibrary() | MeasureEmbedder():
                self._chores.ask(request)
            case _:
                self._arrange(request)

    def _arrange(
        self,
        request: AddFolder
        | SyncFolder
        | RemoveFolder
        | PauseFolders
        | IncludeParts
        | ChooseEmbedder
        | Errand,
    ) -> None:
        match request:
            case SearchFiles() | EvaluateRetrieval() | ChooseReranker():
                self._errands.run(request)
            case ChooseEmbedder():
                self._renewal.choose(Path(request.path or embedding_model()))
                self._chores.renew()
                self._channel.send(self._replies.status(request.request_id))
            case AddFolder():
                self._sync(request.request_id, self._arranger.add(request))
            case SyncFolder():
                wish = Wish(retry=request.retry, file=request.file)
                self._sync(request.request_id, self._arranger.to_sync(request), wish)
            case RemoveFolder():
                steps = self._arranger.remove(request.folder_id)
                told = FolderRemoved(request_id=request.request_id, folder_id=request.folder_id)
                self._chores.remove(steps, told)
            case PauseFolders():
                self._arranger.pause(request)
                self._channel.send(self._replies.folders(request.request_id))
            case IncludeParts():
                self._arranger.include(request)
                self._channel.send(self._replies.folders(request.request_id))
            case _:
                assert_never(request)

    def _sync(self, request_id: str, folder: Folder, wish: Wish = EVERYTHING) -> None:
        self._syncs.add(request_id, folder, wish)
        self._channel.send(self._replies.folders())
        self._loading.begin()

    # ------------------------------------------------------------ steps

    def _step(self) -> float | None:
        """Do one step of what is to be done; return how long to wait for a request then.

        What is removed stops answering before the next search; chores come last.
        """
        if self._chores.is_removing:
            if self._chores.remove_some():
                self._on_end("", ())
            return 0.0
        if self._questions:
            return 0.0 if self._questions.answer_next() else _WAIT_SECONDS
        if self._errands:
            return 0.0 if self._errands.advance() else _WAIT_SECONDS
        return None if self._gives_way else self._work()

    def _viewed(self, wait: float | None) -> float | None:
        """Answer who looks at single files; return how long to wait for a request then."""
        if self._viewer.advance():
            return _WAIT_SECONDS if wait is None else min(wait, _WAIT_SECONDS)
        rests = self._viewer.rests_in
        return rests if wait is None else wait

    def _work(self) -> float | None:
        """Do one step of what nobody waits for at this moment."""
        due = self._keeper.advance()
        if not self._syncs:
            more = self._chores.advance()
            if more is None:
                return 0.0 if self._syncs else due  # a check may have let files be read again
            return 0.0 if more else _WAIT_SECONDS
        self._loading.begin()
        if self._loading.error is not None:
            self._syncs.fail_all(self._loading.error)
            return 0.0
        return 0.0 if self._syncs.advance() else _WAIT_SECONDS

    def _read_again(self) -> None:
        """Read what a check let go, wherever it is at hand."""
        for folder in self._records.folders():
            if not folder.paused and self._records.waiting_count(folder.id):
                self._sync("", folder)

    def _on_end(self, folder_id: str, restless: tuple[str, ...]) -> None:
        """A sync ended: tell what the folders are like now, and let upkeep follow."""
        self._keeper.ended(folder_id, restless)
        self._chores.renew()
        try:
            self._channel.send(self._replies.folders())
        except apsw.Error as error:
            _log.exception("the folders can't be told")
            self._in_words(error)

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
