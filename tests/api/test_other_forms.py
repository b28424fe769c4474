"""The other forms of the API: completions, responses, Anthropic's, Ollama's, folders, vectors."""

import json
import struct
from typing import Any

import pytest
from msgspec import structs

from core.base.errors import ErrorCode
from core.messages import (
    UNKNOWN_COUNT,
    AnswerCitation,
    AnswerPassage,
    AskFolders,
    EmbedForProgram,
    Failed,
    FoldersAnswered,
    GenerateText,
    JudgeForProgram,
    PassagesJudged,
    SearchDone,
    SearchForProgram,
    SearchHit,
    SearchVerdict,
    TextsEmbedded,
)
from tests.api.open_port import OpenPort

QUESTION = [{"role": "user", "content": "Wet?"}]
TEXT = "The garden is wet."
CALL = '<tool_call>\n{"name": "look", "arguments": {"at": "beds"}}\n</tool_call>'
PASSAGE = AnswerPassage(
    n=1, folder="Garden", file="a.md", path="/g/a.md", page=2, heading="", text=TEXT, score=1.0
)
CITED = AnswerCitation(n=1, start=0, end=18, source_start=0, source_end=18)
ANSWERED = FoldersAnswered(
    text=TEXT, verdict="answered", passages=(PASSAGE,), citations=(CITED,), completion_tokens=4
)


def sse(text: str) -> list[Any]:
    lines = [line.removeprefix("data: ") for line in text.splitlines() if line.startswith("data: ")]
    return [json.loads(line) for line in lines if line != "[DONE]"]


def tool(**more: Any) -> dict[str, Any]:
    parameters = {"type": "object", "properties": {"at": {"type": "string"}}}
    return {"name": "look", "description": "Look.", "parameters": parameters, **more}


def test_a_text_goes_on(port: OpenPort) -> None:
    body = {
        "model": "small",
        "prompt": "One,",
        "suffix": "three",
        "echo": True,
        "logit_bias": {"5": 1},
    }
    answer = port.ask("POST", "/v1/completions", body)["json"]
    assert answer["choices"][0]["text"] == "One," + TEXT
    (call,) = port.app.calls
    assert (call.prompt, call.suffix, call.turns, call.max_tokens) == ("One,", "three", (), 16)
    assert call.sampling.token_bias == {5: 1}
    chunks = sse(port.ask("POST", "/v1/completions", {**body, "stream": True})["text"])
    assert "".join(chunk["choices"][0]["text"] for chunk in chunks) == "One," + TEXT


def test_tools_are_described_and_calls_are_read(port: OpenPort) -> None:
    port.app.words = ("I look. ", CALL[:9], CALL[9:40], CALL[40:])
    path, body = "/v1/chat/completions", {"model": "small", "messages": QUESTION}
    body |= {"tools": [{"type": "function", "function": tool()}]}
    (choice,) = port.ask("POST", path, body)["json"]["choices"]
    assert choice["finish_reason"] == "tool_calls"
    assert choice["message"]["content"] == "I look. "
    (called,) = choice["message"]["tool_calls"]
    assert called["function"] == {"name": "look", "arguments": '{"at": "beds"}'}
    call = port.app.calls[0]
    assert call.sampling.tool_use == "auto"
    assert json.loads(call.sampling.tools)[0]["name"] == "look"
    deltas = [
        chunk["choices"][0]["delta"]
        for chunk in sse(port.ask("POST", path, {**body, "stream": True})["text"])
    ]
    pieces = [each["function"] for delta in deltas for each in delta.get("tool_calls", ())]
    assert pieces[0] == {"name": "look", "arguments": ""}
    assert "".join(piece["arguments"] for piece in pieces) == '{"at": "beds"}'
    assert "".join(delta.get("content") or "" for delta in deltas) == "I look. "
    messages = [
        *QUESTION,
        {**choice["message"]},
        {"role": "tool", "tool_call_id": "1", "content": "Wet."},
    ]
    port.ask("POST", path, {**body, "messages": messages, "tool_choice": "none"})
    turns = port.app.calls[-1].turns
    assert CALL in turns[1].text
    assert (turns[2].role, turns[2].text) == ("tool", "Wet.")
    assert port.app.calls[-1].sampling.tools is None
    wrong = {"type": "function", "function": {"name": "listen"}}
    assert port.ask("POST", path, {**body, "tool_choice": wrong})["status"] == 400


