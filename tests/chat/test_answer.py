"""The course of one question over scripted children: every way it can go and end."""

import pytest
from msgspec import structs

from core.base.errors import ErrorCode, StorageError
from core.chat.answering import retrieval_context
from core.chat.answering.answer_draft import SAVE_SECONDS, ComposedAnswer
from core.chat.answering.answer_events import (
    AnswerFailed,
    AnswerFinished,
    AnswerSources,
    AnswerStage,
    AnswerStarted,
    AnswerTextAdded,
    AnswerThinkingAdded,
)
from core.chat.answering.answer_run import AnswerRun
from core.chat.answering.turn_conversion import sources_from_hits
from core.chat.answering.turn_conversion import turns_for_model as said_before
from core.chat.conversations.conversation import TurnState
from core.chat.intent.message_intent import Intent, message_intent
from core.messages import AnswerChunk, AnswerDone, Failed, LoadModel, ThinkingChunk
from tests.chat.answer_bench import AnswerBench, done, fitted, hit


def test_a_plain_question(bench: AnswerBench) -> None:
    answer = bench.ask()
    assert answer.is_computing
    bench.engine_says(fitted(answer))
    bench.engine_says(AnswerChunk(request_id=answer.turn_id, text="On "))
    bench.engine_says(AnswerChunk(request_id=answer.turn_id, text="Friday."))
    bench.engine_says(done(answer, "On Friday."))
    assert bench.kinds() == [AnswerStarted, AnswerTextAdded, AnswerTextAdded, AnswerFinished]
    assert answer.has_ended
    saved = bench.saved(answer)
    assert (saved.state, saved.text, saved.token_ids) == (TurnState.DONE, "On Friday.", (1, 2))
    assert saved.fingerprint == "print"
    assert not answer.is_computing


