"""Two chats with the real model at once: both stream, each is stopped and saved by itself."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from core.app.events.app_events import AnswerFailed, AnswerFinished, AnswerTextAdded
from core.base.paths import Paths
from core.base.settings import app_settings as declared
from core.chat.conversations.conversation import TurnState
from tests.end2end.person import HARMLESS, Person

pytestmark = pytest.mark.qt_log_ignore(HARMLESS, extend=True)

STORY = "Tell me a very long story about {}."


def chat_of(person: Person, event: type[AnswerTextAdded], after: int) -> set[str]:
    """Return the chats that events of a kind spoke of since a place in what was told."""
    return {each.chat_id for each in person.told[after:] if isinstance(each, event)}


def ask_in_a_new_chat(person: Person, about: str) -> str:
    """Ask for a story and wait for its first words; returns the chat."""
    QTest.keyClick(person.window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    seen = len(person.told)
    person.type_question(STORY.format(about))
    chat_id = person.window.controllers.chat.chat_id
    person.wait_until(lambda: chat_id in chat_of(person, AnswerTextAdded, seen))
    return chat_id


def both_stream(person: Person, *chats: str) -> None:
    seen = len(person.told)
    person.wait_until(lambda: chat_of(person, AnswerTextAdded, seen) == set(chats))


def test_two_chats_stream_at_once(arrive: Callable[[], Person], root: Paths) -> None:
    person = arrive()
    # At 0 these stories are the same each time, and some hundred tokens long.
    person.app.settings.override_value(declared.TEMPERATURE, 0.0)
    sea = ask_in_a_new_chat(person, "the sea")
    moon = ask_in_a_new_chat(person, "the moon")
    both_stream(person, sea, moon)
    assert person.window.controllers.chat.running_answers.chat_ids == {sea, moon}

    QTest.keyClick(person.window.view.composer.text_edit, Qt.Key.Key_Escape)
    stopped = person.wait(AnswerFinished, AnswerFailed)
    assert isinstance(stopped, AnswerFinished)
    assert (stopped.chat_id, stopped.statistics.stop) == (moon, "cancelled")
    both_stream(person, sea)

    person.window.controllers.chat.open_chat(sea)
    so_far = "".join(
        event.text
        for event in person.told
        if isinstance(event, AnswerTextAdded) and event.chat_id == sea
    )
    assert so_far.split()[0] in person.shown()

    stars = ask_in_a_new_chat(person, "the stars")
    both_stream(person, sea, stars)
    again = arrive()
    for chat in (sea, stars):
        turn = again.app.chats.load_conversation(chat).path()[-1]
        assert turn.state is TurnState.CANCELLED
        assert turn.text
    again.app.chat_service.delete_chat(stars)
    assert stars not in {folder.name for folder in root.states.iterdir()}
