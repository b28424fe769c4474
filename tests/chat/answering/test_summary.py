"""A chat that outgrows the context: what is summed up and kept, what is sent from then on."""

from collections.abc import Sequence
from typing import Any

import pytest
from msgspec import structs

from core.base.errors import ErrorCode, ModelError
from core.chat.answering.answer_events import (
    AnswerFailed,
    AnswerFinished,
    AnswerStage,
    AnswerSummarised,
)
from core.chat.answering.conversation_summary import (
    ASK,
    LEAVE_OUT,
    MAX_SUMMARY_ROUNDS,
    SUMMARISE,
    SUMMARY_REQUEST,
    summary_token_limit,
)
from core.chat.answering.prompt_fitting import count_early_turns, fit_prompt
from core.chat.answering.turn_conversion import turns_for_model
from core.chat.conversations.conversation import Conversation, Role, Turn, TurnState
from core.chat.conversations.tool_calls import CallState, RecordedCall
from core.chat.store.temporary_chats import TemporaryChats
from core.messages import AnswerChunk, AnswerDone, Failed, Generate, PromptFitted, PromptTurn
from tests.chat.answer_bench import AnswerBench
from tests.chat.answering.test_prompt import COUNT, FAST, history, source

NOW = PromptTurn(role="user", text="now", plain="now")


def conversation(bench: AnswerBench, exchanges: int) -> Conversation:
    """Return a saved chat of so many questions and answers."""
    chat = bench.chats.new_conversation("long")
    for number in range(exchanges):
        for role in (Role.USER, Role.ASSISTANT):
            word = f"{'question' if role is Role.USER else 'answer'}{number}"
            turn = Turn(
                turn_id=word,
                parent_id=chat.leaf_id,
                role=role,
                state=TurnState.DONE,
                text=word,
                created=0.0,
                raw=word if role is Role.ASSISTANT else "",
                token_ids=(number,) if role is Role.ASSISTANT else (),
                fingerprint="print" if role is Role.ASSISTANT else "",
            )
            chat = chat.with_turn(turn)
            bench.chats.save_turns(chat, (turn,))
    return chat


def ask(bench: AnswerBench, chat: Conversation, when_full: str = SUMMARISE) -> Any:
    return bench.ask("And now?", conversation=chat, when_full=when_full)


def full(answer: Any, early: int) -> Failed:
    facts = {"early": str(early), "context": "2048"}
    return Failed(request_id=answer.turn_id, code=ErrorCode.CONTEXT_FULL, facts=facts)


def summed_up(answer: Any, text: str = "They talked.", **more: Any) -> AnswerDone:
    values = {"stop": "eos", "token_ids": (7, 8), **more}
    return AnswerDone(request_id=answer.turn_id, text=text, **values)


def fitted(answer: Any) -> PromptFitted:
    return PromptFitted(
        request_id=answer.turn_id,
        sent="And now?",
        sources_used=(),
        turns_left_out=0,
        sources_left_out=0,
        prompt_tokens=9,
        cached_tokens=0,
    )


def texts(turns: Sequence[PromptTurn]) -> list[str]:
    return [turn.text for turn in turns]


# ------------------------------------------------------------ how much


def test_early_turns_go_until_the_rest_takes_half_the_context() -> None:
    turns = (*history(8, 0), NOW)  # an exchange is 10 tokens
    early = count_early_turns(turns, 100, COUNT)
    assert early % 2 == 0
    assert COUNT.count_turns(turns[early:]) <= 50 < COUNT.count_turns(turns[early - 2 :])


def test_no_more_is_summed_up_than_can_be_read_at_once() -> None:
    turns = (*history(100, 0), NOW)
    early = count_early_turns(turns, 200, COUNT)
    request = PromptTurn(role="user", text=SUMMARY_REQUEST)
    assert COUNT.count_turns((*turns[:early], request)) + summary_token_limit(200) <= 200
    assert early > 10


