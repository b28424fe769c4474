"""What programs send that were written for llama-server, LM Studio, vLLM and Ollama."""

from typing import Any

import pytest

from core.messages import GenerateText, TextsEmbedded
from tests.api.conftest import PAGE
from tests.api.open_port import OpenPort
from tests.api.test_other_forms import QUESTION, sse

CHAT, TEXTS, MESSAGES = "/v1/chat/completions", "/v1/completions", "/v1/messages"
BEGUN = {"role": "assistant", "content": "The beds are"}
FUNCTION = {"type": "function", "function": {"name": "look", "parameters": {"type": "object"}}}


def asked(port: OpenPort, path: str = CHAT, **fields: Any) -> GenerateText:
    """Return the call that a request makes."""
    body = {"model": "small", "messages": QUESTION, "max_tokens": 9, **fields}
    answer = port.ask("POST", path, body)
    assert answer["status"] == 200, answer
    return port.app.calls[-1]  # type: ignore[no-any-return]


def error(port: OpenPort, path: str, body: Any) -> str:
    answer = port.ask("POST", path, body)
    assert answer["status"] in {400, 404}, answer
    said = answer["json"]["error"]
    return said if isinstance(said, str) else said["message"]


@pytest.mark.parametrize("name", ["max_tokens", "max_completion_tokens"])
def test_minus_one_and_zero_are_as_many_tokens_as_fit(port: OpenPort, name: str) -> None:
    for length in (-1, 0, None):
        fields: dict[str, Any] = {"max_tokens": None, name: length}
        assert asked(port, **fields).max_tokens == 0
    body = {"model": "small", "prompt": "Wet"}
    port.ask("POST", TEXTS, {**body, "max_tokens": -1})
    assert port.app.calls[-1].max_tokens == 0
    port.ask("POST", TEXTS, body)
    assert port.app.calls[-1].max_tokens == 16
    assert "one token or more" in error(port, TEXTS, {**body, "max_tokens": 0})
    assert "max_tokens" in error(port, CHAT, {**body, "messages": QUESTION, "max_tokens": -2})


@pytest.mark.parametrize("path", [CHAT, MESSAGES, "/api/chat"])
def test_an_answer_that_a_program_has_begun_goes_on(port: OpenPort, path: str) -> None:
    call = asked(port, path, messages=[*QUESTION, BEGUN])
    assert (call.begun, [each.role for each in call.turns]) == ("The beds are", ["user"])
    call = asked(port, path, messages=[*QUESTION, BEGUN, *QUESTION])
    assert (call.begun, len(call.turns)) == ("", 3)
    call = asked(port, path, messages=[BEGUN])
    assert (call.begun, len(call.turns)) == ("", 1), "nothing would be left to answer"


def test_the_tokens_of_a_begun_answer_are_counted(port: OpenPort) -> None:
    body = {"model": "small", "messages": [*QUESTION, BEGUN]}
    port.ask("POST", f"{MESSAGES}/count_tokens", body)
    assert port.app.calls[-1].begun == "The beds are"


def test_what_has_a_form_from_its_first_letter_begins_anew(port: OpenPort) -> None:
    messages = [*QUESTION, BEGUN]
    for fields in (
        {"response_format": {"type": "json_object"}},
        {"grammar": 'root ::= "a"'},
        {"tools": [FUNCTION], "tool_choice": "required"},
    ):
        call = asked(port, messages=messages, **fields)
        assert (call.begun, len(call.turns)) == ("", 2)
    called = {"role": "assistant", "tool_calls": [{"id": "c", "function": {"name": "look"}}]}
    assert asked(port, messages=[*QUESTION, called]).begun == ""


def test_folders_are_asked_a_question(port: OpenPort) -> None:
    body = {"model": "inglenook:Garden", "messages": [*QUESTION, BEGUN]}
    assert "question as the last message" in error(port, CHAT, body)


