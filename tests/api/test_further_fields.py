"""What other servers take and tell: prompts of tokens, items read, durations, status pages."""

from typing import Any

import pytest

from core.base.errors import ErrorCode
from core.messages import AnswerDone, ApiModel, ApiModelsListed, Failed, GenerateText, ListApiModels
from tests.api.open_port import OpenPort
from tests.api.test_other_forms import QUESTION, TEXT, sse

CHAT, TEXTS, RESPONSES = "/v1/chat/completions", "/v1/completions", "/v1/responses"


def refused(port: OpenPort, path: str, body: Any) -> dict[str, Any]:
    answer = port.ask("POST", path, body)
    assert answer["status"] == 400, answer
    return answer["json"]["error"]  # type: ignore[no-any-return]


def test_a_prompt_may_be_tokens(port: OpenPort) -> None:
    body: dict[str, Any] = {"model": "small", "prompt": [5, 6, 7]}
    assert port.ask("POST", TEXTS, body)["json"]["choices"][0]["text"] == TEXT
    (call,) = port.app.calls
    assert (call.prompt, call.prompt_ids) == ("", (5, 6, 7))
    port.ask("POST", TEXTS, {**body, "prompt": [[1], [2, 3]]})
    assert [each.prompt_ids for each in port.app.calls[1:]] == [(1,), (2, 3)]
    wrong: Any
    for wrong in ([], [[]], [1, "a"], [1, [2]], [-1], [2**31], [1.5], [[1], "a"], [None]):
        assert refused(port, TEXTS, {**body, "prompt": wrong})["param"].startswith("prompt")
    assert refused(port, TEXTS, {**body, "suffix": "end"})["param"] == "suffix"
    port.app.outcome = Failed(
        request_id="", code=ErrorCode.TOKEN_UNKNOWN, facts={"token": "9", "size": "8"}
    )
    assert "from 0 to below 8" in refused(port, TEXTS, body)["message"]


@pytest.mark.parametrize("streamed", [False, True])
def test_tokens_are_echoed_as_the_text_that_they_are(port: OpenPort, streamed: bool) -> None:
    port.app.sent = "One,"
    body = {"model": "small", "prompt": [5, 6], "echo": True, "stream": streamed, "n": 2}
    answer = port.ask("POST", TEXTS, body)
    found = sse(answer["text"]) if streamed else [answer["json"]]
    choices = [choice for each in found for choice in each["choices"]]
    texts = ["".join(e["text"] for e in choices if e["index"] == number) for number in (0, 1)]
    assert texts == [f"One,{TEXT}"] * 2


def test_what_a_response_was_made_from_is_listed(port: OpenPort) -> None:
    first = port.ask("POST", RESPONSES, {"model": "small", "input": "Wet?"})["json"]
    items = [
        {"type": "function_call", "call_id": "c", "name": "look", "arguments": "{}"},
        {"type": "function_call_output", "call_id": "c", "output": "beds"},
        {"type": "reasoning", "summary": [], "content": [{"type": "reasoning_text", "text": "H"}]},
        {"role": "user", "content": [{"type": "input_text", "text": "Sure?"}], "id": "msg_own"},
    ]
    body = {"model": "small", "input": items, "previous_response_id": first["id"]}
    second = port.ask("POST", RESPONSES, body)["json"]
    place = f"{RESPONSES}/{second['id']}/input_items"
    listed = port.ask("GET", f"{place}?order=asc")["json"]
    kinds = [each["type"] for each in listed["data"]]
    assert kinds == ["message", "message", "function_call", "function_call_output", "reasoning",
                     "message"]  # fmt: skip
    assert listed["data"][0]["content"] == [{"type": "input_text", "text": "Wet?"}]
    assert listed["data"][1] == first["output"][0]
    assert (listed["object"], listed["has_more"]) == ("list", False)
    assert (listed["first_id"], listed["last_id"]) == (listed["data"][0]["id"], "msg_own")
    newest = port.ask("GET", f"{place}?limit=2")["json"]
    assert [each["id"] for each in newest["data"]] == [e["id"] for e in listed["data"][:-3:-1]]
    assert newest["has_more"]
    rest = port.ask("GET", f"{place}?after={newest['last_id']}")["json"]
    assert len(rest["data"]) == 4
    for query, name in (("limit=0", "limit"), ("limit=x", "limit"), ("order=up", "order"),
                        ("after=msg_none", "after")):  # fmt: skip
        answer = port.ask("GET", f"{place}?{query}")
        assert (answer["status"], answer["json"]["error"]["param"]) == (400, name)
    other = port.read_token("other").token
    assert port.ask("GET", place, token=other)["status"] == 404
    assert port.ask("GET", f"{RESPONSES}/resp_none/input_items")["status"] == 404


