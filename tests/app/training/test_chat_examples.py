"""Examples of chats: rated and edited answers as the model read them, and what goes with a chat."""

from collections.abc import Iterator
from typing import Any

import pytest

from core.app.app import App
from core.app.chats.ask_options import AskOptions
from core.app.training.chat_examples import EDITED, RATED
from core.app.training.training_job import TrainingExample, TrainingJob
from core.base.errors import ErrorCode
from core.base.paths import Paths
from core.messages import ExampleText, ExampleTokens, TrainingSettings
from tests.fakes.app import FakeChildren
from tests.fakes.models import tiny_gguf


@pytest.fixture
def children() -> FakeChildren:
    made = FakeChildren()
    made.engine.script = ("An answer [1].",)
    return made


def open_app(root: Paths, children: FakeChildren) -> App:
    made = children.make_app(root)
    made.open_root()
    return made


@pytest.fixture
def app(root: Paths, children: FakeChildren) -> Iterator[App]:
    made = open_app(root, children)
    path = tiny_gguf().write(root.root.parent / "starter.gguf")
    made.models.choose_model(made.models.add_model(str(path)).ref)
    yield made
    made.close()


def settle(app: App) -> None:
    for _round in range(40):
        app.process_events()


def ask(app: App, text: str, *, chat_id: str | None = None, **more: Any) -> tuple[str, str]:
    """Ask, and return the ids of the chat and of the answer."""
    started = app.questions.ask_question(text, AskOptions(**more), chat_id=chat_id)
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


def test_an_edited_answer_that_was_rated_badly_is_not_learnt_from(app: App) -> None:
    chat, first = ask(app, "First?")
    edited = app.turns.edit_answer(chat, first, "Mine.")
    app.turns.rate_answer(chat, edited.turn_id, -1)
    assert app.chat_examples.list_examples() == ()


def test_chats_in_the_trash_are_not_learnt_from(app: App) -> None:
    chat, first = ask(app, "First?")
    app.turns.rate_answer(chat, first, 1)
    app.chat_service.trash_chat(chat)
    assert app.chat_examples.list_examples() == ()


def job_of(app: App, chat: str) -> TrainingJob:
    (example,) = app.chat_examples.list_examples()
    tokens = ExampleTokens(tokens=(1, 2), start=1)
    learnt = TrainingExample(text=example.text, tokens=tokens, chat_id=chat)
    return TrainingJob(
        ref="starter",
        path="",
        name="",
        settings=TrainingSettings(),
        learnt=(learnt,),
        held_out=(),
        expected=(),
        learnt_before=(),
    )


def test_a_deleted_chat_takes_an_unfinished_training_along(app: App) -> None:
    chat, first = ask(app, "First?")
    app.turns.rate_answer(chat, first, 1)
    app.training.store.save_job(job_of(app, chat))
    other, _answer = ask(app, "Other?")
    app.chat_service.delete_chat(other)
    settle(app)
    assert app.training.store.unfinished_job() is not None
    app.chat_service.delete_chat(chat)
    settle(app)
    assert app.training.store.unfinished_job() is None
    assert not list(app.paths.training_folder.iterdir())


def test_a_chat_that_was_deleted_before_a_kill_is_forgotten_at_the_start(
    root: Paths, children: FakeChildren
) -> None:
    app = open_app(root, children)
    path = tiny_gguf().write(root.root.parent / "starter.gguf")
    app.models.choose_model(app.models.add_model(str(path)).ref)
    chat, first = ask(app, "First?")
    app.turns.rate_answer(chat, first, 1)
    job = job_of(app, chat)
    app.chat_service.delete_chat(chat)
    settle(app)
    app.training.store.save_job(job)  # as if the kill had come before it was discarded
    app.close()
    again = open_app(root, children)
    assert again.training.store.unfinished_job() is None
    again.close()


def chosen(app: App, count: int) -> list[tuple[ExampleText, str]]:
    """Rate the answers of so many chats; return them as a training gets them."""
    for number in range(count):
        chat, answer = ask(app, f"Question {number}?")
        app.turns.rate_answer(chat, answer, 1)
    return [(each.text, each.chat_id) for each in app.chat_examples.list_examples("starter")]


def test_a_chat_that_is_deleted_while_examples_are_read_ends_the_training(
    app: App, children: FakeChildren
) -> None:
    examples = chosen(app, 8)
    children.examples.reads_at_once = False
    job = app.training.train("starter", examples, TrainingSettings())
    settle(app)
    app.chat_service.delete_chat(examples[0][1])
    children.examples.reads_at_once = True
    settle(app)
    assert job.failure is not None
    assert job.failure.code == ErrorCode.CANCELLED
    assert app.training.store.unfinished_job() is None
    assert not app.training.is_busy


def test_a_training_after_a_lost_one_is_kept_when_it_is_stopped(
    app: App, children: FakeChildren
) -> None:
    examples = chosen(app, 9)
    app.training.train("starter", examples, TrainingSettings())
    settle(app)
    app.chat_service.delete_chat(examples[0][1])
    settle(app)
    assert app.training.store.unfinished_job() is None
    again = app.training.train("starter", examples[1:], TrainingSettings())
    settle(app)
    again.cancel()
    settle(app)
    assert app.training.store.unfinished_job() is not None
