"""When chats are copied: once a day, and never while something is answered or done with files."""

from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any, cast

import pytest

from core.app.chats.chat_backup_service import ChatBackupService
from core.base.paths import Paths
from core.chat.answering.running_answers import RunningAnswers
from core.chat.conversations.conversation import Role
from core.chat.store.chat_backups import list_backups
from core.chat.store.chat_database import ChatDatabase
from core.models.files.file_task_thread import FileTaskThread
from tests.chat.saved_chats import done_turn

NOON = 1_764_676_800.0
"""Of 2 December 2025."""


class Tasks:
    """Does each task at once."""

    has_tasks = False

    def __init__(self) -> None:
        self.before: Callable[[], object] = lambda: None
        """What happens after a task was submitted and before it is done."""

    def submit_task(self, task: Any) -> None:
        """Do it."""
        self.before()
        task(None)


class Stage:
    """The service over real chats, with a clock that is set by hand."""

    def __init__(self, root: Paths) -> None:
        self.now = NOON
        self.running, self.tasks = SimpleNamespace(turn_ids=()), Tasks()
        self.chats = ChatDatabase(root.chats, root.backups)
        self.service = ChatBackupService(
            root,
            self.chats,
            cast("FileTaskThread", self.tasks),
            cast("RunningAnswers", self.running),
            lambda: self.now,
        )
        self.service.is_enabled = True
        self._folder = root.backups

    def copies_after(self, seconds: float) -> list[str]:
        """Return the copies there are once so many seconds have passed."""
        self.now += seconds
        self.service.back_up_when_due()
        return [path.name for path in list_backups(self._folder)]


@pytest.fixture
def stage(root: Paths) -> Iterator[Stage]:
    root.create_folders()
    made = Stage(root)
    yield made
    made.chats.close()


def test_a_copy_is_made_once_a_day_after_the_first_minute(stage: Stage) -> None:
    assert stage.copies_after(59.0) == []
    assert stage.copies_after(2.0) == ["chats-2025-12-02.db"]
    assert stage.copies_after(3600.0) == ["chats-2025-12-02.db"]
    assert stage.copies_after(86_400.0) == ["chats-2025-12-03.db", "chats-2025-12-02.db"]


def test_no_copy_is_made_beside_an_answer_or_another_task(stage: Stage) -> None:
    stage.running.turn_ids = ("1",)
    assert stage.copies_after(61.0) == []
    stage.running.turn_ids = ()
    stage.tasks.has_tasks = True
    assert stage.copies_after(61.0) == []
    stage.tasks.has_tasks = False
    stage.service.is_enabled = False
    assert stage.copies_after(61.0) == []
    stage.service.is_enabled = True
    assert stage.copies_after(61.0) == ["chats-2025-12-02.db"]


def test_a_chat_that_is_deleted_while_it_is_copied_is_in_no_copy(stage: Stage) -> None:
    chat = stage.chats.new_conversation("Secret")
    question = done_turn("q", None, Role.USER, "A secret?")
    stage.chats.save_turns(chat.with_turn(question), [question])
    stage.tasks.before = lambda: stage.chats.delete_chat(chat.chat_id)
    assert stage.copies_after(61.0) == []
    stage.tasks.before = lambda: None
    assert stage.copies_after(61.0) == ["chats-2025-12-02.db"]
