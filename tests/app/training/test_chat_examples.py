"""Examples of chats: rated and edited answers as the model read them, and what goes with a chat."""

from collections.abc import Iterator
from typing import Any

import pytest

from core.app.app import App
from core.app.training.chat_examples import EDITED, RATED
from core.app.training.training_job import TrainingExample, TrainingJob
from core.base.paths import Paths
from core.messages import ExampleTokens, TrainingSettings
from tests.fakes.app import FakeChildren
from tests.fakes.models import tiny_gguf


@pytest.fixture
def app(root: Paths) -> Iterator[App]:
    children = FakeChildren()
    children.engine.script = ("An answer [1].",)
    made = children.make_app(root)
    made.open_root()
    path = tiny_gguf().write(root.root.parent / "starter.gguf")
    made.models.choose_model(made.models.add_model(str(path)).ref)
    yield made
    made.close()


def settle(app: App) -> None:
    for _round in range(40):
        app.process_events()


def ask(app: App, text: str, **more: Any) -> tuple[str, str]:
    """Ask, and return the ids of the chat and of the answer."""
    started = app.questions.ask_question(text, **more)
    settle(app)
    return started.chat_id, started.turn_id


def test_rated_and_edited_answers_are_found_with_what_led_to_them(app: App) -> None:
    chat, first = ask(app, "First?")
    app.turns.rate_answer(chat, first, 1)
    _chat, second = ask(app, "Second?", chat_id=chat)
    edited = app.turns.edit_answer(chat, second, "Better.")
    other, third = ask(app, "Third?")
    app.turns.rate_answer(other, third, -1)
    found = app.chat_examples.list_examples()
    assert [(each.question, each.reason) for each in found] == [
        ("First?", RATED),
        ("Second?", EDITED),
    ]
    assert found[1].turn_id == edited.turn_id
    assert found[1].text.answer == "Better."
    assert [turn.text for turn in found[1].text.turns][0::2] == ["First?", "Second?"]


def test_of_versions_the_edited_one_is_learnt_from(app: App) -> None:
    chat, first = ask(app, "First?")
    app.turns.rate_answer(chat, first, 1)
    app.turns.edit_answer(chat, first, "Mine.")
    app.turns.rate_answer(chat, first, 1)
    assert [each.text.answer for each in app.chat_examples.list_examples()] == ["Mine."]


def test_chats_in_the_trash_are_not_learnt_from(app: App) -> None:
    chat, first = ask(app, "First?")
    app.turns.rate_answer(chat, first, 1)
    app.chat_service.trash_chat(chat)
    assert app.chat_examples.list_examples() == ()


def test_a_deleted_chat_takes_an_unfinished_training_along(app: App) -> None:
    chat, first = ask(app, "First?")
    app.turns.rate_answer(chat, first, 1)
    (example,) = app.chat_examples.list_examples()
    tokens = ExampleTokens(tokens=(1, 2), start=1)
    learnt = TrainingExample(text=example.text, tokens=tokens, chat_id=chat)
    job = TrainingJob(
        ref="starter",
        path="",
        name="",
        settings=TrainingSettings(),
        learnt=(learnt,),
        held_out=(),
        expected=(),
        learnt_before=(),
    )
    app.training.store.save_job(job)
    other, _answer = ask(app, "Other?")
    app.chat_service.delete_chat(other)
    settle(app)
    assert app.training.store.unfinished_job() is not None
    app.chat_service.delete_chat(chat)
    settle(app)
    assert app.training.store.unfinished_job() is None
    assert not list(app.paths.training_folder.iterdir())
