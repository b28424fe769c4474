"""The client of Anthropic: messages, stream, tools, count of tokens."""
# mypy: ignore-errors

import sys

import anthropic

address, token, model = sys.argv[1:]
client = anthropic.Anthropic(base_url=address, api_key=token, timeout=300, max_retries=0)
QUESTION = [{"role": "user", "content": "What is the weather in Paris?"}]
TOOL = {
    "name": "get_weather",
    "description": "Get the weather.",
    "input_schema": {
        "type": "object",
        "properties": {"location": {"type": "string", "maxLength": 20}},
        "required": ["location"],
    },
}
asked = {"model": model, "messages": QUESTION, "max_tokens": 12}

message = client.messages.create(**asked, system="Be short.", extra_body={"temperature": 0})
assert message.content[0].text
with client.messages.stream(**asked, system="Be short.", extra_body={"temperature": 0}) as stream:
    text = "".join(stream.text_stream)
    final = stream.get_final_message()
assert text == message.content[0].text == final.content[0].text
assert final.usage.cache_read_input_tokens > 0
print(f"anthropic {anthropic.__version__}: messages, stream: {text!r}", flush=True)

choice = {"type": "any", "disable_parallel_tool_use": True}
called = client.messages.create(
    model=model, messages=QUESTION, max_tokens=120, tools=[TOOL], tool_choice=choice
)
use = called.content[-1]
assert (called.stop_reason, use.type, set(use.input)) == ("tool_use", "tool_use", {"location"})
result = {"type": "tool_result", "tool_use_id": use.id, "content": "Rain."}
messages = [
    *QUESTION,
    {"role": "assistant", "content": called.content},
    {"role": "user", "content": [result]},
]
after = client.messages.create(model=model, messages=messages, max_tokens=12)
assert after.content[0].text
print(f"anthropic {anthropic.__version__}: tools: {use.input}", flush=True)

count = client.messages.count_tokens(model=model, messages=QUESTION, system="Be short.")
total = message.usage.input_tokens + message.usage.cache_read_input_tokens
assert count.input_tokens == total
try:
    client.messages.create(model="nothing", messages=QUESTION, max_tokens=1)
except anthropic.NotFoundError as error:
    kind = error.body["error"]["type"]
assert kind == "not_found_error"
print(f"anthropic {anthropic.__version__}: count_tokens: {count.input_tokens}", flush=True)