def test_a_plain_chat_waits_for_no_rules_about_documents(
    bench: AnswerBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    understood: list[str] = []

    def message_intent_noted(text: str, *, has_history: bool) -> Intent:
        understood.append(text)
        return message_intent(text, has_history=has_history)

    monkeypatch.setattr(retrieval_context, "message_intent", message_intent_noted)
    bench.ask("How many files are there?")
    assert not understood
    bench.ask("How many files are there?", folder_ids=("f",))
    assert understood == ["How many files are there?"]


def test_a_question_to_a_folder_is_cited(bench: AnswerBench) -> None:
    answer = bench.ask(folder_ids=("f",))
    passage = "The long beds are watered every second Friday."
    bench.found(hit(1, passage))
    assert bench.generated[0].sources[0].label == "duties.odt, § 4"
    bench.engine_says(fitted(answer, (1,), sent="passages and question"))
    bench.engine_says(done(answer, "The long beds are watered every second Friday [7]."))
    finished = bench.told[-1]
    assert isinstance(finished, AnswerFinished)
    assert finished.text == "The long beds are watered every second Friday."
    assert [c.n for c in finished.citations] == [1]
    assert finished.sources[0].folder == "Garden"
    turns = bench.chats.load_conversation(answer.draft.conversation.chat_id).path()
    assert turns[0].sent == "passages and question"
    assert turns[1].sources[0].text == passage


def test_what_is_shown_of_a_widened_passage_is_what_was_judged(bench: AnswerBench) -> None:
    answer = bench.ask("When is the gate closed?", folder_ids=("f",))
    section = (
        "The garden has two gates. " + "Nobody lives there. " * 30 + "The gate closes at nine."
    )
    bench.found(structs.replace(hit(1, "The garden has two gates."), section=section))
    bench.engine_says(fitted(answer, (1,), sources_widened=(1,)))
    bench.engine_says(done(answer, "The gate closes at nine."))
    for turn in (bench.told[-1], bench.saved(answer)):
        (source,), (citation,) = turn.sources, turn.citations
        said = source.text[citation.source_start : citation.source_end]
        assert said == "The gate closes at nine."
        assert len(source.text) < 100


def test_nothing_found_is_said_and_the_model_not_asked(bench: AnswerBench) -> None:
    answer = bench.ask(folder_ids=("f",))
    bench.found()
    assert bench.kinds() == [AnswerStarted, AnswerSources, AnswerFinished]
    assert "Garden" in bench.told[-1].text
    assert bench.generated == []
    assert bench.saved(answer).state is TurnState.DONE


def test_a_failed_search_is_not_called_nothing_found(bench: AnswerBench) -> None:
    answer = bench.ask(folder_ids=("f",))
    request_id = bench.searches[-1].request_id
    bench.library_says(Failed(request_id=request_id, code=ErrorCode.LIBRARY_DIED))
    assert isinstance(bench.told[-1], AnswerFailed)
    assert bench.told[-1].problem.code == ErrorCode.LIBRARY_DIED
    assert bench.saved(answer).state is TurnState.FAILED


def test_the_model_is_loaded_first(bench: AnswerBench) -> None:
    bench.unload()
    bench.ask()
    assert bench.generated == []
    bench.finish_loading()
    assert len(bench.generated) == 1


def test_the_model_is_loaded_while_documents_are_searched(bench: AnswerBench) -> None:
    bench.unload()
    answer = bench.ask(folder_ids=("f",))
    assert answer.holds_engine
    bench.finish_loading()
    assert bench.generated == []
    bench.found(hit(1, "On Friday."))
    assert len(bench.generated) == 1
    assert len(bench.engine.all_sent(LoadModel)) == 2, "the first one of this test, and this"


@pytest.mark.parametrize("ends", ["failed", "cancelled"])
def test_a_load_that_ended_beside_the_search_ends_the_answer(bench: AnswerBench, ends: str) -> None:
    bench.unload()
    answer = bench.ask(folder_ids=("f",))
    request_id = bench.engine.last_sent(LoadModel).request_id
    if ends == "failed":
        bench.engine_says(Failed(request_id=request_id, code=ErrorCode.MODEL_UNREADABLE))
    else:
        bench.engine_says(AnswerDone(request_id=request_id, stop="cancelled"))
    assert not answer.has_ended
    bench.found(hit(1, "On Friday."))
    assert answer.has_ended
    assert len(bench.engine.all_sent(LoadModel)) == 2, "not tried again"
    state = TurnState.FAILED if ends == "failed" else TurnState.CANCELLED
    assert bench.saved(answer).state is state


def test_a_failed_load_does_not_matter_where_nothing_is_found(bench: AnswerBench) -> None:
    bench.unload()
    bench.ask(folder_ids=("f",))
    request_id = bench.engine.last_sent(LoadModel).request_id
    bench.engine_says(Failed(request_id=request_id, code=ErrorCode.MODEL_UNREADABLE))
    bench.found()
    assert isinstance(bench.told[-1], AnswerFinished)


def test_what_was_left_out_is_said(bench: AnswerBench) -> None:
    answer = bench.ask()
    bench.engine_says(fitted(answer, turns_left_out=2, sources_left_out=1))
    bench.engine_says(done(answer, "Yes."))
    assert "2 early messages" in bench.told[-1].note
    assert "1 less relevant passage" in bench.told[-1].note


@pytest.mark.parametrize("count", [0, 1])
def test_a_composed_answer_tells_the_sources_it_has(bench: AnswerBench, count: int) -> None:
    sources = sources_from_hits([hit(1, "Cups.")]) * count
    bench.ask().draft.adopt_answer(ComposedAnswer(text="Two.", sources=sources))
    assert bench.kinds().count(AnswerSources) == count
    assert bench.told[-1].sources == sources


def test_stop_while_searching(bench: AnswerBench) -> None:
    answer = bench.ask(folder_ids=("f",))
    answer.stop()
    assert bench.cancelled == [bench.searches[-1].request_id]
    assert answer.has_ended
    assert bench.told[-1].statistics.stop == "cancelled"
    assert bench.saved(answer).state is TurnState.CANCELLED


@pytest.mark.parametrize("stage", ["searching", "loading", "reading"])
def test_who_hears_of_a_stage_may_end_the_answer(bench: AnswerBench, stage: str) -> None:
    """Nothing is begun for an answer that has ended, and its end is said once."""
    bench.unload()

    def hear(run: AnswerRun, event: object) -> None:
        if isinstance(event, AnswerStage) and event.stage == stage:
            run.close()

    bench.on_event = hear
    answer = bench.ask(folder_ids=("f",))
    if stage != "searching":
        bench.found(hit(1, "The beds are watered."))
    if stage == "reading":
        bench.finish_loading()
    assert bench.kinds().count(AnswerFinished) == 1
    assert bench.generated == []
    assert answer.has_ended


def test_stop_while_writing_keeps_what_was_written(bench: AnswerBench) -> None:
    answer = bench.ask()
    bench.engine_says(fitted(answer))
    bench.engine_says(AnswerChunk(request_id=answer.turn_id, text="Half"))
    answer.stop()
    assert bench.cancelled == [answer.turn_id]
    assert not answer.has_ended
    bench.engine_says(done(answer, "Half", stop="cancelled"))
    assert bench.saved(answer).text == "Half"
    assert bench.saved(answer).state is TurnState.CANCELLED


def test_a_dead_engine_keeps_what_was_written(bench: AnswerBench) -> None:
    answer = bench.ask()
    bench.engine_says(fitted(answer))
    bench.engine_says(AnswerChunk(request_id=answer.turn_id, text="Half"))
    bench.engine_says(Failed(request_id=answer.turn_id, code=ErrorCode.ENGINE_DIED))
    assert isinstance(bench.told[-1], AnswerFailed)
    saved = bench.saved(answer)
    assert (saved.state, saved.text) == (TurnState.FAILED, "Half")
    assert saved.note


def test_a_long_answer_is_saved_every_second(bench: AnswerBench) -> None:
    answer = bench.ask()
    bench.engine_says(fitted(answer))
    bench.engine_says(AnswerChunk(request_id=answer.turn_id, text="One "))
    assert bench.saved(answer).raw == ""
    bench.now += SAVE_SECONDS
    answer.draft.save_if_due()
    assert bench.saved(answer).raw == "One "
    assert bench.saved(answer).state is TurnState.STREAMING
    bench.engine_says(AnswerChunk(request_id=answer.turn_id, text="two "))
    assert bench.saved(answer).raw == "One ", "the next second has not passed"
    bench.now += SAVE_SECONDS
    answer.draft.save_if_due()
    assert bench.saved(answer).raw == "One two "


def test_an_engine_that_begins_again_writes_nothing_twice(bench: AnswerBench) -> None:
    answer = bench.ask()
    for _ in range(2):
        bench.engine_says(fitted(answer))
        bench.engine_says(AnswerChunk(request_id=answer.turn_id, text="One "))
    bench.now += SAVE_SECONDS
    answer.draft.save_if_due()
    assert bench.saved(answer).raw == "One "


def begun_answer(bench: AnswerBench, fingerprint: str) -> AnswerRun:
    """Return the continuation of an answer “Once upon” by the model of this fingerprint."""
    first = bench.ask()
    bench.engine_says(fitted(first))
    bench.engine_says(done(first, "Once upon"))
    begun = structs.replace(bench.saved(first), fingerprint=fingerprint)
    chat = first.draft.conversation
    return bench.start(bench.request("When?", chat, question=first.draft.question, begun=begun))


def test_an_engine_that_begins_a_continuation_again_writes_nothing_twice(
    bench: AnswerBench,
) -> None:
    answer = begun_answer(bench, "print")
    for _ in range(2):
        bench.engine_says(fitted(answer))
        bench.engine_says(AnswerChunk(request_id=answer.turn_id, text=" a time"))
    bench.now += SAVE_SECONDS
    answer.draft.save_if_due()
    assert bench.saved(answer).raw == "Once upon a time"


@pytest.mark.parametrize(
    ("fingerprint", "token_ids"), [("print", (1, 2, 1, 2)), ("another model's", ())]
)
def test_tokens_of_a_continued_answer_are_known_if_one_model_wrote_them(
    bench: AnswerBench, fingerprint: str, token_ids: tuple[int, ...]
) -> None:
    answer = begun_answer(bench, fingerprint)
    bench.engine_says(fitted(answer))
    bench.engine_says(done(answer, " a time"))
    assert bench.saved(answer).token_ids == token_ids


def test_events_of_others_change_nothing(bench: AnswerBench) -> None:
    bench.ask()
    bench.engine_says(AnswerChunk(request_id="other", text="x"))
    bench.engine_says(AnswerDone(request_id="other", stop="eos", text="x"))
    assert bench.kinds() == [AnswerStarted]


def test_a_full_disk_costs_nothing(bench: AnswerBench, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_args: object) -> None:
        raise StorageError(ErrorCode.DISK_FULL, path="/")

    answer = bench.ask()
    with monkeypatch.context() as patched:
        patched.setattr(bench.chats, "save_turns", full)
        bench.engine_says(fitted(answer))
        bench.engine_says(done(answer, "On Friday."))
        assert isinstance(bench.told[-1], AnswerFinished)
        assert bench.reports[-1] is not None
    bench.saving.retry_saving(now=True)
    assert bench.reports[-1] is None
    assert bench.saved(answer).text == "On Friday."


def test_the_next_question_repeats_what_was_sent(bench: AnswerBench) -> None:
    answer = bench.ask("first")
    bench.engine_says(fitted(answer, sent="first as sent"))
    bench.engine_says(done(answer, "yes"))
    bench.ask(
        "second", conversation=bench.chats.load_conversation(answer.draft.conversation.chat_id)
    )
    turns = bench.generated[-1].turns
    assert [(t.role, t.text, t.token_ids) for t in turns] == [
        ("user", "first as sent", ()),
        ("assistant", "yes", (1, 2)),
        ("user", "second", ()),
    ]


def test_thinking_is_told_and_kept_apart_from_the_answer(bench: AnswerBench) -> None:
    answer = bench.ask()
    bench.engine_says(fitted(answer))
    bench.now = 1.0
    bench.engine_says(ThinkingChunk(request_id=answer.turn_id, text="Friday or "))
    bench.engine_says(ThinkingChunk(request_id=answer.turn_id, text="Monday?"))
    bench.now = 4.5
    bench.engine_says(AnswerChunk(request_id=answer.turn_id, text="On Friday."))
    bench.engine_says(done(answer, "On Friday."))
    assert bench.kinds() == [
        AnswerStarted, AnswerThinkingAdded, AnswerThinkingAdded, AnswerTextAdded, AnswerFinished,
    ]  # fmt: skip
    stages = [event.stage for event in bench.told if isinstance(event, AnswerStage)]
    assert stages[-2:] == ["thinking", "writing"]
    saved = bench.saved(answer)
    assert (saved.thinking, saved.text, saved.raw) == ("Friday or Monday?",) + ("On Friday.",) * 2
    assert saved.statistics.seconds_of_thinking == 3.5
    assert saved.statistics.seconds_to_first_token == 1.0
    assert bench.told[-1].thinking == "Friday or Monday?"
    (said_again,) = (
        said.turn
        for said in said_before(
            bench.chats.load_conversation(answer.draft.conversation.chat_id), "next", "print"
        )
        if said.turn.role == "assistant"
    )
    assert (said_again.text, said_again.thinking) == ("On Friday.", "Friday or Monday?")


def test_thinking_on_its_way_survives_a_crash(bench: AnswerBench) -> None:
    answer = bench.ask()
    bench.engine_says(fitted(answer))
    bench.now = SAVE_SECONDS + 1
    bench.engine_says(ThinkingChunk(request_id=answer.turn_id, text="Friday or"))
    assert bench.saved(answer).thinking == "Friday or"
    assert bench.saved(answer).text == ""


def test_an_answer_of_nothing_but_thinking_says_so(bench: AnswerBench) -> None:
    answer = bench.ask()
    bench.engine_says(fitted(answer))
    bench.engine_says(ThinkingChunk(request_id=answer.turn_id, text="Friday or Monday or"))
    bench.engine_says(done(answer, "", "length"))
    assert "only thought" in bench.told[-1].note
    assert bench.saved(answer).thinking == "Friday or Monday or"


def test_passages_sent_in_place_of_whole_files_are_numbered_from_one(bench: AnswerBench) -> None:
    answer = bench.ask("When is the gate closed?", folder_ids=("f",))
    whole = tuple(structs.replace(hit(n, f"Whole text {n}."), whole=True) for n in range(1, 4))
    section = "The garden has two gates. The gate closes at nine."
    found = structs.replace(hit(4, "The garden has two gates."), section=section)
    bench.found(*whole, found)
    bench.engine_says(fitted(answer, (4,), sources_widened=(4,)))
    bench.engine_says(done(answer, "The gate closes at nine."))
    saved = bench.saved(answer)
    assert [source.n for source in saved.sources] == [1]
    assert [citation.n for citation in saved.citations] == [1]
