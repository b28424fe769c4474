"""Attachments and variations: pasted files, models used last, proven answers, tasks on files."""

from pathlib import Path

import pytest
from msgspec import structs

from core.app.chats.ask_options import AskOptions
from core.base.settings.app_settings import ONLY_PROVEN
from core.chat.conversations.chat_style import ChatStyle
from core.chat.store.attachment_store import AttachmentStore, attachment_title
from tests.app.stage import Stage


@pytest.fixture
def stage(stage: Stage) -> Stage:
    stage.loaded()
    return stage


def test_an_attachment_has_a_title_and_goes_when_nothing_names_it(tmp_path: Path) -> None:
    store = AttachmentStore(tmp_path / "attachments")
    kept, dropped = store.save_text("words"), store.save_picture(b"png", 4, 3)
    assert attachment_title(kept) == "Pasted text (5 B)"
    assert attachment_title(dropped) == "Pasted picture (4 × 3)"
    assert attachment_title(str(tmp_path / "notes.txt")) == ""
    store.remove_unused(lambda: {kept})
    assert Path(kept).read_text() == "words"
    assert not Path(dropped).parent.exists()


def test_an_attachment_stays_while_another_chat_asked_about_it(tmp_path: Path) -> None:
    store = AttachmentStore(tmp_path / "attachments")
    path = store.save_text("words")
    for chat in ("one", "other"):
        store.note_files(chat, (path, "/home/a.txt"))
    store.remove_of_chat("one", (), frozenset)
    assert Path(path).exists()
    store.remove_of_chat("other", (), frozenset)
    assert not Path(path).exists()


def test_the_disk_is_not_searched_for_what_is_not_there(tmp_path: Path) -> None:
    AttachmentStore(tmp_path / "none").remove_unused(lambda: pytest.fail("asked for nothing"))


def test_the_models_used_last_come_from_answers(stage: Stage) -> None:
    assert stage.app.chats.recent_models(5) == ()
    started = stage.app.questions.ask_question("When?")
    assert stage.app.chats.recent_models(5) == (started.model,)


def test_a_chat_says_whether_only_proven_is_wanted(stage: Stage) -> None:
    stage.app.settings.set_value(ONLY_PROVEN, value=True)
    started = stage.app.questions.ask_question(
        "When?", AskOptions(chat_style=ChatStyle(only_proven=False))
    )
    chat = stage.app.chats.load_conversation(started.chat_id)
    assert chat.chat_style.only_proven is False
    assert structs.replace(chat.chat_style, only_proven=None) == ChatStyle()


def test_a_task_on_a_file_that_was_just_added_reads_it(stage: Stage) -> None:
    started = stage.app.questions.ask_question("When?")
    stage.engine.answer("On Friday.")
    stage.app.process_events()
    again = stage.app.questions.ask_question(
        "Summarise this", AskOptions(files=("/a/pasted.txt",)), chat_id=started.chat_id
    )
    assert again.intent == "question", "of the chat before, it would be a task"


def test_an_answer_is_varied_once(stage: Stage) -> None:
    started = stage.app.questions.ask_question("When?")
    stage.engine.answer("On Friday.")
    stage.app.process_events()
    varied = AskOptions(preset="creative", max_tokens=7)
    stage.app.turns.regenerate_answer(started.chat_id, started.turn_id, varied)
    request = stage.engine.generated[-1]
    assert (request.sampling.temperature, request.max_tokens) == (1.0, 7)
