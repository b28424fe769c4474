"""Table of the paths that are answered, and what a token must be good for."""

from core.api import server_status
from core.api.anthropic.message_endpoint import count_tokens, write_message
from core.api.api_server import ANY, ApiEndpoint
from core.api.ollama import ollama_endpoints, ollama_models
from core.api.openai.chat_endpoint import complete_chat
from core.api.openai.completion_endpoint import complete_text
from core.api.openai.model_endpoint import list_models, show_model
from core.api.responses import response_endpoint
from core.api.retrieval.embedding_endpoint import embed_input, rerank_texts
from core.api.retrieval.search_endpoint import search_folders
from core.messages import CHAT_SCOPE as CHAT
from core.messages import EMBEDDINGS_SCOPE as EMBEDDINGS
from core.messages import SEARCH_SCOPE as SEARCH

ALL_ENDPOINTS = (
    ApiEndpoint("/", "GET", ANY, server_status.greet),
    ApiEndpoint("/health", "GET", ANY, server_status.show_health),
    ApiEndpoint("/v1/health", "GET", ANY, server_status.show_health),
    ApiEndpoint("/v1/models", "GET", CHAT, list_models),
    ApiEndpoint("/v1/models/{name:path}", "GET", CHAT, show_model),
    ApiEndpoint("/v1/chat/completions", "POST", CHAT, complete_chat),
    ApiEndpoint("/v1/completions", "POST", CHAT, complete_text),
    ApiEndpoint("/v1/responses", "POST", CHAT, response_endpoint.create_response),
    ApiEndpoint("/v1/responses/compact", "POST", CHAT, response_endpoint.refuse_compaction),
    ApiEndpoint("/v1/responses/{name}", "GET", CHAT, response_endpoint.show_response),
    ApiEndpoint("/v1/responses/{name}", "DELETE", CHAT, response_endpoint.delete_response),
    ApiEndpoint(
        "/v1/responses/{name}/input_items", "GET", CHAT, response_endpoint.list_input_items
    ),
    ApiEndpoint("/v1/embeddings", "POST", EMBEDDINGS, embed_input),
    ApiEndpoint("/v1/rerank", "POST", EMBEDDINGS, rerank_texts),
    ApiEndpoint("/v1/search", "POST", SEARCH, search_folders),
    ApiEndpoint("/v1/messages", "POST", CHAT, write_message),
    ApiEndpoint("/v1/messages/count_tokens", "POST", CHAT, count_tokens),
    ApiEndpoint("/api/version", "GET", ANY, ollama_models.show_version),
    ApiEndpoint("/api/tags", "GET", CHAT, ollama_models.list_tags),
    ApiEndpoint("/api/ps", "GET", CHAT, ollama_models.list_running),
    ApiEndpoint("/api/show", "POST", CHAT, ollama_models.show_details),
    ApiEndpoint("/api/chat", "POST", CHAT, ollama_endpoints.chat),
    ApiEndpoint("/api/generate", "POST", CHAT, ollama_endpoints.generate),
    ApiEndpoint("/api/embed", "POST", EMBEDDINGS, ollama_models.embed_input),
    ApiEndpoint("/api/embeddings", "POST", EMBEDDINGS, ollama_models.embed_prompt),
)
