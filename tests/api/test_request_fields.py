"""Fields of requests that others' clients send, each seen in what reaches the application."""

import json
from typing import Any

import pytest

from core.base.errors import ErrorCode
from core.messages import (
    AnswerDone,
    ApiModel,
    ApiModelsListed,
    EmbedForProgram,
    Failed,
    GenerateText,
    JudgeForProgram,
    ListApiModels,
    PassagesJudged,
    TextsEmbedded,
    UnloadForProgram,
)
from tests.api.open_port import OpenPort
from tests.api.test_other_forms import ANSWERED, CALL, QUESTION, TEXT, sse, tool

CHAT, RESPONSES = "/v1/chat/completions", "/v1/responses"
LOADED = AnswerDone(request_id="", stop="load")
UNLOADED = AnswerDone(request_id="", stop="unload")


def test_texts_are_ranked_by_how_likely_they_answer(port: OpenPort) -> None:
    port.app.outcomes[EmbedForProgram] = TextsEmbedded(
        request_id="", vectors=(b"\0\0\x80?",) * 4, embedder="/m/minilm", tokens=7
    )
    port.app.outcomes[JudgeForProgram] = PassagesJudged(
        request_id="", probabilities=(0.05, 0.94, 0.3)
    )
    body = {"query": "When?", "documents": ["a", {"text": "b"}, "c"], "return_documents": True}
    ranked = port.ask("POST", "/v1/rerank", body)["json"]
    assert [(each["index"], each["relevance_score"]) for each in ranked["results"]] == [
        (1, 0.94),
        (2, 0.3),
        (0, 0.05),
    ]
    assert ranked["results"][0]["document"] == {"text": "b"}
    judged = port.app.calls[-1]
    assert (judged.query, judged.texts) == ("When?", ("a", "b", "c"))


@pytest.mark.parametrize("path", ["/api/chat", "/api/generate"])
def test_a_model_is_loaded_and_unloaded_on_request(port: OpenPort, path: str) -> None:
    port.app.outcomes |= {GenerateText: LOADED, UnloadForProgram: UNLOADED}
    answer = port.ask("POST", path, {"model": "small"})["json"]
    assert (answer["done"], answer["done_reason"]) == (True, "load")
    (call,) = port.app.calls
    assert (call.model, call.turns, call.prompt) == ("small", (), "")
    for zero in (0, "0", "0s", 0.0):
        answer = port.ask("POST", path, {"model": "small", "keep_alive": zero})["json"]
        assert answer["done_reason"] == "unload"
        assert isinstance(port.app.calls[-1], UnloadForProgram)
    port.ask("POST", path, {"model": "small", "keep_alive": "10m"})
    assert isinstance(port.app.calls[-1], GenerateText)


def test_the_memory_of_a_model_is_freed_after_its_answer(port: OpenPort) -> None:
    port.app.outcomes[UnloadForProgram] = UNLOADED
    body = {"model": "inglenook:Garden+small", "messages": QUESTION, "keep_alive": 0}
    port.app.outcome = ANSWERED
    lines = port.ask("POST", "/api/chat", body)["text"].splitlines()
    assert json.loads(lines[-1])["inglenook"]["verdict"] == "answered"
    assert port.app.calls[-1].model == "small"


def test_an_answer_from_folders_has_its_passages_in_every_form(port: OpenPort) -> None:
    port.app.outcome = ANSWERED
    body = {"model": "inglenook:Garden", "messages": QUESTION, "max_tokens": 9}
    whole = port.ask("POST", "/v1/messages", body)["json"]
    assert whole["inglenook"]["passages"][0]["file"] == "a.md"
    events = sse(port.ask("POST", "/v1/messages", {**body, "stream": True})["text"])
    (delta,) = [each for each in events if each["type"] == "message_delta"]
    assert delta["inglenook"]["citations"][0]["n"] == 1


def test_each_answer_from_folders_has_its_own_citations(port: OpenPort) -> None:
    port.app.outcome = ANSWERED
    body = {"model": "inglenook:Garden", "messages": QUESTION, "n": 2}
    whole = port.ask("POST", CHAT, body)["json"]
    first, second = whole["choices"]
    assert first["message"]["annotations"] == second["message"]["annotations"] != []
    assert second["inglenook"]["passages"] == whole["inglenook"]["passages"]
    events = sse(port.ask("POST", CHAT, {**body, "stream": True})["text"])
    texts = dict.fromkeys(range(2), "")
    for choice in (event["choices"][0] for event in events):
        texts[choice["index"]] += choice["delta"].get("content", "")
    assert texts == {0: TEXT, 1: TEXT}


