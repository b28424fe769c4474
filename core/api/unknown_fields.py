"""Fields of a request that nothing here reads: passed over and named, or refused.

Programs send what their own services understand, and new fields come with each version of theirs;
servers of models on this computer pass over what they don't know. Without the fields of `_NEEDED`
another kind of answer would come than was asked for, so they are an error.
"""

import re

from msgspec import Struct

from core.api.api_errors import ApiError

IGNORED_HEADER = "x-ignored-fields"
"""Header of an answer: the fields of its request that were passed over."""
_MOST_NAMED = 20
_NAME = re.compile(r"[A-Za-z0-9_.-]{1,40}")
_NEEDED = frozenset(
    [
        "audio",
        "background",
        "best_of",
        "container",
        "conversation",
        "function_call",
        "functions",
        "images",
        "mcp_servers",
        "web_search_options",
    ]
)
_NOTHING_ASKED: tuple[object, ...] = (None, False, 0, 1, "", "none", "auto", [])
"""Values by which a field of `_NEEDED` asks for nothing."""


def find_unknown_fields(body: object, kind: type[object]) -> tuple[str, ...]:
    """Return the names of the fields of a body that its struct passes over, in their order.

    Raises ApiError for the first without which the answer would be another than was asked for.
    """
    if not isinstance(body, dict) or not issubclass(kind, Struct):
        return ()
    if kind.__struct_config__.forbid_unknown_fields:
        return ()
    unknown = [name for name in body if name not in kind.__struct_encode_fields__]
    for name in unknown:
        if name in _NEEDED and body[name] not in _NOTHING_ASKED:
            raise ApiError(
                400,
                f"Unsupported parameter: “{name}”.",
                code="unsupported_parameter",
                parameter=name,
            )
    return tuple(name for name in unknown if _NAME.fullmatch(name))[:_MOST_NAMED]
