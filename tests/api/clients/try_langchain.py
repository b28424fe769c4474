"""LangChain's client for OpenAI: invoke, stream, tools, structured output, embeddings."""
# mypy: ignore-errors

import sys

from langchain_core.tools import tool
from langchain_openai import ChatOpenAI, OpenAIEmbeddings

address, token, model = sys.argv[1:]
place = {"base_url": f"{address}/v1", "api_key": token, "timeout": 300, "max_retries": 0}
chat = ChatOpenAI(model=model, max_tokens=12, temperature=0, **place)


@tool
def get_weather(location: str) -> str:
    """Get the weather."""
    return location


answer = chat.invoke("What is the weather in Paris?")
streamed = "".join(part.content for part in chat.stream("What is the weather in Paris?"))
assert answer.content == streamed
print(f"langchain-openai: invoke, stream: {streamed!r}", flush=True)

roomy = ChatOpenAI(model=model, max_tokens=120, temperature=0, **place)
forced = roomy.bind_tools([get_weather], tool_choice="get_weather")
called = forced.invoke("What is the weather in Paris?")
assert called.tool_calls[0]["name"] == "get_weather"
schema = {
    "title": "Wet",
    "type": "object",
    "properties": {"wet": {"type": "boolean"}},
    "required": ["wet"],
}
formed = roomy.with_structured_output(schema, method="json_schema").invoke("Is it wet?")
assert set(formed) == {"wet"}
print(f"langchain-openai: tools, schema: {called.tool_calls[0]['args']}, {formed}", flush=True)

embeddings = OpenAIEmbeddings(model="inglenook-embedder", check_embedding_ctx_length=False, **place)
vectors = embeddings.embed_documents(["wet", "dry"])
assert len(vectors) == 2
print(f"langchain-openai: embeddings: {len(vectors[0])} dimensions", flush=True)
