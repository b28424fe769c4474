"""The client of OpenAI: chat, stream, tools, schemas, probabilities, embeddings, responses."""
# mypy: ignore-errors

import json
import math
import sys

import openai

address, token, model = sys.argv[1:]
client = openai.OpenAI(base_url=f"{address}/v1", api_key=token, timeout=300, max_retries=0)
QUESTION = [{"role": "user", "content": "What is the weather in Paris?"}]
TOOL = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "Get the weather.",
        "parameters": {
            "type": "object",
            "properties": {"location": {"type": "string", "maxLength": 20}},
            "required": ["location"],
        },
    },
}
SCHEMA = {
    "type": "object",
    "properties": {"city": {"type": "string", "maxLength": 20}, "wet": {"type": "boolean"}},
    "required": ["city", "wet"],
    "additionalProperties": False,
}


def try_chat() -> str:
    answer = client.chat.completions.create(
        model=model, messages=QUESTION, max_tokens=12, temperature=0, seed=1, stop=["\n\n"]
    )
    streamed = client.chat.completions.create(
        model=model,
        messages=QUESTION,
        max_tokens=12,
        temperature=0,
        seed=1,
        stop=["\n\n"],
        stream=True,
        stream_options={"include_usage": True},
    )
    chunks = list(streamed)
    text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
    assert text == answer.choices[0].message.content
    assert chunks[-1].usage.completion_tokens == answer.usage.completion_tokens
    assert chunks[-1].usage.prompt_tokens_details.cached_tokens > 0
    several = client.chat.completions.create(model=model, messages=QUESTION, max_tokens=4, n=2)
    assert [choice.index for choice in several.choices] == [0, 1]
    return f"chat, stream, n, usage: {text!r}"


def try_tools() -> str:
    asked = {"model": model, "messages": QUESTION, "tools": [TOOL], "temperature": 0}
    chosen = {"type": "function", "function": {"name": "get_weather"}}
    answer = client.chat.completions.create(**asked, tool_choice=chosen, max_tokens=120)
    (call,) = answer.choices[0].message.tool_calls
    assert answer.choices[0].finish_reason == "tool_calls"
    assert set(json.loads(call.function.arguments)) == {"location"}
    with client.chat.completions.stream(**asked, tool_choice=chosen, max_tokens=120) as stream:
        (streamed,) = stream.get_final_completion().choices[0].message.tool_calls
    assert json.loads(streamed.function.arguments) == json.loads(call.function.arguments)
    result = {"role": "tool", "tool_call_id": call.id, "content": "Rain."}
    messages = [*QUESTION, answer.choices[0].message, result]
    after = client.chat.completions.create(
        model=model, messages=messages, tools=[TOOL], tool_choice="none", max_tokens=12
    )
    assert after.choices[0].message.content
    return f"tools, streamed and answered: {call.function.arguments}"


def try_schema() -> str:
    form = {"type": "json_schema", "json_schema": {"name": "w", "schema": SCHEMA, "strict": True}}
    answer = client.chat.completions.create(
        model=model, messages=QUESTION, response_format=form, max_tokens=80
    )
    text = answer.choices[0].message.content
    assert set(json.loads(text)) == {"city", "wet"}
    return f"json_schema: {json.loads(text)}"


def try_scores() -> str:
    answer = client.chat.completions.create(
        model=model,
        messages=QUESTION,
        max_tokens=3,
        temperature=0,
        logprobs=True,
        top_logprobs=3,
        extra_body={"repeat_penalty": 1.0},
    )
    scores = answer.choices[0].logprobs.content
    assert all(len(each.top_logprobs) == 3 and each.logprob <= 0 for each in scores)
    first = scores[0]
    assert math.isclose(first.logprob, first.top_logprobs[0].logprob)
    plain = client.completions.create(
        model=model, prompt="One, two, three,", max_tokens=4, temperature=0, logprobs=1, echo=True
    )
    assert plain.choices[0].text.startswith("One, two, three,")
    return f"logprobs, completions: {plain.choices[0].text!r}"


def try_vectors() -> str:
    plain = client.embeddings.create(model="inglenook-embedder", input=["wet", "dry"])
    floats = client.embeddings.create(
        model="inglenook-embedder", input=["wet", "dry"], encoding_format="float", dimensions=8
    )
    assert len(floats.data[1].embedding) == 8
    length = math.hypot(*plain.data[0].embedding)
    assert math.isclose(length, 1, abs_tol=1e-3)
    return f"embeddings: {len(plain.data[0].embedding)} dimensions"


def try_responses() -> str:
    first = client.responses.create(model=model, input="Hello!", max_output_tokens=16)
    assert first.output_text
    second = client.responses.create(
        model=model, input="And now?", previous_response_id=first.id, max_output_tokens=16
    )
    assert second.previous_response_id == first.id
    assert client.responses.retrieve(first.id).output_text == first.output_text
    tool = {"type": "function", "strict": True, **TOOL["function"]}
    kinds = []
    with client.responses.stream(
        model=model, input="Weather in Paris?", tools=[tool], tool_choice="required"
    ) as stream:
        kinds = [event.type for event in stream]
        final = stream.get_final_response()
    assert final.output[0].type == "function_call"
    assert kinds[0] == "response.created"
    assert kinds[-1] == "response.completed"
    return f"responses: {first.output_text!r}, then {final.output[0].name}"


def try_errors() -> str:
    messages = []
    for wrong, kind in (
        ({"model": "nothing"}, openai.NotFoundError),
        ({"model": model, "extra_body": {"best_of": 3}}, openai.BadRequestError),
        ({"model": model, "temperature": 9}, openai.BadRequestError),
    ):
        try:
            client.chat.completions.create(messages=QUESTION, **wrong)
        except kind as error:
            messages.append(error.body["message"])
    assert len(messages) == 3
    assert all(messages)
    try:
        openai.OpenAI(base_url=f"{address}/v1", api_key="wrong").models.list()
    except openai.AuthenticationError as error:
        return f"errors: {error.code}"
    raise AssertionError("let in")


assert model in [each.id for each in client.models.list()]
for part in (
    try_chat,
    try_tools,
    try_schema,
    try_scores,
    try_vectors,
    try_responses,
    try_errors,
):
    print(f"openai {openai.__version__}: {part()}", flush=True)
