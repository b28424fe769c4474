"""Bodies changed at random: each is answered, or refused in the form of its API."""

import copy
import json
import os
import random
from collections.abc import Iterator
from typing import Any

import pytest

from core.api.api_errors import ApiForm, form_of_path
from core.messages import (
    EmbedForProgram,
    JudgeForProgram,
    PassagesJudged,
    SearchDone,
    SearchForProgram,
    TextsEmbedded,
    UnloadForProgram,
)
from tests.api.open_port import OpenPort
from tests.api.test_other_forms import QUESTION, tool
from tests.api.test_request_fields import UNLOADED

COUNT = int(os.environ.get("INGLENOOK_FAULT_BODIES", "60"))
"""Bodies for each address; a night may have more of them."""
SCHEMA = {"type": "object", "properties": {"a": {"type": "integer", "minimum": 1}}}
FUNCTION = {"type": "function", "function": tool()}
OPTIONS = {"temperature": 0.5, "num_ctx": 99, "repeat_last_n": 3, "stop": ["x"], "num_predict": 5}
COMMON = {
    "temperature": 0.5,
    "top_p": 0.9,
    "seed": 3,
    "stop": ["x"],
    "max_tokens": 5,
    "stream": False,
}
CALLED = {"id": "c", "type": "function", "function": {"name": "look", "arguments": "{}"}}
BODIES: dict[str, dict[str, Any]] = {
    "/v1/chat/completions": {
        "model": "small",
        "messages": [
            {"role": "system", "content": "Be brief."},
            {"role": "assistant", "content": None, "tool_calls": [CALLED]},
            {"role": "tool", "tool_call_id": "c", "content": "beds"},
            {"role": "user", "content": [{"type": "text", "text": "Wet?"}]},
        ],
        **COMMON,
        "n": 2,
        "logit_bias": {"5": 1, "word": -1},
        "logprobs": True,
        "top_logprobs": 2,
        "tools": [FUNCTION],
        "tool_choice": {"type": "function", "function": {"name": "look"}},
        "response_format": {"type": "json_schema", "json_schema": {"name": "a", "schema": SCHEMA}},
        "stream_options": {"include_usage": True},
        "metadata": {"a": "b"},
        "chat_template_kwargs": {"enable_thinking": True},
        "folders": [],
    },
    "/v1/completions": {"model": "small", "prompt": ["One", "Two"], **COMMON, "echo": True},
    "/v1/responses": {
        "model": "small",
        "input": [
            {"role": "user", "content": [{"type": "input_text", "text": "Wet?"}]},
            {"type": "function_call", "call_id": "c", "name": "look", "arguments": "{}"},
            {"type": "function_call_output", "call_id": "c", "output": "beds"},
        ],
        "instructions": "Be brief.",
        "tools": [{"type": "function", **tool()}],
        "text": {"format": {"type": "json_schema", "name": "a", "schema": SCHEMA}},
        "reasoning": {"effort": "low"},
        "metadata": {"a": 1},
        "max_output_tokens": 5,
        "max_tool_calls": 3,
    },
    "/v1/embeddings": {"model": "", "input": ["a", "b"], "encoding_format": "float"},
    "/v1/rerank": {"query": "When?", "documents": ["a", {"text": "b"}], "top_n": 1},
    "/v1/search": {
        "query": "wet",
        "folders": ["g"],
        "k": 3,
        "types": ["pdf"],
        "paths": ["a/*"],
        "since": "2026-05-31",
        "until": "2026-06-30",
    },
    "/v1/messages": {
        "model": "small",
        "max_tokens": 5,
        "system": [{"type": "text", "text": "Be brief."}],
        "messages": [
            {"role": "user", "content": "Wet?"},
            {
                "role": "assistant",
                "content": [{"type": "tool_use", "id": "c", "name": "look", "input": {"a": 1}}],
            },
            {
                "role": "user",
                "content": [{"type": "tool_result", "tool_use_id": "c", "content": "beds"}],
            },
        ],
        "tools": [{"name": "look", "input_schema": SCHEMA}],
        "tool_choice": {"type": "auto"},
        "stop_sequences": ["x"],
    },
    "/v1/messages/count_tokens": {"model": "small", "messages": QUESTION},
    "/api/chat": {
        "model": "small",
        "messages": QUESTION,
        "options": OPTIONS,
        "tools": [FUNCTION],
        "format": SCHEMA,
        "keep_alive": "5m",
        "stream": False,
    },
    "/api/generate": {
        "model": "small",
        "prompt": "Wet?",
        "system": "Be brief.",
        "options": OPTIONS,
        "keep_alive": 0,
    },
    "/api/embed": {"model": "", "input": ["a"], "dimensions": 1},
    "/api/embeddings": {"model": "", "prompt": "a"},
    "/api/show": {"model": "small", "verbose": True},
}
DEEP: Any = "end"
for _level in range(70):
    DEEP = [DEEP] if _level % 2 else {"a": DEEP}
ODD: list[Any] = [
    None,
    True,
    False,
    0,
    -1,
    1.5,
    10**30,
    -(10**30),
    2**63,
    -(2**63),
    1e308,
    "",
    "odd",
    "x" * 20_000,
    [0] * 9,
    [],
    {},
    [[]],
    [None],
    {"a": None},
    DEEP,
    "\ud83d",
    "\0",
    "@raw@NaN",
    "@raw@1e999",
    "@raw@-Infinity",
    "@raw@" + "9" * 5000,
    "0001-01-01",
    "9999-12-31",
    ["x"] * 3000,
    {"type": "image_url"},
    "9" * 40,
]


