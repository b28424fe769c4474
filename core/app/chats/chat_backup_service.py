"""Chat backup service: a copy of chats.db a day, while nothing else is done."""

import time
from functools import partial

from core.base.clock import WallClock
from core.base.paths import Paths
from core.chat.answering.running_answers import RunningAnswers
from core.chat.store.chat_backups import is_backup_due, make_backup, remove_backups
from core.chat.store.chat_database import ChatDatabase
from core.models.files.file_task_thread import FileTaskContext, FileTaskThread

_SECONDS_BETWEEN_LOOKS = 60.0


class ChatBackupService:
    """Makes daily copies once `is_enabled`, and erases the traces of what was written over."""

    def __init__(
        self,
        paths: Paths,
        chats: ChatDatabase,
        tasks: FileTaskThread,
        running: RunningAnswers,
        clock: WallClock = time.time,
    ) -> None:
        self._paths = paths
        self._chats = chats
        self._tasks = tasks
        self._running = running
        self._clock = clock
        self._next_look = clock() + _SECONDS_BETWEEN_LOOKS  # not in the first minute of a start
        self.is_enabled = False

    def back_up_when_due(self) -> None:
        """Begin the copy of today if there is none and nothing is being answered."""
        now = self._clock()
        if not self.is_enabled or now < self._next_look or self._running.turn_ids:
            return
        self._next_look = now + _SECONDS_BETWEEN_LOOKS
        if self._tasks.has_tasks:
            return
        self._chats.erase_traces()
        if is_backup_due(self._paths.backups, now):
            self._tasks.submit_task(partial(self._copy, now, self._chats.deletions))

    def _copy(self, now: float, deletions: int, _context: FileTaskContext[None]) -> None:
        """Runs on the thread of tasks; a copy during which a chat was deleted is none."""
        make_backup(self._paths.chats, self._paths.backups, now)
        if self._chats.deletions != deletions:
            remove_backups(self._paths.chats, self._paths.backups)