def test_messages_as_anthropic_has_them(port: OpenPort) -> None:
    body = {"model": "small", "messages": QUESTION, "max_tokens": 9, "system": "Be short."}
    answer = port.ask("POST", "/v1/messages", body)["json"]
    assert answer["content"][0]["text"] == TEXT
    assert answer["stop_reason"] == "end_turn"
    assert (answer["usage"]["input_tokens"], answer["usage"]["cache_read_input_tokens"]) == (5, 4)
    events = sse(port.ask("POST", "/v1/messages", {**body, "stream": True})["text"])
    kinds = [event["type"] for event in events]
    assert kinds[:2] == ["message_start", "content_block_start"]
    assert kinds[-3:] == ["content_block_stop", "message_delta", "message_stop"]
    texts = [each["delta"]["text"] for each in events if each["type"] == "content_block_delta"]
    assert "".join(texts) == TEXT
    port.app.words = (CALL,)
    tools = [{"name": "look", "input_schema": {"type": "object"}}]
    called = port.ask("POST", "/v1/messages", {**body, "tools": tools})["json"]
    assert called["stop_reason"] == "tool_use"
    assert called["content"][-1]["input"] == {"at": "beds"}
    counted = port.ask(
        "POST", "/v1/messages/count_tokens", {"model": "small", "messages": QUESTION}
    )
    assert counted["json"] == {"input_tokens": 9}
    missing = port.ask("POST", "/v1/messages", {"model": "small", "messages": QUESTION})
    assert missing["json"]["type"] == "error"
    assert missing["json"]["error"]["type"] == "invalid_request_error"


def test_chat_and_generate_as_ollama_has_them(port: OpenPort) -> None:
    lines = port.ask("POST", "/api/chat", {"model": "small:latest", "messages": QUESTION})["text"]
    parts = [json.loads(line) for line in lines.splitlines()]
    assert "".join(part["message"]["content"] for part in parts) == TEXT
    assert [part["done"] for part in parts][-2:] == [False, True]
    assert parts[-1]["eval_count"] == 4
    body = {"model": "small", "prompt": "Wet?", "stream": False, "options": {"num_predict": 3}}
    whole = port.ask("POST", "/api/generate", body)["json"]
    assert (whole["response"], whole["done_reason"]) == (TEXT, "stop")
    assert port.app.calls[-1].max_tokens == 3
    assert port.ask("GET", "/api/tags")["json"]["models"][0]["name"] == "small"
    assert port.ask("POST", "/api/show", {"model": "other"})["json"]["error"]
    assert port.ask("POST", "/api/chat", {"model": "small", "think": 1})["status"] == 400


def test_responses_and_what_goes_on_from_them(port: OpenPort) -> None:
    first = port.ask("POST", "/v1/responses", {"model": "small", "input": "Wet?"})["json"]
    assert first["output"][0]["content"][0]["text"] == TEXT
    assert (first["status"], first["usage"]["total_tokens"]) == ("completed", 13)
    body = {"model": "small", "input": "Sure?", "previous_response_id": first["id"]}
    events = sse(port.ask("POST", "/v1/responses", {**body, "stream": True})["text"])
    assert [event["sequence_number"] for event in events] == list(range(len(events)))
    assert events[0]["type"] == "response.created"
    assert events[-1]["response"]["output"][0]["content"][0]["text"] == TEXT
    texts = [turn.text for turn in port.app.calls[-1].turns]
    assert texts == ["Wet?", TEXT, "Sure?"]
    place = f"/v1/responses/{first['id']}"
    assert port.ask("GET", place)["json"]["id"] == first["id"]
    other = port.read_token("other").token
    assert port.ask("GET", place, token=other)["status"] == 404
    assert port.ask("DELETE", place)["json"]["deleted"]
    assert port.ask("GET", place)["status"] == 404
    picture = [{"role": "user", "content": [{"type": "input_image", "image_url": "file:///x"}]}]
    assert port.ask("POST", "/v1/responses", {"model": "s", "input": picture})["status"] == 400


@pytest.mark.parametrize("streamed", [False, True])
def test_folders_are_models(port: OpenPort, streamed: bool) -> None:
    port.app.outcome = ANSWERED
    body = {"model": "inglenook:Garden+small", "messages": QUESTION, "stream": streamed}
    answer = port.ask("POST", "/v1/chat/completions", body)
    call = port.app.calls[0]
    assert isinstance(call, AskFolders)
    assert (call.folders, call.model) == (("Garden",), "small")
    chunks = sse(answer["text"]) if streamed else []
    assert [each["choices"][0]["delta"].get("role") for each in chunks[:2]] == (
        ["assistant", None] if streamed else []
    )
    whole = chunks[1] if streamed else answer["json"]
    part = whole["choices"][0]["delta" if streamed else "message"]
    assert part["content"] == TEXT
    assert part["annotations"][0]["url_citation"]["url"] == "file:///g/a.md#page=2"
    assert whole["inglenook"]["passages"][0]["file"] == "a.md"
    assert whole["inglenook"]["citations"][0]["source_end"] == 18
    assert whole["inglenook"]["refused"] is False
    only_chat = port.read_token("no search", scopes=("chat",)).token
    assert port.ask("POST", "/v1/chat/completions", body, token=only_chat)["status"] == 403
    port.app.outcome = Failed(
        request_id="", code=ErrorCode.FOLDER_UNKNOWN, facts={"name": "Garden"}
    )
    assert port.ask("POST", "/v1/chat/completions", body)["status"] == 404


