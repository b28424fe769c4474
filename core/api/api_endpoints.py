"""Table of the paths that are answered, and what a token must be good for."""

from core.api.api_server import ApiEndpoint
from core.api.api_tokens import CHAT
from core.api.openai.chat_endpoint import complete_chat
from core.api.openai.model_endpoint import list_models, show_model

ALL_ENDPOINTS = (
    ApiEndpoint("/v1/models", "GET", CHAT, list_models),
    ApiEndpoint("/v1/models/{name:path}", "GET", CHAT, show_model),
    ApiEndpoint("/v1/chat/completions", "POST", CHAT, complete_chat),
)
