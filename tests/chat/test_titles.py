"""A title of the model's is taken only if it is one."""

from collections.abc import Iterator

import pytest

from core.base.paths import Paths
from core.chat.conversations.chat_titles import accepted_title, title_request
from core.chat.conversations.conversation import Conversation
from core.chat.store.chat_database import ChatDatabase
from tests.chat.talk import say


@pytest.fixture
def chat(root: Paths) -> Iterator[Conversation]:
    store = ChatDatabase(root.chats, root.backups)
    yield say(store, "When do I water the long beds?", "Every second Friday before nine.")
    store.close()


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("Watering the long beds", "Watering the long beds"),
        ('Title: "Watering the Long Beds"\n\nIt is…', "Watering the Long Beds"),
        ("**Titel:** Long beds.", "Long beds"),
        ("# Watering beds", "Watering beds"),
        ("", ""),
        ("\n\n", ""),
        ("The capital of France", ""),
        ("Every second Friday", ""),
        ("When do I water the long beds", ""),
        ("I am happy to help you with that. Watering beds.", ""),
        ("watering " * 20, ""),
        ("Beds " * 9, ""),
        ("I can't water the beds", ""),
        ("As an AI I don't water beds", ""),
        ("Every second Friday, nine o'clock", ""),
        ("Iris beds and watering", "Iris beds and watering"),
        ("Beds " * 10, ""),
        ("...", ""),
        ("The", ""),
        ("The beds to water are", ""),
        ("Watering the", ""),
    ],
)
def test_only_a_title_about_the_chat_is_taken(chat: Conversation, written: str, title: str) -> None:
    assert accepted_title(written, chat, cut_off=False) == title


def test_a_title_that_was_cut_off_is_none(chat: Conversation) -> None:
    assert accepted_title("Watering the long", chat, cut_off=True) == ""
    assert accepted_title("Watering beds\nand", chat, cut_off=True) == "Watering beds"


def test_the_request_is_short_and_leaves_no_state(root: Paths) -> None:
    store = ChatDatabase(root.chats, root.backups)
    asked = "When do I water the long beds, and who else has a key to the shed?"
    request = title_request(say(store, asked, "Every second Friday."), "r")
    store.close()
    assert request is not None
    assert request.max_tokens <= 32
    assert not request.state_folder
    assert "long beds" in request.turns[-1].text


@pytest.mark.parametrize(
    ("question", "wanted"),
    [("How many documents are there?", False), ("hi", True), ("What is it?\nLong beds", True)],
)
def test_a_short_question_names_its_chat_itself(root: Paths, question: str, wanted: bool) -> None:
    store = ChatDatabase(root.chats, root.backups)
    request = title_request(say(store, question, "There are 47 documents."), "r")
    store.close()
    assert (request is not None) is wanted


def test_without_an_answer_there_is_nothing_to_name(root: Paths) -> None:
    store = ChatDatabase(root.chats, root.backups)
    assert title_request(store.new_conversation("t"), "r") is None
    assert title_request(say(store, "a question"), "r") is None
    store.close()