def test_the_first_exchange_goes_however_long_it_is() -> None:
    turns = (*history(1, 500), *history(1, 0), NOW)
    assert count_early_turns(turns, 200, COUNT) == 2


def test_a_request_that_may_not_leave_out_is_refused_when_early_turns_would_go() -> None:
    turns = (*history(8, 0), NOW)
    request = Generate(request_id="r", turns=turns, may_leave_out=False)
    with pytest.raises(ModelError) as caught:
        fit_prompt(request, 80, FAST, COUNT)
    assert caught.value.code is ErrorCode.CONTEXT_FULL
    assert caught.value.facts == {
        "early": str(count_early_turns(turns, 80, COUNT)),
        "context": "80",
    }
    assert (
        fit_prompt(structs.replace(request, may_leave_out=True), 80, FAST, COUNT).turns_left_out > 0
    )
    assert fit_prompt(request, 1000, FAST, COUNT).turns == turns


def test_what_fits_without_the_sources_of_early_turns_is_not_summed_up() -> None:
    request = Generate(request_id="r", turns=(*history(3, 50), NOW), may_leave_out=False)
    assert fit_prompt(request, 200, FAST, COUNT).turns_left_out == 0


def test_sources_of_the_question_count_for_what_stays() -> None:
    turns = (*history(12, 0), NOW)
    sources = (source(1, 30),)
    request = Generate(request_id="r", turns=turns, sources=sources, may_leave_out=False)
    with pytest.raises(ModelError) as caught:
        fit_prompt(request, 150, FAST, COUNT)
    assert int(caught.value.facts["early"]) > count_early_turns(turns, 150, COUNT)


# ------------------------------------------------------------ the course


def test_early_turns_are_summed_up_and_the_question_asked_again(bench: AnswerBench) -> None:
    answer = ask(bench, conversation(bench, 3))
    (first,) = bench.generated
    assert not first.may_leave_out
    bench.engine_says(full(answer, 4))
    request = bench.generated[-1]
    assert texts(request.turns) == ["question0", "answer0", "question1", "answer1", SUMMARY_REQUEST]
    assert request.turns[:4] == first.turns[:4], "the model has read them already"
    assert request.max_tokens == summary_token_limit(2048)
    assert request.state_folder == ""
    bench.engine_says(AnswerChunk(request_id=answer.turn_id, text="They"))
    bench.engine_says(summed_up(answer))
    again = bench.generated[-1]
    assert texts(again.turns) == [
        SUMMARY_REQUEST, "They talked.", "question2", "answer2", "And now?",
    ]  # fmt: skip
    assert [turn.role for turn in again.turns[:2]] == ["user", "assistant"]
    assert again.turns[1].token_ids == (7, 8)
    bench.engine_says(fitted(answer))
    bench.engine_says(AnswerDone(request_id=answer.turn_id, stop="eos", text="Now."))
    stages = [event.stage for event in bench.told if isinstance(event, AnswerStage)]
    assert stages == ["reading", "summarising", "reading", "reading"]
    finished = bench.told[-1]
    assert isinstance(finished, AnswerFinished)
    assert finished.text == "Now."
    assert finished.note == "4 early messages were summarised to make room."
    assert bench.kinds().count(AnswerSummarised) == 1


def test_an_answer_with_calls_is_summed_up_whole(bench: AnswerBench) -> None:
    chat = conversation(bench, 2)
    turn = next(turn for turn in chat.path() if turn.turn_id == "answer0")
    calls = tuple(
        RecordedCall(n=n, tool="look", arguments="{}", state=CallState.DONE, result=f"Wet {n}.")
        for n in (1, 2)
    )
    answer = ask(bench, chat.with_turn(structs.replace(turn, tool_calls=calls)))
    # The engine reads both results as one turn: question, calls, results, answer.
    bench.engine_says(full(answer, 4))
    turns = bench.generated[-1].turns
    assert [turn.role for turn in turns] == [
        "user",
        "assistant",
        "tool",
        "tool",
        "assistant",
        "user",
    ]
    assert texts(turns)[-2:] == ["answer0", SUMMARY_REQUEST]