def test_unknown_fields_are_passed_over_and_named(port: OpenPort) -> None:
    body = {
        "model": "small",
        "cache_prompt": True,
        "messages": [{**QUESTION[0], "cache_control": {"type": "ephemeral"}}],
        "id_slot": -1,
        "odd\r\nname": 1,
    }
    answer = port.ask("POST", CHAT, body)
    assert answer["status"] == 200
    assert answer["headers"]["x-ignored-fields"] == "cache_prompt, id_slot"
    answer = port.ask("POST", CHAT, {**body, "stream": True})
    assert answer["headers"]["x-ignored-fields"] == "cache_prompt, id_slot"
    known = {"model": "small", "messages": QUESTION}
    assert "x-ignored-fields" not in port.ask("POST", CHAT, known)["headers"]


def test_fields_that_ask_for_another_kind_of_answer_are_refused(port: OpenPort) -> None:
    body = {"model": "small", "messages": QUESTION, "max_tokens": 5}
    asking = {"best_of": 3, "functions": [{"name": "f"}], "audio": {"voice": "x"}}
    for name, value in asking.items():
        assert f"“{name}”" in error(port, CHAT, {**body, name: value})
    assert "“mcp_servers”" in error(port, MESSAGES, {**body, "mcp_servers": [{"name": "x"}]})
    for name, nothing in {"best_of": 1, "functions": [], "function_call": "none"}.items():
        assert port.ask("POST", CHAT, {**body, name: nothing})["status"] == 200


def test_a_typing_error_in_a_search_is_said(port: OpenPort) -> None:
    assert "“folder”" in error(port, "/v1/search", {"query": "wet", "folder": ["Garden"]})


def test_a_schema_may_stand_beside_its_kind(port: OpenPort) -> None:
    schema = {"type": "object", "properties": {"a": {"type": "integer"}}}
    form: dict[str, Any] = {"type": "json_schema", "schema": schema}
    assert '"integer"' in (asked(port, response_format=form).sampling.json_schema or "")
    form = {"type": "json_schema", "json_schema": {"name": "a", "strict": True}}
    assert asked(port, response_format=form).sampling.json_schema == '{"type":"object"}'


def test_names_and_values_of_other_servers_are_understood(port: OpenPort) -> None:
    assert asked(port, repetition_penalty=1.3).sampling.repeat_penalty == 1.3
    assert asked(port, repetition_penalty=1.3, repeat_penalty=1.1).sampling.repeat_penalty == 1.1
    assert asked(port, top_k=-1).sampling.top_k == 0
    for word, thinks in (("auto", None), ("max", True), ("none", False)):
        assert asked(port, reasoning_effort=word).sampling.thinking is thinks
    assert asked(port, enable_thinking=False).sampling.thinking is False
    more = {"enable_thinking": True, "date": "today"}
    assert asked(port, chat_template_kwargs=more).sampling.thinking is True
    empty = [*QUESTION, {"role": "assistant", "content": None}, *QUESTION]
    assert asked(port, "/api/chat", messages=empty).turns[1].text == ""


def test_tools_that_a_service_would_run_are_passed_over(port: OpenPort) -> None:
    hosted = [{"type": "web_search"}, {"type": "custom", "name": "patch", "format": {}}]
    body = {"model": "small", "input": "Wet?", "tools": [*hosted, {"type": "function"}]}
    assert "no name" in error(port, "/v1/responses", body)
    own = {"type": "function", "name": "look", "parameters": {"type": "object"}}
    answer = port.ask("POST", "/v1/responses", {**body, "tools": [*hosted, own]})
    assert [each["name"] for each in answer["json"]["tools"]] == ["look"]
    assert (port.app.calls[-1].sampling.tools or "").count('"name"') == 1
    assert port.ask("POST", "/v1/responses", {**body, "tools": hosted})["json"]["tools"] == []
    tools = [{"type": "web_search_20250305", "name": "web_search"}]
    assert asked(port, MESSAGES, tools=tools).sampling.tools is None


