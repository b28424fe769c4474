"""API errors: what went wrong as status and error object, in the form of each API."""

from collections.abc import Mapping
from enum import Enum

from core.base.error_codes import ErrorCode
from core.base.errors import describe_error
from core.messages import Failed


class ApiForm(Enum):
    """The API whose form an answer has."""

    OPENAI = "openai"
    ANTHROPIC = "anthropic"
    OLLAMA = "ollama"


class ApiError(Exception):
    """A request can't be answered: `status` by HTTP, `parameter` is the field that is wrong."""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        code: str | None = None,
        parameter: str | None = None,
        retry_after: int = 0,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.code = code
        self.parameter = parameter
        self.retry_after = retry_after
        """Seconds after which it may go; 0: not known."""


_STATUS_BY_CODE: Mapping[str, int] = {
    ErrorCode.MODEL_UNKNOWN: 404,
    ErrorCode.MODEL_AMBIGUOUS: 404,
    ErrorCode.MODEL_GONE: 404,
    ErrorCode.NO_MODEL: 404,
    ErrorCode.FOLDER_UNKNOWN: 404,
    ErrorCode.PROMPT_TOO_LONG: 400,
    ErrorCode.CONTEXT_FULL: 400,
    ErrorCode.GRAMMAR_INVALID: 400,
    ErrorCode.SCHEMA_INVALID: 400,
    ErrorCode.TEMPLATE_FAILED: 400,
    ErrorCode.GAPS_UNKNOWN: 400,
    ErrorCode.TOKEN_UNKNOWN: 400,
    ErrorCode.API_REQUEST: 400,
    ErrorCode.MODEL_TOO_LARGE: 503,
    ErrorCode.ENGINE_DIED: 503,
    ErrorCode.LIBRARY_DIED: 503,
    ErrorCode.CANCELLED: 503,
}
_CODE_NAMES: Mapping[str, str] = {
    ErrorCode.MODEL_UNKNOWN: "model_not_found",
    ErrorCode.PROMPT_TOO_LONG: "context_length_exceeded",
    ErrorCode.CONTEXT_FULL: "context_length_exceeded",
}
"""What OpenAI calls it."""
_HINTS: Mapping[str, str] = {
    ErrorCode.MODEL_UNKNOWN: "GET /v1/models lists the names.",
    ErrorCode.FOLDER_UNKNOWN: "GET /v1/models lists those of folders, too.",
}
"""What a program can do, where the application's own hint is for a person at a terminal."""
_OPENAI_TYPES: Mapping[int, str] = {
    401: "authentication_error",
    403: "permission_error",
    404: "invalid_request_error",
    429: "rate_limit_error",
}
_ANTHROPIC_TYPES: Mapping[int, str] = {
    400: "invalid_request_error",
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    405: "invalid_request_error",
    408: "timeout_error",
    413: "request_too_large",
    415: "invalid_request_error",
    429: "rate_limit_error",
    431: "request_too_large",
    503: "overloaded_error",
}


def error_of_failure(failed: Failed) -> ApiError:
    """Return a failed call as an error, in its two sentences."""
    message, hint = describe_error(failed.code, failed.facts)
    hint = _HINTS.get(failed.code, hint)
    status = _STATUS_BY_CODE.get(failed.code, 500)
    code = _CODE_NAMES.get(failed.code, failed.code)
    parameter = "model" if failed.code == ErrorCode.MODEL_UNKNOWN else None
    return ApiError(status, f"{message} {hint}".strip(), code=code, parameter=parameter)


def error_object(error: ApiError, form: ApiForm) -> dict[str, object]:
    """Return the body of an error's answer."""
    if form is ApiForm.OLLAMA:
        return {"error": error.message}
    if form is ApiForm.ANTHROPIC:
        kind = _ANTHROPIC_TYPES.get(error.status, "api_error")
        return {"type": "error", "error": {"type": kind, "message": error.message}}
    is_ours = error.status >= 500
    kind = _OPENAI_TYPES.get(error.status, "server_error" if is_ours else "invalid_request_error")
    return {
        "error": {
            "message": error.message,
            "type": kind,
            "param": error.parameter,
            "code": error.code,
        }
    }


def form_of_path(path: str) -> ApiForm:
    """Return the API that a path belongs to."""
    if path.startswith("/v1/messages"):
        return ApiForm.ANTHROPIC
    return ApiForm.OLLAMA if path.startswith("/api/") else ApiForm.OPENAI
