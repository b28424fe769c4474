"""Examples of clients: what a person copies into another program to ask Inglenook."""

PYTHON = """\
from openai import OpenAI
client = OpenAI(base_url="{address}/v1", api_key="{token}")
print(client.chat.completions.create(
    model="{model}", messages=[{{"role": "user", "content": "Hello"}}]
).choices[0].message.content)"""
CURL = """\
curl {address}/v1/chat/completions -H "Authorization: Bearer {token}" \\
  -H "Content-Type: application/json" \\
  -d '{{"model": "{model}", "messages": [{{"role": "user", "content": "Hello"}}]}}'"""
ANTHROPIC = """\
from anthropic import Anthropic
client = Anthropic(base_url="{address}", api_key="{token}")
print(client.messages.create(
    model="{model}", max_tokens=200, messages=[{{"role": "user", "content": "Hello"}}]
).content[0].text)"""
OLLAMA = """\
from ollama import Client
client = Client("{address}", headers={{"Authorization": "Bearer {token}"}})
answer = client.chat(model="{model}", messages=[{{"role": "user", "content": "Hello"}}])
print(answer.message.content)"""
LLM = """\
# extra-openai-models.yaml of the command llm; then: llm keys set inglenook --value {token}
- model_id: inglenook
  model_name: {model}
  api_base: {address}/v1
  api_key_name: inglenook"""
EXAMPLES = (
    ("OpenAI (Python)", PYTHON),
    ("curl", CURL),
    ("Anthropic (Python)", ANTHROPIC),
    ("Ollama (Python)", OLLAMA),
    ("llm", LLM),
)
"""Names of clients, which are the same everywhere, with what is typed there."""


def fill_example(text: str, *, address: str, token: str, model: str) -> str:
    """Return an example with the address, token and model of this computer."""
    return text.format(address=address, token=token, model=model)
