"""What servers are given: messages that fit, and the sampling in their words."""

import json

import pytest

from core.app.network.remote_prompt import (
    EstimatedTokens,
    build_messages,
    build_parameters,
    prompt_fitted_event,
)
from core.base.errors import ErrorCode, ModelError
from core.chat.answering.prompt_fitting import fit_prompt
from core.messages import Generate, PromptTurn, Sampling


def asked(*texts: str, sampling: Sampling | None = None, begun: str = "") -> Generate:
    roles = ("user", "assistant")
    turns = tuple(
        PromptTurn(role=roles[place % 2], text=text, plain=text) for place, text in enumerate(texts)
    )
    return Generate(
        request_id="r", turns=turns, sampling=sampling or Sampling(), max_tokens=50, begun=begun
    )


def test_early_turns_go_when_a_server_reads_little() -> None:
    request = asked("first " * 1000, "answer " * 500, "second?")
    fitted = fit_prompt(request, 2048, 2000.0, EstimatedTokens())
    messages = build_messages(fitted, "")
    assert [message.content for message in messages] == ["second?"]
    prompt = prompt_fitted_event(request, fitted, messages)
    assert prompt.turns_left_out == 2
    assert prompt.prompt == "user: second?"


def test_an_answer_that_goes_on_stands_last() -> None:
    request = asked("How?", begun="So")
    messages = build_messages(fit_prompt(request, 2048, 2000.0, EstimatedTokens()), request.begun)
    assert (messages[-1].role, messages[-1].content) == ("assistant", "So")
    assert json.loads(build_parameters(request))["continue_final_message"] is True


def test_sampling_in_the_words_of_servers() -> None:
    sampling = Sampling(
        temperature=0.5, seed=7, stop=("END",), thinking=False, json_schema='{"type": "object"}'
    )
    fields = json.loads(build_parameters(asked("Hi", sampling=sampling)))
    assert (fields["temperature"], fields["seed"], fields["stop"]) == (0.5, 7, ["END"])
    assert fields["max_tokens"] == 50
    assert fields["top_k"] == sampling.top_k > 0
    assert fields["response_format"]["json_schema"]["schema"] == {"type": "object"}
    assert fields["chat_template_kwargs"] == {"enable_thinking": False}
    assert "grammar" in json.loads(
        build_parameters(asked("Hi", sampling=Sampling(grammar="root ::= x")))
    )


def test_servers_name_all_tokens_minus_one() -> None:
    assert json.loads(build_parameters(asked("Hi", sampling=Sampling(top_k=0))))["top_k"] == -1


def test_a_schema_that_is_none_is_said() -> None:
    with pytest.raises(ModelError) as refused:
        build_parameters(asked("Hi", sampling=Sampling(json_schema="{")))
    assert refused.value.code == ErrorCode.SCHEMA_INVALID


def test_tokens_are_rather_counted_too_high() -> None:
    count = EstimatedTokens()
    assert count.count_text("The quick brown fox jumps over the lazy dog.") >= 10
    assert count.count_text("東京都") >= 3