def test_the_summary_is_kept_and_nothing_is_deleted(bench: AnswerBench) -> None:
    chat = conversation(bench, 3)
    answer = ask(bench, chat)
    bench.engine_says(full(answer, 4))
    bench.engine_says(summed_up(answer))
    kept = bench.chats.load_conversation(chat.chat_id)
    (summary,) = kept.summaries
    assert (summary.last_id, summary.turns, summary.text) == ("answer1", 4, "They talked.")
    assert [turn.text for turn in kept.path()][:6] == [turn.text for turn in chat.path()]
    bench.chats.delete_chat(chat.chat_id)
    assert bench.chats.list_chats() == ()
    with pytest.raises(Exception, match="No chat has the id"):
        bench.chats.load_conversation(chat.chat_id)


def test_from_then_on_prompts_begin_with_the_same_tokens(bench: AnswerBench) -> None:
    chat = conversation(bench, 3)
    answer = ask(bench, chat)
    bench.engine_says(full(answer, 4))
    bench.engine_says(summed_up(answer))
    before = bench.generated[-1].turns
    bench.engine_says(fitted(answer))
    bench.engine_says(
        AnswerDone(request_id=answer.turn_id, stop="eos", text="Now.", token_ids=(9,))
    )
    ask(bench, bench.chats.load_conversation(chat.chat_id))
    after = bench.generated[-1].turns
    assert texts(after[: len(before)]) == texts(before)
    assert [turn.token_ids for turn in after[:4]] == [turn.token_ids for turn in before[:4]]
    assert texts(after[len(before) :]) == ["Now.", "And now?"]


def test_a_later_summary_takes_up_the_earlier_one(bench: AnswerBench) -> None:
    chat = conversation(bench, 3)
    answer = ask(bench, chat)
    bench.engine_says(full(answer, 2))
    bench.engine_says(summed_up(answer, "First."))
    bench.engine_says(full(answer, 4))  # the first summary, its request, and one exchange
    request = bench.generated[-1]
    assert texts(request.turns) == [
        SUMMARY_REQUEST,
        "First.",
        "question1",
        "answer1",
        SUMMARY_REQUEST,
    ]
    bench.engine_says(summed_up(answer, "Second."))
    assert texts(bench.generated[-1].turns)[:4] == [
        SUMMARY_REQUEST, "Second.", "question2", "answer2",
    ]  # fmt: skip
    bench.engine_says(fitted(answer))
    assert answer.draft.turn.note == "4 early messages were summarised to make room."
    assert [each.turns for each in bench.chats.load_conversation(chat.chat_id).summaries] == [2, 4]


def test_a_branch_that_left_before_has_no_use_for_the_summary(bench: AnswerBench) -> None:
    chat = conversation(bench, 3)
    answer = ask(bench, chat)
    bench.engine_says(full(answer, 4))
    bench.engine_says(summed_up(answer))
    branch = structs.replace(bench.chats.load_conversation(chat.chat_id), leaf_id="answer0")
    assert [each.turn.text for each in turns_for_model(branch, "", "print")] == [
        "question0",
        "answer0",
    ]


def test_another_model_reads_the_summary_by_its_own_tokens(bench: AnswerBench) -> None:
    chat = conversation(bench, 2)
    answer = ask(bench, chat)
    bench.engine_says(full(answer, 2))
    bench.engine_says(summed_up(answer))
    turns = turns_for_model(bench.chats.load_conversation(chat.chat_id), answer.turn_id, "another")
    assert turns[1].turn.token_ids == ()


# ------------------------------------------------------------ when it goes wrong


