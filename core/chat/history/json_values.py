"""JSON values of unknown origin: what is asked for if it is there and of the right kind."""

import datetime as dt
import math
import re
from collections.abc import Iterator, Mapping
from typing import Any

from core.base.lazy_regex import lazy_pattern

_MILLISECONDS = 1e11
"""A larger number of seconds would be after the year 5000: it counts milliseconds."""
_NANOSECONDS = 1e17
_THOUGHT = lazy_pattern(r"\s*<think(?:ing)?>(.*?)(?:</think(?:ing)?>|\Z)", re.DOTALL)
_MAX_TEXT = 8_000_000
"""Characters of one message: more is data, no message."""


def text_of(record: object, *keys: str) -> str:
    """Return the first of these fields that is text with letters, "" without one."""
    if isinstance(record, Mapping):
        for key in keys:
            value = record.get(key)
            if isinstance(value, str) and value:
                return value[:_MAX_TEXT]
    return ""


def record_of(record: object, key: str) -> Mapping[str, Any]:
    """Return a field that is an object, an empty one without it."""
    value = record.get(key) if isinstance(record, Mapping) else None
    return value if isinstance(value, Mapping) else {}


def items_of(record: object, key: str) -> list[Any]:
    """Return a field that is a list, an empty one without it."""
    value = record.get(key) if isinstance(record, Mapping) else None
    return value if isinstance(value, list) else []


def time_of(record: object, *keys: str) -> float:
    """Return the first of these fields that is a time, in seconds since the epoch, else 0.

    A number of seconds, milliseconds or nanoseconds, or a text as ISO 8601 has it.
    """
    for key in keys:
        value = record.get(key) if isinstance(record, Mapping) else None
        seconds = 0.0
        if isinstance(value, int | float) and not isinstance(value, bool):
            seconds = float(value) if math.isfinite(value) else 0.0
        elif isinstance(value, str):
            try:
                seconds = dt.datetime.fromisoformat(value).timestamp()
            except (ValueError, OverflowError, OSError):
                continue
        if seconds > _NANOSECONDS:
            seconds /= 1e9
        elif seconds > _MILLISECONDS:
            seconds /= 1e3
        if seconds > 0:
            return seconds
    return 0.0


def names_of(records: list[Any], *keys: str) -> Iterator[str]:
    """Yield the name of each object in a list."""
    for record in records:
        if name := text_of(record, *keys):
            yield name


def split_thinking(text: str) -> tuple[str, str]:
    """Return the thinking that stands in tags at the start of an answer, and the answer."""
    match = _THOUGHT.match(text)
    if match is None:
        return "", text
    return match[1].strip(), text[match.end() :].lstrip()
