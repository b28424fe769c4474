"""Fixtures: a database of chats, and a bench on which one answer runs."""

from collections.abc import Iterator

import pytest

from core.base.paths import Paths
from core.chat.store.chat_database import ChatDatabase
from tests.chat.answer_bench import AnswerBench


@pytest.fixture
def chats(root: Paths) -> Iterator[ChatDatabase]:
    store = ChatDatabase(root.chats, root.backups)
    yield store
    store.close()


@pytest.fixture
def bench(root: Paths) -> Iterator[AnswerBench]:
    made = AnswerBench(root)
    made.load()
    yield made
    made.chats.close()
