"""LlamaIndex' client for servers like OpenAI's: chat, stream, complete."""
# mypy: ignore-errors

import sys

from llama_index.core.llms import ChatMessage
from llama_index.llms.openai_like import OpenAILike

address, token, model = sys.argv[1:]
llm = OpenAILike(
    model=model,
    api_base=f"{address}/v1",
    api_key=token,
    is_chat_model=True,
    max_tokens=12,
    temperature=0,
    timeout=300,
    max_retries=0,
)
messages = [ChatMessage(role="user", content="What is the weather in Paris?")]
whole = llm.chat(messages).message.content
parts = list(llm.stream_chat(messages))
assert parts[-1].message.content == whole
print(f"llama-index: chat, stream: {whole!r}", flush=True)
assert llm.complete("Say hello.").text
print("llama-index: complete", flush=True)
