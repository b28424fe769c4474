"""Status of the server: that it is there, as programs ask before they use it."""

from core.api.api_request import ApiRequest

_GREETING = "Ollama is running: this is Inglenook, which speaks its API.\n"
"""Programs look for the first three words."""


async def greet(request: ApiRequest) -> None:
    """Answer GET and HEAD /, which Ollama's programs begin with."""
    await request.send_text(_GREETING)


async def show_health(request: ApiRequest) -> None:
    """Answer GET /health, as llama.cpp's server does."""
    await request.send_json({"status": "ok"})
