"""Chat backup service: a copy of chats.db a day, while nothing else is done."""

import time
from collections.abc import Callable
from functools import partial

from core.base.paths import Paths
from core.chat.answering.running_answers import RunningAnswers
from core.chat.store.chat_backups import is_backup_due, make_backup
from core.models.files.file_task_thread import FileTaskContext, FileTaskThread

_SECONDS_BETWEEN_LOOKS = 60.0


class ChatBackupService:
    """Makes daily copies once `is_enabled`; what is thrown away is thrown away in them, too."""

    def __init__(
        self,
        paths: Paths,
        tasks: FileTaskThread,
        running: RunningAnswers,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._paths = paths
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
        if not self._tasks.has_tasks and is_backup_due(self._paths.backups, now):
            self._tasks.submit_task(partial(_copy, self._paths, now))


def _copy(paths: Paths, now: float, _context: FileTaskContext[None]) -> None:
    make_backup(paths.chats, paths.backups, now)
