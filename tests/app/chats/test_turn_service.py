"""Single turns: again, further, edited, stepped through, branched, deleted, taken back, rated."""

import sqlite3

import pytest
from msgspec import structs

from core.app.chats.ask_options import AskOptions
from core.app.events.app_events import AnswerStage, AnswerStarted
from core.base.errors import ErrorCode, ModelError
from core.base.paths import Paths
from core.chat.conversations import turn_tree
from core.chat.conversations.conversation import (
    Conversation,
    ConversationSummary,
    TurnState,
)
from core.chat.store.chat_database import ChatDatabase
from core.messages import Adapter, AnswerChunk
from tests.app.stage import HIT, Stage


@pytest.fixture
def stage(stage: Stage) -> Stage:
    stage.loaded()
    return stage


def asked(stage: Stage, text: str, answer: str, chat_id: str | None = None) -> AnswerStarted:
    started = stage.app.questions.ask_question(text, chat_id=chat_id)
    stage.engine.answer(answer)
    stage.app.process_events()
    return started


def chat_of(stage: Stage, started: AnswerStarted) -> Conversation:
    return stage.app.chat_service.load_chat(started.chat_id)


def words(stage: Stage, started: AnswerStarted) -> list[str]:
    return [turn.text for turn in chat_of(stage, started).path()]


def test_again_keeps_both_answers_and_the_model_sees_neither(stage: Stage) -> None:
    first = asked(stage, "When?", "On Friday.")
    second = stage.app.turns.regenerate_answer(first.chat_id, first.turn_id)
    assert [turn.text for turn in stage.engine.generated[-1].turns] == ["sent"]
    stage.engine.answer("On Monday.")
    stage.app.process_events()
    assert words(stage, first) == ["When?", "On Monday."]
    chat = chat_of(stage, first)
    assert turn_tree.turn_versions(chat, second.turn_id) == (first.turn_id, second.turn_id)
    assert turn_tree.shown_versions(chat) == {second.turn_id: (2, 2)}
    stage.app.turns.show_version(first.chat_id, second.turn_id, -1)
    assert words(stage, first) == ["When?", "On Friday."]


def test_an_answer_goes_on_where_it_ended(stage: Stage) -> None:
    started = stage.app.questions.ask_question("Tell me", chat_id=None)
    request_id = stage.engine.generated[-1].request_id
    stage.engine.answer("Once upon")
    stage.app.process_events()
    further = stage.app.turns.continue_answer(started.chat_id, started.turn_id)
    assert further.turn_id == started.turn_id == request_id
    assert stage.engine.generated[-1].begun == "Once upon"
    assert chat_of(stage, started).turns[started.turn_id].state is TurnState.STREAMING
    stage.engine.answer(" a time.")
    stage.app.process_events()
    assert words(stage, started) == ["Tell me", "Once upon a time."]


def test_going_on_keeps_the_passages_and_the_folders(stage: Stage) -> None:
    started = stage.app.questions.ask_question("When?", AskOptions(folder_ids=("f",)))
    stage.found(HIT)
    stage.engine.answer("The beds are watered")
    stage.app.process_events()
    before = chat_of(stage, started).turns[started.turn_id].sources
    assert before
    stage.app.turns.continue_answer(started.chat_id, started.turn_id)
    assert stage.engine.generated[-1].sources == ()
    assert stage.engine.generated[-1].turns[-1].text == "sent"
    assert stage.engine.generated[-1].turns[-1].plain == ""
    stage.engine.answer(" every Friday.")
    stage.app.process_events()
    after = chat_of(stage, started)
    assert after.turns[started.turn_id].sources == before
    assert after.turns[started.turn_id].citations, "the whole sentence is judged"
    assert after.folder_ids == ("f",)


def test_a_question_in_other_words_is_a_branch(stage: Stage) -> None:
    first = asked(stage, "When?", "On Friday.")
    asked(stage, "Who?", "Bob.", first.chat_id)
    stage.app.turns.edit_question(first.chat_id, first.question_id, "Where?")
    stage.engine.answer("Behind the shed.")
    stage.app.process_events()
    assert words(stage, first) == ["Where?", "Behind the shed."]
    question = chat_of(stage, first).path()[0]
    stage.app.turns.show_version(first.chat_id, question.turn_id, -1)
    assert words(stage, first) == ["When?", "On Friday.", "Who?", "Bob."], "nothing was lost"


def test_an_edited_answer_is_what_the_model_reads(stage: Stage) -> None:
    first = asked(stage, "When?", "On Friday.")
    edited = stage.app.turns.edit_answer(first.chat_id, first.turn_id, "On Monday.")
    assert words(stage, first) == ["When?", "On Monday."]
    stage.app.questions.ask_question("Sure?", chat_id=first.chat_id)
    assert "On Monday." in [turn.text for turn in stage.engine.generated[-1].turns]
    assert edited.note
    assert chat_of(stage, first).turns[first.turn_id].text == "On Friday."


