"""The client of Ollama: list, show, chat, generate, tools, schemas, embeddings."""
# mypy: ignore-errors

import json
import sys

import ollama

address, token, model = sys.argv[1:]
client = ollama.Client(host=address, headers={"Authorization": f"Bearer {token}"}, timeout=300)
QUESTION = [{"role": "user", "content": "What is the weather in Paris?"}]
few = {"temperature": 0, "num_predict": 12}

assert model in [each.model for each in client.list().models]
assert client.show(model).details.format == "gguf"
whole = client.chat(model=model, messages=QUESTION, options=few)
parts = list(client.chat(model=model, messages=QUESTION, options=few, stream=True))
text = "".join(part.message.content for part in parts)
assert text == whole.message.content
assert parts[-1].done
assert parts[-1].eval_count == whole.eval_count
assert model in [each.model for each in client.ps().models]
print(f"ollama: chat, stream: {text!r}", flush=True)

plain = client.generate(model=model, prompt="One, two,", raw=True, options=few)
assert plain.response
schema = {"type": "object", "properties": {"wet": {"type": "boolean"}}, "required": ["wet"]}
formed = client.chat(model=model, messages=QUESTION, format=schema, options={"num_predict": 60})
assert set(json.loads(formed.message.content)) == {"wet"}
print(f"ollama: generate, schema: {plain.response!r}", flush=True)


def get_weather(location: str) -> str:
    """Get the weather.

    Args:
        location: a city
    """
    return location


client.chat(model=model, messages=QUESTION, tools=[get_weather], options=few)
vectors = client.embed(model="inglenook-embedder", input=["wet", "dry"]).embeddings
assert len(vectors) == 2
print(f"ollama: tools, embed: {len(vectors[0])} dimensions", flush=True)
