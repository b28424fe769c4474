"""A past that is shortened ahead: prompts begin as those before them, whatever is asked."""

from collections.abc import Sequence

import pytest

from core.base.errors import ErrorCode, ModelError
from core.chat.answering.prompt_fitting import QUESTION_SHARE, fit_prompt
from core.messages import Generate, PromptTurn
from tests.chat.answering.test_prompt import COUNT, FAST, history

CONTEXT = 200
ROOM = CONTEXT * QUESTION_SHARE


def past_sent(earlier: Sequence[PromptTurn], words: int, **more: object) -> tuple[PromptTurn, ...]:
    """Return the past that is sent before a question of so many words."""
    question = PromptTurn(role="user", text="now " * words, plain="now " * words)
    values = {"shortens_ahead": True, **more}
    request = Generate(request_id="r", turns=(*earlier, question), **values)  # type: ignore[arg-type]
    return fit_prompt(request, CONTEXT, FAST, COUNT).turns[:-1]


def changed_beginnings(words: int, questions: int, **more: object) -> list[int]:
    """Return the tokens of past that are read anew before each question of a growing chat."""
    anew, before = [], history(0, 0)
    for number in range(1, questions + 1):
        past = past_sent(history(number, words), 5, **more)
        same = 0
        while same < min(len(before), len(past)) and before[same] == past[same]:
            same += 1
        new = COUNT.count_turns(history(number, words)[-2:])
        anew.append(COUNT.count_turns(past[same:]) - new)
        before = past
    return anew


def test_a_full_chat_is_cut_now_and_then_and_not_for_each_question() -> None:
    anew = changed_beginnings(0, 60)
    assert sum(tokens > 0 for tokens in anew) <= 60 // 6
    kept_as_it_was = changed_beginnings(0, 60, shortens_ahead=False)
    assert sum(tokens > 0 for tokens in kept_as_it_was) > 30
    assert sum(anew) < sum(kept_as_it_was) / 5


def test_passages_of_early_answers_go_several_at_a_time() -> None:
    anew, before = changed_beginnings(12, 40), changed_beginnings(12, 40, shortens_ahead=False)
    assert sum(anew) < sum(before) / 3


def test_the_past_does_not_depend_on_the_question() -> None:
    for exchanges in range(1, 40):
        earlier = history(exchanges, 3)
        pasts = {past_sent(earlier, words) for words in (1, 3, int(ROOM) - 4)}
        assert len(pasts) == 1, exchanges


def test_a_long_question_still_fits() -> None:
    past = past_sent(history(40, 3), 120)
    assert COUNT.count_turns(past) + 124 <= CONTEXT - CONTEXT // 4
    assert past[-1].text == "answer39"


def test_the_newest_answer_keeps_its_passages_where_they_fit() -> None:
    past = past_sent(history(8, 20), 5)
    assert past[-2].text.count("source") == 20
    assert "source" not in past[0].text


def test_a_system_prompt_stays() -> None:
    system = PromptTurn(role="system", text="be kind")
    past = past_sent((system, *history(40, 0)), 5)
    assert past[0] == system
    assert past[1].role == "user"
    assert len(past) < 41


@pytest.mark.parametrize("words", [1, 8])
def test_what_a_summary_should_replace_does_not_depend_on_the_question(words: int) -> None:
    early = set()
    for asked in (1, words):
        with pytest.raises(ModelError) as caught:
            past_sent(history(14, 0), asked, may_leave_out=False)
        assert caught.value.code is ErrorCode.CONTEXT_FULL
        early.add(caught.value.facts["early"])
    assert len(early) == 1


def test_a_past_that_is_not_full_is_sent_as_it_is() -> None:
    assert past_sent(history(5, 0), 5, may_leave_out=False) == history(5, 0)