def test_a_branch_is_a_chat_of_its_own(stage: Stage) -> None:
    first = asked(stage, "When?", "On Friday.")
    asked(stage, "Who?", "Bob.", first.chat_id)
    branch = stage.app.turns.branch_chat(first.chat_id, first.turn_id)
    copy = stage.app.chat_service.load_chat(branch)
    assert [turn.text for turn in copy.path()] == ["When?", "On Friday."]
    assert not copy.turns.keys() & chat_of(stage, first).turns.keys()
    assert words(stage, first) == ["When?", "On Friday.", "Who?", "Bob."]


def test_a_branch_has_the_adapters_and_those_summaries_whose_turns_it_has(stage: Stage) -> None:
    first = asked(stage, "When?", "On Friday.")
    second = asked(stage, "Who?", "Bob.", first.chat_id)
    chat = chat_of(stage, first)
    for number, last in enumerate((first.turn_id, second.turn_id)):
        text = f"summary {number}"
        chat = chat.with_summary(
            ConversationSummary(
                summary_id=text, last_id=last, turns=2 + 2 * number, text=text, created=0.0
            )
        )
    adapters = (Adapter(path="/a.gguf", scale=0.5),)
    stage.app.chats.save_turns(structs.replace(chat, adapters=adapters), tuple(chat.path()))
    copy = stage.app.chats.load_conversation(
        stage.app.turns.branch_chat(first.chat_id, first.turn_id)
    )
    assert copy.adapters == adapters
    assert [each.text for each in copy.summaries] == ["summary 0"]
    assert copy.summaries[0].last_id == copy.path()[-1].turn_id


def test_beyond_the_first_and_the_last_version_none_is_shown(stage: Stage) -> None:
    first = asked(stage, "When?", "On Friday.")
    second = stage.app.turns.regenerate_answer(first.chat_id, first.turn_id)
    stage.engine.answer("On Monday.")
    stage.app.process_events()
    stage.app.turns.show_version(first.chat_id, second.turn_id, 1)
    assert words(stage, first) == ["When?", "On Monday."]
    stage.app.turns.show_version(first.chat_id, second.turn_id, -9)
    assert words(stage, first) == ["When?", "On Friday."]


def test_a_question_that_can_t_be_asked_in_other_words_leaves_the_chat_as_it_was(
    stage: Stage,
) -> None:
    first = asked(stage, "When?", "On Friday.")
    with pytest.raises(ModelError) as caught:
        stage.app.turns.edit_question(
            first.chat_id, first.question_id, "Where?", AskOptions(model="nobody")
        )
    assert caught.value.code == ErrorCode.MODEL_UNKNOWN
    assert words(stage, first) == ["When?", "On Friday."]


def test_an_answer_whose_model_is_gone_goes_on_with_another(stage: Stage) -> None:
    started = asked(stage, "Tell me", "Once upon")
    chat = chat_of(stage, started)
    answer = structs.replace(chat.turns[started.turn_id], model="a-model-of-old")
    stage.app.chats.save_turns(chat.with_turn(answer), (answer,))
    stage.app.turns.continue_answer(started.chat_id, started.turn_id)
    assert stage.engine.generated[-1].begun == "Once upon"


@pytest.mark.parametrize("temporary", [False, True])
def test_a_deleted_question_goes_with_its_answer_and_comes_back(
    stage: Stage, temporary: bool
) -> None:
    first = stage.app.questions.ask_question("When?", AskOptions(temporary=temporary))
    stage.engine.answer("On Friday.")
    stage.app.process_events()
    second = asked(stage, "Who?", "Bob.", first.chat_id)
    asked(stage, "Why?", "Because.", first.chat_id)
    stage.app.turns.rate_answer(first.chat_id, second.turn_id, -1, "wrong name")
    removed = stage.app.turns.delete_turn(first.chat_id, second.question_id)
    assert words(stage, first) == ["When?", "On Friday.", "Why?", "Because."]
    stage.app.turns.restore_turn(removed)
    assert words(stage, first) == ["When?", "On Friday.", "Who?", "Bob.", "Why?", "Because."]
    assert chat_of(stage, first).turns[second.turn_id].rating_note == "wrong name"


def test_a_deleted_version_leaves_what_followed_to_another(stage: Stage) -> None:
    first = asked(stage, "When?", "On Friday.")
    second = stage.app.turns.regenerate_answer(first.chat_id, first.turn_id)
    stage.engine.answer("On Monday.")
    stage.app.process_events()
    asked(stage, "Sure?", "Yes.", first.chat_id)
    stage.app.turns.delete_turn(first.chat_id, second.turn_id)
    assert words(stage, first) == ["When?", "On Friday.", "Sure?", "Yes."]