def test_the_string_that_ended_a_message_is_told(port: OpenPort) -> None:
    body = {"model": "small", "messages": QUESTION, "max_tokens": 9, "stop_sequences": ["wet"]}
    port.app.outcome = AnswerDone(request_id="", stop="stop", stop_string="wet", text="It is ")
    answer = port.ask("POST", "/v1/messages", body)["json"]
    assert (answer["stop_reason"], answer["stop_sequence"]) == ("stop_sequence", "wet")
    port.app.outcome = AnswerDone(request_id="", stop="stop", text="It is ")  # of the template
    answer = port.ask("POST", "/v1/messages", body)["json"]
    assert (answer["stop_reason"], answer["stop_sequence"]) == ("end_turn", None)


@pytest.mark.parametrize("field", ["output_config", "output_format"])
def test_a_message_follows_a_schema(port: OpenPort, field: str) -> None:
    form: dict[str, Any] = {"type": "json_schema", "schema": {"type": "object"}}
    given = {"format": form} if field == "output_config" else form
    body = {"model": "small", "messages": QUESTION, "max_tokens": 9, field: given}
    assert port.ask("POST", "/v1/messages", body)["status"] == 200
    assert json.loads(port.app.calls[0].sampling.json_schema) == {"type": "object"}


def test_tools_may_be_narrowed_to_some(port: OpenPort) -> None:
    others = [tool(name="dig"), tool(), tool(name="rest")]
    chosen = [{"type": "function", "function": {"name": name}} for name in ("look", "dig")]
    body = {
        "model": "small",
        "messages": QUESTION,
        "tools": [{"type": "function", "function": each} for each in others],
        "tool_choice": {
            "type": "allowed_tools",
            "allowed_tools": {"mode": "required", "tools": chosen},
        },
    }
    assert port.ask("POST", CHAT, body)["status"] == 200
    call = port.app.calls[0]
    assert [each["name"] for each in json.loads(call.sampling.tools)] == ["look", "dig"]
    assert call.sampling.tool_use == "required"
    flat = [{"type": "function", "name": "dig"}]
    body = {
        "model": "small",
        "input": "Wet?",
        "tools": [{"type": "function", **each} for each in others],
        "tool_choice": {"type": "allowed_tools", "mode": "auto", "tools": flat},
    }
    assert port.ask("POST", RESPONSES, body)["status"] == 200
    call = port.app.calls[1]
    assert [each["name"] for each in json.loads(call.sampling.tools)] == ["dig"]
    assert call.sampling.tool_use == "auto"
    body["tool_choice"] = {"type": "function", "name": "swim"}
    assert port.ask("POST", RESPONSES, body)["json"]["error"]["param"] == "tool_choice"


def test_results_go_to_the_calls_of_the_stored_response(port: OpenPort) -> None:
    second = CALL.replace("look", "dig")
    port.app.words = (CALL, second)
    tools = [{"type": "function", **tool(name=name)} for name in ("look", "dig")]
    body = {"model": "small", "input": "Wet?", "tools": tools}
    answer = port.ask("POST", RESPONSES, body)["json"]
    look, dig = answer["output"]
    results = [
        {"type": "function_call_output", "call_id": dig["call_id"], "output": "stones"},
        {"type": "function_call_output", "call_id": look["call_id"], "output": "beds"},
    ]
    port.app.words = ("Done.",)
    body |= {"input": results, "previous_response_id": answer["id"]}
    assert port.ask("POST", RESPONSES, body)["status"] == 200
    assert [turn.text for turn in port.app.calls[-1].turns[-2:]] == ["beds", "stones"]


def test_an_unknown_response_is_no_ground_to_go_on(port: OpenPort) -> None:
    body = {"model": "small", "input": "And?", "previous_response_id": "resp_x"}
    answer = port.ask("POST", RESPONSES, body)
    assert answer["status"] == 400
    error = answer["json"]["error"]
    assert error["code"] == "previous_response_not_found"
    assert error["param"] == "previous_response_id"


def test_several_prompts_are_answered_in_order(port: OpenPort) -> None:
    body = {"model": "small", "prompt": ["One,", "Two,"], "n": 2, "echo": True}
    answer = port.ask("POST", "/v1/completions", body)["json"]
    assert [each["index"] for each in answer["choices"]] == [0, 1, 2, 3]
    assert [each["text"] for each in answer["choices"]] == [
        *[f"One,{TEXT}"] * 2,
        *[f"Two,{TEXT}"] * 2,
    ]
    assert (answer["usage"]["prompt_tokens"], answer["usage"]["completion_tokens"]) == (18, 16)
    events = sse(port.ask("POST", "/v1/completions", {**body, "stream": True})["text"])
    texts = dict.fromkeys(range(4), "")
    for event in events:
        texts[event["choices"][0]["index"]] += event["choices"][0]["text"]
    assert [*texts.values()] == [f"One,{TEXT}", f"One,{TEXT}", f"Two,{TEXT}", f"Two,{TEXT}"]


