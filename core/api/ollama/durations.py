"""Durations as Ollama's API has them: seconds, or numbers with units, as Go writes them."""

import math
import re

from core.api.api_errors import ApiError

LONGEST_SECONDS = 10 * 365 * 86400.0
"""What is longer is for ever."""
FOR_EVER = -1.0
_SECONDS = {
    "ns": 1e-9,
    "us": 1e-6,
    "µs": 1e-6,
    "μs": 1e-6,
    "ms": 1e-3,
    "s": 1.0,
    "m": 60.0,
    "h": 3600.0,
}
_PART = re.compile(r"([0-9]+(?:\.[0-9]*)?|\.[0-9]+)(ns|us|µs|μs|ms|s|m|h)")
_WHOLE = re.compile(rf"([+-]?)(0|(?:{_PART.pattern})+)")


def keep_seconds(keep_alive: str | float | None) -> float | None:
    """Return how long a model is to stay without use: 0 not at all, negative for ever.

    None for nothing said. Raises ApiError for what is no duration.
    """
    if keep_alive is None or keep_alive == "":
        return None
    seconds = _parse(keep_alive.strip()) if isinstance(keep_alive, str) else float(keep_alive)
    if not math.isfinite(seconds) or seconds < 0 or seconds > LONGEST_SECONDS:
        return FOR_EVER
    return seconds


def _parse(text: str) -> float:
    found = _WHOLE.fullmatch(text)
    if found is None:
        raise ApiError(
            400,
            f"“{text:.40}” is no duration: write seconds, or a text such as “5m” or “1h30m”.",
            code="invalid_value",
            parameter="keep_alive",
        )
    sign = -1.0 if found[1] == "-" else 1.0
    return sign * sum(float(number) * _SECONDS[unit] for number, unit in _PART.findall(text))