def test_the_last_answer_alone_can_go(stage: Stage) -> None:
    first = asked(stage, "When?", "On Friday.")
    stage.app.turns.delete_turn(first.chat_id, first.turn_id)
    assert words(stage, first) == ["When?"]
    stage.app.turns.delete_turn(first.chat_id, first.question_id)
    assert words(stage, first) == []


def test_details_tell_what_was_sent_and_what_was_cut(stage: Stage) -> None:
    started = stage.app.questions.ask_question("When?", AskOptions(folder_ids=("f",)))
    stage.found(HIT, structs.replace(HIT, rank=2, passage_id=2, text="Another.", score=0.8))
    request = stage.engine.generated[-1]
    stage.engine.answer("On Friday.", sources_used=(1,), prompt="<|user|>When?")
    stage.app.process_events()
    details = stage.app.turns.answer_details(started.chat_id, started.turn_id)
    assert details.question.text == "When?"
    assert details.prompt is not None
    assert details.prompt.text == "<|user|>When?"
    assert [source.text for source in details.prompt.cut] == ["Another."]
    assert details.prompt.sampling == request.sampling
    assert details.answer.statistics.context == 2048


def test_an_engine_that_was_ended_begins_the_answer_anew(stage: Stage) -> None:
    started = stage.app.questions.ask_question("When?")
    request_id = stage.engine.generated[-1].request_id
    stage.engine.deliver(AnswerChunk(request_id=request_id, text="On F"))
    stage.app.process_events()
    stage.engine.answer("On Friday.")
    stage.app.process_events()
    stages = [event.stage for event in stage.of(AnswerStage) if event.turn_id == started.turn_id]
    assert stages.index("writing") < len(stages) - 1 - stages[::-1].index("reading")
    assert words(stage, started) == ["When?", "On Friday."]


def test_a_database_from_before_opens_with_all_its_turns(root: Paths) -> None:
    chats = ChatDatabase(root.chats, root.backups)
    chats.close()
    old = sqlite3.connect(root.chats)
    with old:
        old.execute("PRAGMA legacy_alter_table = ON")
        old.execute("DROP TABLE sent_prompts")
        old.execute("ALTER TABLE turns DROP COLUMN rating")
        old.execute("ALTER TABLE turns DROP COLUMN rating_note")
        old.execute("DELETE FROM migrations WHERE name IN (?, ?)",
                    ("2026-11-ratings", "2026-11-sent-prompts"))  # fmt: skip
        old.execute("INSERT INTO chats (chat_id, title, created, updated, leaf_id)"
                    " VALUES ('c', 'Old', 0, 0, 't')")  # fmt: skip
        old.execute(
            "INSERT INTO turns (turn_id, chat_id, role, state, created, text, raw, sent, token_ids,"
            " fingerprint, model, statistics, note)"
            " VALUES ('t', 'c', 'user', 'done', 0, 'Hello', '', '', x'90', '', '', '{}', '')"
        )
    old.close()
    chats = ChatDatabase(root.chats, root.backups)
    (turn,) = chats.load_conversation("c").path()
    assert (turn.text, turn.rating, turn.rating_note) == ("Hello", 0, "")
    assert chats.branches.sent_prompt("t") is None
    chats.close()


def test_what_followed_another_version_is_shown_when_its_question_goes(stage: Stage) -> None:
    first = asked(stage, "When?", "On Friday.")
    asked(stage, "Sure?", "Yes.", first.chat_id)
    stage.app.turns.regenerate_answer(first.chat_id, first.turn_id)
    stage.engine.answer("On Monday.")
    stage.app.process_events()
    assert words(stage, first) == ["When?", "On Monday."]
    removed = stage.app.turns.delete_turn(first.chat_id, first.question_id)
    assert words(stage, first) == ["Sure?", "Yes."]
    stage.app.turns.restore_turn(removed)
    assert words(stage, first) == ["When?", "On Monday."]


def test_stepping_keeps_what_came_of_a_temporary_answer(stage: Stage) -> None:
    first = stage.app.questions.ask_question("When?", AskOptions(temporary=True))
    stage.engine.answer("On Friday.")
    stage.app.process_events()
    second = stage.app.turns.regenerate_answer(first.chat_id, first.turn_id)
    request_id = stage.engine.generated[-1].request_id
    stage.engine.deliver(AnswerChunk(request_id=request_id, text="On Mon"))
    stage.app.process_events()
    stage.app.turns.show_version(first.chat_id, second.turn_id, -1)
    left = chat_of(stage, first).turns[second.turn_id]
    assert (left.text, left.state) == ("On Mon", TurnState.CANCELLED)