def test_tokens_of_thinking_are_told(port: OpenPort) -> None:
    port.app.outcomes[GenerateText] = AnswerDone(
        request_id="",
        stop="eos",
        text="Wet.",
        thinking="Hm.",
        prompt_tokens=9,
        completion_tokens=7,
        thinking_tokens=5,
    )
    body = {"model": "small", "messages": QUESTION, "n": 2}
    usage = port.ask("POST", CHAT, body)["json"]["usage"]
    assert usage["completion_tokens_details"]["reasoning_tokens"] == 10
    answer = port.ask("POST", RESPONSES, {"model": "small", "input": "Wet?"})["json"]
    assert answer["usage"]["output_tokens_details"] == {"reasoning_tokens": 5}


def test_options_of_ollama_reach_the_engine(port: OpenPort) -> None:
    options = {"num_ctx": 512, "repeat_last_n": -1, "num_predict": -2, "num_gpu": 1}
    body = {"model": "small", "messages": QUESTION, "options": options, "stream": False}
    assert port.ask("POST", "/api/chat", body)["status"] == 200
    (call,) = port.app.calls
    assert (call.most_context, call.sampling.repeat_last_n, call.max_tokens) == (512, -1, 0)
    assert call.may_leave_out, "Ollama leaves early messages out"
    more = {"truncate": False, "shift": True, "logprobs": False}
    assert port.ask("POST", "/api/chat", {**body, **more})["status"] == 200
    assert not port.app.calls[-1].may_leave_out
    generate = {"model": "small", "prompt": "Wet?", "options": options, "stream": False}
    port.ask("POST", "/api/generate", generate)
    assert (port.app.calls[-1].most_context, port.app.calls[-1].sampling.repeat_last_n) == (512, -1)
    port.ask("POST", CHAT, {"model": "small", "messages": QUESTION, "repeat_last_n": 8})
    assert port.app.calls[-1].sampling.repeat_last_n == 8


@pytest.mark.parametrize(
    ("given", "seconds"),
    [
        (None, None),
        ("", None),
        (90, 90.0),
        (1.5, 1.5),
        ("5m", 300.0),
        ("1h30m", 5400.0),
        ("1.5h", 5400.0),
        ("300ms", 0.3),
        ("+2s", 2.0),
        (-1, -1.0),
        ("-1m", -1.0),
        ("999999h", -1.0),
        (1e300, -1.0),
    ],
)
def test_a_model_stays_as_long_as_a_program_says(
    port: OpenPort, given: Any, seconds: float | None
) -> None:
    body = {"model": "small", "messages": QUESTION, "stream": False, "keep_alive": given}
    assert port.ask("POST", "/api/chat", body)["status"] == 200
    assert port.app.calls[-1].keep_seconds == seconds


@pytest.mark.parametrize("given", ["5", "soon", "5 m", "m", "1h-5m", "∞"])
def test_what_is_no_duration_is_refused(port: OpenPort, given: str) -> None:
    for path in ("/api/chat", "/api/generate"):
        answer = port.ask("POST", path, {"model": "small", "keep_alive": given})
        assert answer["status"] == 400
        assert "is no duration" in answer["json"]["error"]
    assert not port.app.calls


def test_when_a_model_goes_is_told(port: OpenPort) -> None:
    model = ApiModel(name="a", is_loaded=True, context=9, loaded_context=7, seconds_left=60.0)
    kept = ApiModel(name="b", is_loaded=True, context=9)
    port.app.outcomes[ListApiModels] = ApiModelsListed(models=(model, kept))
    soon, never = port.ask("GET", "/api/ps")["json"]["models"]
    assert (soon["context_length"], never["context_length"]) == (7, 9)
    assert soon["expires_at"] < never["expires_at"]
    assert soon["expires_at"].endswith("Z")


def test_programs_ask_whether_it_is_there(port: OpenPort) -> None:
    greeting = port.ask("GET", "/")
    assert greeting["text"].startswith("Ollama is running")
    assert port.ask("GET", "/health")["json"] == {"status": "ok"}
    limited = port.read_token("searcher", scopes=("search",)).token
    for path in ("/", "/health", "/v1/health", "/api/version"):
        answer = port.ask("HEAD", path)
        assert (answer["status"], answer["text"]) == (200, "")
        assert port.ask("GET", path, token=limited)["status"] == 200
        assert port.ask("GET", path, token="wrong")["status"] == 401
    assert port.ask("HEAD", "/v1/models")["status"] == 200
    assert port.ask("HEAD", "/v1/none")["status"] == 404