def test_tokens_of_another_model_are_refused_in_words(port: OpenPort) -> None:
    for tokens in ([1, 2], [[1, 2], [3]], ["a", 1]):
        body: dict[str, Any] = {"model": "inglenook-embedder", "input": tokens}
        assert "send the texts themselves" in error(port, "/v1/embeddings", body)
    assert not port.app.calls
    port.app.outcome = TextsEmbedded(
        request_id="", vectors=(b"\0\0\x80?",), embedder="/m/minilm", tokens=7
    )
    body = {"model": "inglenook-embedder", "input": "a", "encoding_format": None}
    made = port.ask("POST", "/v1/embeddings", body)["json"]
    assert made["data"][0]["embedding"] == [1.0]


def test_a_template_is_the_model_s_own(port: OpenPort) -> None:
    body = {"model": "small", "prompt": "Wet?", "template": "{{ .Prompt }}"}
    assert "“raw”" in error(port, "/api/generate", body)


@pytest.mark.parametrize(
    ("path", "hint"),
    [
        ("/chat/completions", "must end in “/v1”"),
        ("/models/small", "must end in “/v1”"),
        ("/v1/v1/chat/completions", "without “/v1”"),
        ("/v1/api/chat", "without “/v1”"),
        ("/api/pull", "inglenook model get"),
        ("/v1/audio/speech", "text alone"),
    ],
)
def test_a_wrong_address_is_told_how_to_be_right(port: OpenPort, path: str, hint: str) -> None:
    said = error(port, path, {})
    assert said.startswith(f"Nothing is served at {path}. ")
    assert hint in said


def test_the_room_of_a_model_is_listed(port: OpenPort) -> None:
    small, embedder = port.ask("GET", "/v1/models")["json"]["data"]
    assert small["context_length"] == small["max_model_len"] == 2048
    assert "context_length" not in embedder


def test_a_page_that_was_named_may_send_what_its_client_sends(port: OpenPort) -> None:
    headers = {
        "origin": PAGE,
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization,x-stainless-os, odd\tname_",
        "access-control-request-private-network": "true",
    }
    preflight = port.ask("OPTIONS", CHAT, token="", headers=headers)
    allowed = preflight["headers"]["access-control-allow-headers"].split(", ")
    assert {"authorization", "content-type", "x-stainless-os"} <= set(allowed)
    assert "name_" not in allowed
    assert preflight["headers"]["access-control-allow-private-network"] == "true"
    other = port.ask("OPTIONS", CHAT, token="", headers={**headers, "origin": "http://a.example"})
    assert other["status"] == 403


def test_pictures_are_refused_in_words(port: OpenPort) -> None:
    picture = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}
    messages = [{"role": "user", "content": [{"type": "text", "text": "?"}, picture]}]
    assert "text alone" in error(port, CHAT, {"model": "small", "messages": messages})


def test_results_of_tools_may_be_parts(port: OpenPort) -> None:
    called = {"id": "c", "type": "function", "function": {"name": "look", "arguments": "{}"}}
    messages = [
        *QUESTION,
        {"role": "assistant", "content": None, "tool_calls": [called]},
        {"role": "tool", "tool_call_id": "c", "content": [{"type": "text", "text": "beds"}]},
    ]
    assert asked(port, messages=messages).turns[-1].text == "beds"


def test_several_answers_are_streamed_with_their_usage(port: OpenPort) -> None:
    body = {"model": "small", "messages": QUESTION, "n": 2, "stream": True}
    found = sse(port.ask("POST", CHAT, {**body, "stream_options": {"include_usage": True}})["text"])
    assert found[-1]["usage"]["completion_tokens"] == 8
    ends = [c["index"] for each in found for c in each["choices"] if c["finish_reason"]]
    assert sorted(ends) == [0, 1]
