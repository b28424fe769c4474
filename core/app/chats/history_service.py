"""History service: chats of other programs read, and many of ours written, in the background."""

import threading
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from msgspec import Struct

from core.app.events.app_events import AppEvent, ChatsChanged
from core.base.errors import InglenookError
from core.chat.conversations.conversation import Conversation
from core.chat.export.chat_export import ExportFormat, export_content, write_export
from core.chat.history.foreign_chat import SkippedChat
from core.chat.history.history_reader import is_own_export, may_hold_history, read_history
from core.chat.store.chat_database import ChatDatabase
from core.chat.store.history_store import HistoryOutcome
from core.ipc.reply import Reply
from core.messages import Failed
from core.models.files.file_task_thread import FileTaskContext, FileTaskThread

_BATCH_TURNS = 300
_BATCH_LETTERS = 100_000
"""What is written at once, in some milliseconds: the window goes on between batches."""
_BATCHES_AHEAD = 3
"""Batches that wait to be written; the reader waits then, so that memory stays bounded."""
_LISTED = 1000
"""Chats that are listed as left out, and ids that are told."""


class HistoryProgress(Struct, frozen=True):
    """How far an import is: chats written or known, and the share of the files that is read."""

    chats: int
    share: float


class HistoryImported(Struct, frozen=True, kw_only=True):
    """What an import has done; `left_out` counts what `skipped` lists, the first thousand of it."""

    new: int
    grown: int
    known: int
    first_chat_id: str
    left_out: int
    skipped: tuple[SkippedChat, ...]


class _Batch(Struct, frozen=True):
    chats: tuple[Conversation, ...]
    skipped: tuple[SkippedChat, ...]
    share: float


class HistoryService:
    """Imports one path at a time; chats that are written stay when an import is stopped."""

    def __init__(
        self,
        database: ChatDatabase,
        emit: Callable[[AppEvent], None],
        wake: Callable[[], None],
    ) -> None:
        self._database = database
        self._emit = emit
        self.tasks = FileTaskThread("history", wake)

    def holds_history(self, path: Path) -> bool:
        """Return whether a file looks like chats of another program."""
        return may_hold_history(path)

    def is_own_export(self, path: Path) -> bool:
        """Return whether a file was written by this program."""
        return is_own_export(path)

    def export_chats(
        self, chats: Sequence[Conversation], form: ExportFormat, path: Path, *, sources: bool
    ) -> Reply[None, None]:
        """Write loaded chats to a file in the background, whole or not at all."""

        def write(_context: FileTaskContext[None]) -> None:
            write_export(path, export_content(chats, form, sources=sources))

        return self.tasks.submit_task(write)

    def import_history(self, path: Path) -> Reply[HistoryProgress, HistoryImported]:
        """Bring the chats at a path: a file, an archive, or a folder."""
        slots = threading.Semaphore(_BATCHES_AHEAD)
        inner: Reply[_Batch, None] = self.tasks.submit_task(partial(_read_batches, path, slots))
        run = _ImportRun(self._database, inner, slots)
        inner.on_progress(run.write_batch).on_done(run.finish).on_error(run.fail)
        for end in (run.reply.on_done, run.reply.on_error):
            end(lambda _outcome: self._emit(ChatsChanged()))
        return run.reply


class _ImportRun:
    """One import, on the thread of the application."""

    def __init__(
        self, database: ChatDatabase, inner: Reply[_Batch, None], slots: threading.Semaphore
    ) -> None:
        self._database = database
        self._inner = inner
        self._slots = slots
        self._counts = dict.fromkeys(HistoryOutcome, 0)
        self._skipped: list[SkippedChat] = []
        self._left_out = 0
        self._first = ""
        self.reply: Reply[HistoryProgress, HistoryImported] = Reply(inner.request_id, inner.cancel)

    def write_batch(self, batch: _Batch) -> None:
        """Write what was read; a disk that refuses ends the import."""
        self._slots.release()
        if self.reply.is_done:
            return
        try:
            outcomes = self._database.history.add_chats(batch.chats)
        except InglenookError as error:
            self.reply.fail(Failed.from_error(self.reply.request_id, error))
            self._inner.cancel()
            return
        for outcome in outcomes:
            self._counts[outcome] += 1
        if batch.chats:
            self._first = self._first or batch.chats[0].chat_id
        self._left_out += len(batch.skipped)
        self._skipped += batch.skipped[: max(0, _LISTED - len(self._skipped))]
        self.reply.report(HistoryProgress(sum(self._counts.values()), batch.share))

    def finish(self, _nothing: None) -> None:
        """Say what was done."""
        self.reply.finish(
            HistoryImported(
                new=self._counts[HistoryOutcome.NEW],
                grown=self._counts[HistoryOutcome.GROWN],
                known=self._counts[HistoryOutcome.KNOWN],
                first_chat_id=self._first,
                left_out=self._left_out,
                skipped=tuple(self._skipped),
            )
        )

    def fail(self, failure: Failed) -> None:
        """Pass on why nothing more comes."""
        self.reply.fail(failure)


def _read_batches(path: Path, slots: threading.Semaphore, context: FileTaskContext[_Batch]) -> None:
    """Read the chats at a path and hand them over in batches, on the background thread."""
    chats: list[Conversation] = []
    skipped: list[SkippedChat] = []
    weight = 0.0

    def hand_over(share: float) -> None:
        while not slots.acquire(timeout=0.2):
            context.raise_if_cancelled()
        context.report_progress(_Batch(tuple(chats), tuple(skipped), share))
        chats.clear()
        skipped.clear()

    for item, share in read_history(path):
        context.raise_if_cancelled()
        if isinstance(item, SkippedChat):
            skipped.append(item)
            weight += 1 / _BATCH_TURNS
        else:
            chats.append(item)
            letters = sum(len(turn.text) + len(turn.thinking) for turn in item.turns.values())
            weight += len(item.turns) / _BATCH_TURNS + letters / _BATCH_LETTERS
        if weight >= 1:
            hand_over(share)
            weight = 0.0
    hand_over(1.0)