def test_vectors_and_order(port: OpenPort) -> None:
    vectors = (struct.pack("<2f", 1, 0), struct.pack("<2f", 0, 1), struct.pack("<2f", 0.8, 0.6))
    port.app.outcome = TextsEmbedded(request_id="", vectors=vectors, embedder="/m/minilm", tokens=7)
    body = {"model": "minilm", "input": ["a", "b", "c"]}
    answer = port.ask("POST", "/v1/embeddings", body)["json"]
    assert answer["data"][1]["embedding"] == [0.0, 1.0]
    assert answer["usage"]["prompt_tokens"] == 7
    encoded = port.ask("POST", "/v1/embeddings", {**body, "encoding_format": "base64"})["json"]
    assert encoded["data"][0]["embedding"] == "AACAPwAAAAA="
    short = port.ask("POST", "/v1/embeddings", {**body, "dimensions": 1})["json"]
    assert short["data"][2]["embedding"] == [1.0]
    assert port.ask("POST", "/v1/embeddings", {**body, "model": "ada"})["status"] == 404
    assert port.ask("POST", "/v1/embeddings", {**body, "input": []})["status"] == 400
    assert isinstance(port.app.calls[0], EmbedForProgram)
    port.app.outcomes[JudgeForProgram] = PassagesJudged(request_id="")
    for field, body in (
        ("query", {"query": "", "documents": ["b"]}),
        ("documents", {"query": "a", "documents": ["b", ""]}),
        ("documents", {"query": "a", "documents": []}),
    ):
        refused = port.ask("POST", "/v1/rerank", body)
        assert (refused["status"], refused["json"]["error"]["param"]) == (400, field)
    ranked = port.ask("POST", "/v1/rerank", {"query": "a", "documents": ["b", "c"], "top_n": 1})
    assert ranked["json"]["results"][0]["index"] == 1


def test_search_is_in_the_shape_of_the_command_s(port: OpenPort) -> None:
    hit = SearchHit(
        rank=1, passage_id=1, section_id=1, folder_id="f", file="a.md", path="/g/a.md", page=None,
        heading="H", text=TEXT, section=TEXT, content_hash="h", score=0.5, folder="Garden",
    )  # fmt: skip
    port.app.outcome = SearchDone(request_id="", hits=(hit,), seconds=0.1)
    body = {
        "query": "wet",
        "folders": ["inglenook:Garden"],
        "k": 3,
        "types": ["md"],
        "since": "2026-01-01",
    }
    answer = port.ask("POST", "/v1/search", body)["json"]
    assert (answer["data"][0]["file"], answer["verdict"]) == ("a.md", "answered")
    assert (answer["unread_files"], answer["note"]) == (0, None)
    call = port.app.calls[0]
    assert isinstance(call, SearchForProgram)
    assert (call.folders, call.k, call.filters.types) == (("Garden",), 3, ("md",))
    assert call.filters.since is not None
    for wrong in ({"query": ""}, {"query": "x", "k": 0}, {"query": "x", "paths": ["../x"]}):
        assert port.ask("POST", "/v1/search", wrong)["status"] == 400


def test_a_search_says_what_was_not_read_yet(port: OpenPort) -> None:
    nothing = SearchDone(
        request_id="", hits=(), seconds=0.1, verdict=SearchVerdict.NOTHING, unread_files=12
    )
    port.app.outcome = nothing
    answer = port.ask("POST", "/v1/search", {"query": "wet"})["json"]
    assert answer["unread_files"] == 12
    assert answer["note"] == "12 files are not read yet; search again when they are."
    port.app.outcome = structs.replace(nothing, unread_files=UNKNOWN_COUNT)
    answer = port.ask("POST", "/v1/search", {"query": "wet"})["json"]
    assert answer["unread_files"] is None
    assert "only being listed" in answer["note"]


def test_no_call_holds_a_path(port: OpenPort) -> None:
    for model in ("/etc/passwd", "../../x.gguf", "file:///x", "C:\\x"):
        port.ask("POST", "/v1/chat/completions", {"model": model, "messages": QUESTION})
        assert isinstance(port.app.calls[-1], GenerateText)
        assert port.app.calls[-1].model == model  # the application knows no such name