def test_stop_while_summing_up(bench: AnswerBench) -> None:
    answer = ask(bench, conversation(bench, 3))
    bench.engine_says(full(answer, 4))
    answer.stop()
    assert bench.cancelled == [answer.turn_id]
    bench.engine_says(summed_up(answer, "Half a summ", stop="cancelled"))
    finished = bench.told[-1]
    assert isinstance(finished, AnswerFinished)
    assert (finished.text, finished.statistics.stop) == ("", "cancelled")
    assert answer.draft.conversation.summaries == ()
    assert len(bench.generated) == 2, "the question is not asked after all"


@pytest.mark.parametrize("ending", ["failed", "empty"])
def test_a_summary_that_fails_leaves_early_turns_out(bench: AnswerBench, ending: str) -> None:
    answer = ask(bench, conversation(bench, 3))
    bench.engine_says(full(answer, 4))
    if ending == "failed":
        bench.engine_says(Failed(request_id=answer.turn_id, code=ErrorCode.PROMPT_TOO_LONG))
    else:
        bench.engine_says(summed_up(answer, "  \n"))
    again = bench.generated[-1]
    assert again.may_leave_out
    assert len(again.turns) == 7
    bench.engine_says(structs.replace(fitted(answer), turns_left_out=4))
    assert "4 early messages of this chat no longer fit" in answer.draft.turn.note


def test_an_engine_that_dies_over_the_summary_fails_the_answer(bench: AnswerBench) -> None:
    answer = ask(bench, conversation(bench, 3))
    bench.engine_says(full(answer, 4))
    bench.engine_says(Failed(request_id=answer.turn_id, code=ErrorCode.ENGINE_DIED))
    assert isinstance(bench.told[-1], AnswerFailed)


def test_summing_up_ends_by_itself(bench: AnswerBench) -> None:
    answer = ask(bench, conversation(bench, 20))
    for number in range(MAX_SUMMARY_ROUNDS):
        bench.engine_says(full(answer, 4))
        assert texts(bench.generated[-1].turns)[-1] == SUMMARY_REQUEST, number
        bench.engine_says(summed_up(answer))
    bench.engine_says(full(answer, 4))
    assert bench.generated[-1].may_leave_out
    assert texts(bench.generated[-1].turns)[-1] == "And now?"


def test_a_summary_is_not_summed_up_alone(bench: AnswerBench) -> None:
    answer = ask(bench, conversation(bench, 3))
    bench.engine_says(full(answer, 2))
    bench.engine_says(summed_up(answer))
    bench.engine_says(full(answer, 2))
    assert bench.generated[-1].may_leave_out


def test_a_summary_that_was_cut_off_ends_with_a_whole_sentence(bench: AnswerBench) -> None:
    answer = ask(bench, conversation(bench, 3))
    bench.engine_says(full(answer, 4))
    bench.engine_says(summed_up(answer, "One is here. Two is there. Three is", stop="length"))
    (summary,) = answer.draft.conversation.summaries
    assert (summary.text, summary.token_ids) == ("One is here. Two is there.", ())


def test_the_person_is_asked_when_they_want_to_be(bench: AnswerBench) -> None:
    answer = ask(bench, conversation(bench, 3), ASK)
    bench.engine_says(full(answer, 4))
    failed = bench.told[-1]
    assert isinstance(failed, AnswerFailed)
    assert failed.problem.code == ErrorCode.CONTEXT_FULL
    assert len(bench.generated) == 1


def test_leaving_out_needs_no_summary(bench: AnswerBench) -> None:
    ask(bench, conversation(bench, 3), LEAVE_OUT)
    assert bench.generated[0].may_leave_out


def test_a_temporary_chat_keeps_its_summary_in_memory(bench: AnswerBench) -> None:
    chat = conversation(bench, 3)
    answer = ask(bench, chat)
    bench.engine_says(full(answer, 4))
    bench.engine_says(summed_up(answer))
    temporary = TemporaryChats()
    temporary.save_turns(chat)
    temporary.save_turns(answer.draft.conversation)
    assert (
        temporary.load_conversation(chat.chat_id).summaries == answer.draft.conversation.summaries
    )