@pytest.fixture
def answering(port: OpenPort) -> Iterator[OpenPort]:
    port.app.outcomes |= {
        EmbedForProgram: TextsEmbedded(
            request_id="", vectors=(b"\0\0\x80?" * 2,) * 32, embedder="/m/minilm", tokens=7
        ),
        JudgeForProgram: PassagesJudged(request_id="", probabilities=(0.5,) * 32),
        SearchForProgram: SearchDone(request_id="", hits=(), seconds=0.1),
        UnloadForProgram: UNLOADED,
    }
    yield port
    port.app.outcomes.clear()


def places(value: Any) -> list[tuple[Any, Any]]:
    """Return each container with each of its keys or indexes."""
    found = []
    keys = value.keys() if isinstance(value, dict) else range(len(value))
    for key in list(keys):
        found.append((value, key))
        if isinstance(value[key], dict | list):
            found += places(value[key])
    return found


def mutated(body: dict[str, Any], chance: random.Random) -> bytes:
    """Return a body with one to three changes, now and then one of its bytes."""
    changed = json.loads(json.dumps(body))
    for _number in range(chance.choice([1, 1, 1, 2, 3])):
        found = places(changed)
        if not found:
            break
        holder, key = chance.choice(found)
        match chance.choice(["odd"] * 6 + ["gone", "more", "swap", "key"]):
            case "odd":
                holder[key] = copy.deepcopy(chance.choice(ODD))
            case "gone":
                del holder[key]
            case "more" if isinstance(holder, list):
                holder.extend(holder * chance.choice([1, 200]))
            case "swap":
                other, other_key = chance.choice(found)
                holder[key] = json.loads(json.dumps(other[other_key]))
            case _ if isinstance(holder, dict):
                holder[str(chance.choice(ODD))[:300]] = holder[key]
    text = json.dumps(changed)
    for raw in ("NaN", "1e999", "-Infinity", "9" * 5000):
        text = text.replace(f'"@raw@{raw}"', raw)
    return with_odd_bytes(text.encode(), chance) if chance.random() < 0.15 else text.encode()


def with_odd_bytes(body: bytes, chance: random.Random) -> bytes:
    """Return a body that is cut, or has a byte that it shouldn't."""
    data = bytearray(body)
    place = chance.randrange(len(data))
    match chance.choice(["cut", "flip", "insert", "surrogate"]):
        case "cut":
            del data[place:]
        case "flip":
            data[place] ^= 1 << chance.randrange(8)
        case "insert":
            data[place:place] = chance.choice([b"\xff", b"\0", b"\xef\xbb\xbf", b"}", b"\\"])
        case _:
            data = bytearray(data.replace(b"Wet?", b"\xed\xa0\xbdWet?", 1))
    return bytes(data)


def is_error_object(answer: dict[str, Any], path: str) -> bool:
    """Whether an answer has the form in which its API says what is wrong."""
    value = answer.get("json")
    if form_of_path(path) is ApiForm.OLLAMA:
        return isinstance(value, dict) and isinstance(value.get("error"), str)
    error = value.get("error") if isinstance(value, dict) else None
    if not isinstance(error, dict) or not error.get("message"):
        return False
    if form_of_path(path) is ApiForm.ANTHROPIC:
        return value == {
            "type": "error",
            "error": {"type": error["type"], "message": error["message"]},
        }
    return set(error) == {"message", "type", "param", "code"}


@pytest.mark.slow
@pytest.mark.parametrize("path", BODIES)
def test_no_body_is_too_much(answering: OpenPort, path: str) -> None:
    chance = random.Random(path)
    pid = answering.client.pid
    statuses: dict[int, int] = {}
    for number in range(COUNT):
        data = mutated(BODIES[path], chance)
        answer = answering.ask("POST", path, hexed=data.hex())
        told = f"{number}: {data[:3000]!r} -> {answer}"[:6000]
        assert "failure" not in answer, told
        statuses[answer["status"]] = statuses.get(answer["status"], 0) + 1
        assert answer["status"] == 200 or 400 <= answer["status"] < 500, told
        if answer["status"] >= 400:
            assert is_error_object(answer, path), told
        else:
            assert "internal" not in answer["text"][-300:], told
    assert statuses.get(200), "some of them can be answered"
    assert statuses.get(400, 0) > COUNT / 5
    assert answering.ask("GET", "/v1/models")["status"] == 200
    assert answering.client.pid == pid


def test_the_bodies_without_a_change_are_answered(answering: OpenPort) -> None:
    for path, body in BODIES.items():
        assert answering.ask("POST", path, body)["status"] == 200, path


@pytest.mark.parametrize("method", ["GET", "DELETE", "HEAD"])
def test_no_address_is_too_much(port: OpenPort, method: str) -> None:
    odd = (
        "%ff",
        "%00",
        "%F0%9F%98%80",
        "x" * 3000,
        "../../etc/passwd",
        "%2e%2e%2f",
        "a?%f",
        "a/input_items?limit=9e9",
        "a/input_items?after=%00",
        "r/input_items?order=",
    )
    for start in ("/v1/models/", "/v1/responses/", "/", "/api/"):
        for end in odd:
            answer = port.ask(method, start + end)
            assert 400 <= answer["status"] < 500, (start, end, answer)
            assert method == "HEAD" or is_error_object(answer, start + end)
