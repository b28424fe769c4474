"""A length that fits the model: answers end where nobody set a limit."""

import pytest

from core.base.errors import ErrorCode
from core.engine.runtime.prompt_preparation import MAX_LENGTH, MIN_LENGTH, fitting_length
from core.messages import AnswerDone, Failed, Generate, PromptFitted, PromptTurn, Sampling
from tests.engine.conftest import Driver

GREEDY = Sampling(temperature=0.0, repeat_penalty=1.0)


@pytest.mark.parametrize(
    ("context", "thinks", "length"),
    [
        (2048, False, MIN_LENGTH),
        (8192, False, 2048),
        (131_072, False, MAX_LENGTH),
        (2048, True, 1024),
        (8192, True, 4096),
        (131_072, True, 2 * MAX_LENGTH),
    ],
)
def test_a_quarter_of_the_context_in_bounds_and_twice_that_for_thinking(
    context: int, *, thinks: bool, length: int
) -> None:
    assert fitting_length(context, thinks=thinks) == length


@pytest.mark.slow
def test_prompt_and_answer_may_be_held_to_fewer_tokens_than_there_is_room(loaded: Driver) -> None:
    asked = PromptTurn(role="user", text="Tell me a long story of a lighthouse.")
    early = [PromptTurn(role=role, text="words " * 30) for role in ("user", "assistant")]

    def answer(name: str, **more: object) -> AnswerDone | Failed:
        fields = {"turns": (*early, asked), "sampling": GREEDY, "most_context": 70} | more
        return loaded.answer(Generate(request_id=name, **fields))  # type: ignore[arg-type]

    done = answer("cut")
    assert isinstance(done, AnswerDone)
    assert (done.stop, done.prompt_tokens + done.completion_tokens) == ("length", 70)
    kept = answer("whole", may_leave_out=False)
    assert isinstance(kept, Failed)
    assert kept.code == ErrorCode.CONTEXT_FULL
    plain = answer("plain", turns=(), prompt="words " * 100)
    assert isinstance(plain, Failed)
    assert (plain.code, plain.facts["context"]) == (ErrorCode.PROMPT_TOO_LONG, "70")


@pytest.mark.slow
def test_tokens_go_on_as_the_text_that_they_are(loaded: Driver) -> None:
    text = Generate(
        request_id="text", turns=(), prompt="Once upon a time", sampling=GREEDY, max_tokens=8
    )
    by_text = loaded.answer(text)
    assert isinstance(by_text, AnswerDone)
    again = Generate(
        request_id="tokens",
        turns=(),
        prompt_ids=(6403, 1980, 253, 655),
        sampling=GREEDY,
        max_tokens=8,
    )
    by_tokens = loaded.answer(again)
    assert isinstance(by_tokens, AnswerDone)
    assert (by_tokens.text, by_tokens.prompt_tokens) == (by_text.text, by_text.prompt_tokens)
    fitted = [each for each in loaded.seen if isinstance(each, PromptFitted)]
    assert fitted[-1].sent == "Once upon a time"
