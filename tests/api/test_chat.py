"""Chat completions: whole and streamed, with what an answer counts and how it ends."""

import json
from typing import Any

from core.base.errors import ErrorCode
from core.messages import Failed, GenerateText
from tests.api.open_port import OpenPort

CHAT = "/v1/chat/completions"


def question(**more: Any) -> dict[str, Any]:
    return {"model": "small", "messages": [{"role": "user", "content": "Wet?"}], **more}


def events(text: str) -> list[Any]:
    """Return the data of a stream's events, the last one's marker left out."""
    found = [line.removeprefix("data: ") for line in text.splitlines() if line.startswith("data: ")]
    assert found[-1] == "[DONE]"
    return [json.loads(each) for each in found[:-1]]


def test_a_whole_answer(port: OpenPort) -> None:
    answer = port.ask("POST", CHAT, question(temperature=0, max_tokens=5, stop="x", seed=-1))[
        "json"
    ]
    assert answer["object"] == "chat.completion"
    (choice,) = answer["choices"]
    assert choice["message"]["content"] == "The garden is wet."
    assert choice["finish_reason"] == "stop"
    usage = answer["usage"]
    assert (usage["prompt_tokens"], usage["completion_tokens"], usage["total_tokens"]) == (9, 4, 13)
    assert usage["prompt_tokens_details"]["cached_tokens"] == 4
    (call,) = port.app.calls
    assert isinstance(call, GenerateText)
    assert (call.model, call.client, call.max_tokens) == ("small", "local", 5)
    assert (call.sampling.temperature, call.sampling.stop) == (0, ("x",))
    assert call.sampling.seed == 2**32 - 2
    assert call.sampling.top_p is None


def test_a_stream(port: OpenPort) -> None:
    body = question(stream=True, stream_options={"include_usage": True})
    answer = port.ask("POST", CHAT, body)
    assert answer["headers"]["content-type"].startswith("text/event-stream")
    chunks = events(answer["text"])
    deltas = [chunk["choices"][0]["delta"] for chunk in chunks[:-1]]
    assert deltas[0]["role"] == "assistant"
    assert "".join(delta.get("content", "") for delta in deltas) == "The garden is wet."
    assert chunks[-2]["choices"][0]["finish_reason"] == "stop"
    assert (chunks[-1]["choices"], chunks[-1]["usage"]["completion_tokens"]) == ([], 4)
    assert len({chunk["id"] for chunk in chunks}) == 1
    assert "usage" not in events(port.ask("POST", CHAT, question(stream=True))["text"])[0]


def test_several_answers_draw_other_seeds(port: OpenPort) -> None:
    answer = port.ask("POST", CHAT, question(n=3, seed=7))["json"]
    assert [choice["index"] for choice in answer["choices"]] == [0, 1, 2]
    assert answer["usage"]["prompt_tokens"] == 9
    assert answer["usage"]["completion_tokens"] == 12
    assert {call.sampling.seed for call in port.app.calls} == {7, 8, 9}


def test_parts_and_roles(port: OpenPort) -> None:
    parts = [{"type": "text", "text": "A"}, {"type": "text", "text": "B"}]
    messages = [
        {"role": "developer", "content": "Be short."},
        {"role": "user", "content": parts},
        {"role": "assistant", "content": "C", "refusal": None, "annotations": []},
        {"role": "user", "content": "D"},
    ]
    assert port.ask("POST", CHAT, question(messages=messages))["status"] == 200
    turns = port.app.calls[0].turns
    assert [(turn.role, turn.text) for turn in turns] == [
        ("system", "Be short."),
        ("user", "A\nB"),
        ("assistant", "C"),
        ("user", "D"),
    ]
    picture = [{"type": "image_url", "image_url": {"url": "file:///etc/passwd"}}]
    messages = [{"role": "user", "content": picture}]
    assert port.ask("POST", CHAT, question(messages=messages))["status"] == 400


def test_a_schema_becomes_the_engine_s(port: OpenPort) -> None:
    schema = {"type": "object", "properties": {"wet": {"type": "boolean"}}}
    form = {"type": "json_schema", "json_schema": {"name": "w", "schema": schema, "strict": True}}
    port.ask("POST", CHAT, question(response_format=form))
    assert json.loads(port.app.calls[0].sampling.json_schema) == schema
    port.ask("POST", CHAT, question(response_format={"type": "json_object"}))
    assert json.loads(port.app.calls[1].sampling.json_schema) == {"type": "object"}
    answer = port.ask("POST", CHAT, question(response_format={"type": "json_schema"}))
    assert answer["json"]["error"]["param"] == "response_format.json_schema"


def test_failures_have_a_status_and_a_code(port: OpenPort) -> None:
    for code, status, name in (
        (ErrorCode.MODEL_UNKNOWN, 404, "model_not_found"),
        (ErrorCode.CONTEXT_FULL, 400, "context_length_exceeded"),
        (ErrorCode.ENGINE_DIED, 503, "engine_died"),
    ):
        port.app.outcome = Failed(request_id="", code=code, facts={"ref": "big"})
        for streamed in (False, True):
            answer = port.ask("POST", CHAT, question(stream=streamed))
            assert (answer["status"], answer["json"]["error"]["code"]) == (status, name)


def test_a_client_that_leaves_cancels(port: OpenPort) -> None:
    port.app.is_holding = True
    port.ask("POST", CHAT, question(stream=True), leave_after=3)
    call = port.app.calls[0]
    port.poll_until(lambda: call.call_id in port.app.cancelled)
    port.app.finish(call, port.app.done(call, stop="cancelled", completion_tokens=77))
    assert port.ask("GET", "/v1/models")["status"] == 200
    port.poll_until(lambda: any(each.path == CHAT for each in port.app.activities))
    counts = [
        (each.tokens_read, each.tokens_cached, each.tokens_written) for each in port.app.activities
    ]
    assert (9, 4, 77) in counts, "what was computed for nobody counts, too"


def test_a_client_that_leaves_before_the_answer_cancels(port: OpenPort) -> None:
    port.app.is_holding = True
    assert port.ask("POST", CHAT, question(n=2), seconds=0.3) == {"failure": "TimeoutError"}
    port.poll_until(lambda: len(port.app.cancelled) == 2)
