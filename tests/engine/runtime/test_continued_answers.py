"""An answer that goes on where it ended, what was sent, the tokens before a stop string."""

import pytest
from msgspec import structs

from core.messages import AnswerDone, Generate, PromptFitted, PromptTurn, Sampling
from tests.engine.conftest import Driver

pytestmark = pytest.mark.slow

GREEDY = Sampling(temperature=0.0, repeat_penalty=1.0)


def asked(request_id: str, **more: object) -> Generate:
    turns = (PromptTurn(role="user", text="Name the days of the week."),)
    base = Generate(request_id=request_id, turns=turns, sampling=GREEDY, max_tokens=24)
    return structs.replace(base, **more)


def fitted(driver: Driver, request_id: str) -> PromptFitted:
    events = [event for event in driver.seen if isinstance(event, PromptFitted)]
    return next(event for event in events if event.request_id == request_id)


def test_an_answer_goes_on_as_if_it_had_never_ended(loaded: Driver) -> None:
    whole = loaded.answer(asked("whole"))
    assert isinstance(whole, AnswerDone)
    first = loaded.answer(asked("first", max_tokens=10))
    assert isinstance(first, AnswerDone)
    for request_id, ids in (("by tokens", first.token_ids), ("by text", ())):
        rest = loaded.answer(asked(request_id, begun=first.text, begun_ids=ids, max_tokens=14))
        assert isinstance(rest, AnswerDone)
        prompt = fitted(loaded, request_id).prompt
        assert prompt.endswith(first.text)
        assert "Name the days of the week." in prompt
        assert "<|im_start|>" in prompt, "control tokens are spelled out"
        expected = whole.text.removeprefix(first.text)
        assert rest.text.split()[:2] == expected.split()[:2]


def test_the_tokens_before_a_stop_string_are_kept(loaded: Driver) -> None:
    free = loaded.answer(asked("free"))
    assert isinstance(free, AnswerDone)
    word = free.text.split()[6]
    cut = loaded.answer(asked("cut", sampling=structs.replace(GREEDY, stop=(word,))))
    assert isinstance(cut, AnswerDone)
    assert cut.stop == "stop"
    assert cut.token_ids
    assert cut.token_ids == free.token_ids[: len(cut.token_ids)]
    again = loaded.answer(asked("again", begun=cut.text, begun_ids=cut.token_ids, max_tokens=4))
    assert isinstance(again, AnswerDone)
    assert fitted(loaded, "again").prompt.endswith(cut.text.rstrip())