def test_thinking_in_a_completion_is_streamed_and_the_prompt_echoed_once(port: OpenPort) -> None:
    port.app.thoughts, port.app.words = ("Hm. ",), ("Wet.",)
    body = {"model": "small", "prompt": "One,", "echo": True, "stream": True}
    events = sse(port.ask("POST", "/v1/completions", body)["text"])
    assert "".join(each["choices"][0]["text"] for each in events) == "One,Hm. Wet."


def test_likeliest_tokens_need_log_probabilities(port: OpenPort) -> None:
    body = {"model": "small", "messages": QUESTION, "top_logprobs": 2}
    answer = port.ask("POST", CHAT, body)
    assert (answer["status"], answer["json"]["error"]["param"]) == (400, "top_logprobs")


@pytest.mark.parametrize(
    ("path", "kind", "body"),
    [
        (CHAT, "image_url", {"image_url": {"url": "data:,"}}),
        (RESPONSES, "input_image", {"image_url": "data:,"}),
        ("/v1/messages", "image", {"source": {}}),
    ],
)
def test_a_picture_is_refused_in_words(
    port: OpenPort, path: str, kind: str, body: dict[str, Any]
) -> None:
    said = [{"role": "user", "content": [{"type": kind, **body}]}]
    most = "max_output_tokens" if path == RESPONSES else "max_tokens"
    name = "input" if path == RESPONSES else "messages"
    answer = port.ask("POST", path, {"model": "small", most: 5, name: said})
    assert answer["status"] == 400
    assert f"“{kind}” at “{name}[0].content[0].type” can't be read" in answer["text"]


def test_pictures_of_ollamas_form_are_refused_in_words(port: OpenPort) -> None:
    said = [{"role": "user", "content": "What is this?", "images": ["iVBORw0KGgo="]}]
    answer = port.ask("POST", "/api/chat", {"model": "small", "messages": said})
    assert answer["status"] == 400
    assert "“image” at “messages[0].images” can't be read: models are given text" in answer["text"]
    body = {"model": "small", "prompt": "What is this?", "images": ["iVBORw0KGgo="]}
    answer = port.ask("POST", "/api/generate", body)
    assert answer["status"] == 400
    assert "“image” at “images” can't be read" in answer["text"]


def test_unknown_options_are_passed_over_as_ollama_does(port: OpenPort) -> None:
    options = {"mirostat": 0, "tfs_z": 1.0, "num_ctx": 512, "seed": 3}
    body = {"model": "small", "messages": QUESTION, "options": options}
    assert port.ask("POST", "/api/chat", body)["status"] == 200
    assert port.app.calls[0].sampling.seed == 3


def test_the_default_model_is_shown(port: OpenPort) -> None:
    listed = ApiModelsListed(models=(ApiModel(name="a"), ApiModel(name="b", is_chosen=True)))
    port.app.outcomes[ListApiModels] = listed
    assert port.ask("GET", "/v1/models/default")["json"]["id"] == "b"
    assert port.ask("POST", "/api/show", {"model": "default"})["status"] == 200
    assert port.ask("GET", "/v1/models/c")["status"] == 404


def test_a_model_is_shown_under_the_name_of_its_file_too(port: OpenPort) -> None:
    models = (ApiModel(name="wren-1b-q4_1", file_name="Wren 1B.Q4_1"), ApiModel(name="b"))
    port.app.outcomes[ListApiModels] = ApiModelsListed(models=models)
    shown = port.ask("GET", "/v1/models/Wren%201B.Q4_1")
    assert (shown["status"], shown["json"]["id"]) == (200, "wren-1b-q4_1")
    assert port.ask("POST", "/api/show", {"model": "Wren 1B.Q4_1:latest"})["status"] == 200
    twins = (*models, ApiModel(name="other", file_name="Wren 1B.Q4_1"))
    port.app.outcomes[ListApiModels] = ApiModelsListed(models=twins)
    assert port.ask("GET", "/v1/models/Wren%201B.Q4_1")["status"] == 404


def test_a_program_is_told_where_names_stand(port: OpenPort) -> None:
    port.app.outcome = Failed(request_id="", code=ErrorCode.MODEL_UNKNOWN, facts={"ref": "gpt-4o"})
    answer = port.ask("POST", CHAT, {"model": "gpt-4o", "messages": QUESTION})
    told = answer["json"]["error"]["message"]
    assert told == "No model is called “gpt-4o”. GET /v1/models lists the names."


def test_half_an_emoji_is_no_reason_to_refuse(port: OpenPort) -> None:
    body = {"model": "small", "messages": [{"role": "user", "content": "Wet \ud83d?"}]}
    assert port.ask("POST", CHAT, body)["status"] == 200
    assert port.app.calls[0].turns[0].text == "Wet \ufffd?"
    whole = {"model": "small", "messages": [{"role": "user", "content": "Wet \U0001f327?"}]}
    port.ask("POST", CHAT, whole)
    assert port.app.calls[1].turns[0].text == "Wet \U0001f327?"
