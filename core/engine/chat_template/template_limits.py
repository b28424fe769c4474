"""Limits of a chat template: time, written characters, size of values."""

import re
from collections.abc import Mapping
from typing import Any

from jinja2.exceptions import SecurityError
from jinja2.utils import Namespace

from core.base.clock import Clock
from core.base.i18n import _

MAX_TEXT = 256 << 10
MAX_ITEMS = 100_000
MAX_OUTPUT = 1 << 20
MAX_CODE = 4 << 20
"""Characters of Python that a template may become; Python compiles so many in a second or two."""
MAX_NUMBER = 10_000
MAX_DEPTH = 40
MAX_INTEGER_BITS = 128
SECONDS = 2.0
"""Of the processor. Contents are placeholders while a template runs, so that normal values are far
below these limits."""
_WIDE_FORMAT = re.compile(r"\*|\d{4}")


class RenderGuard:
    """Time and output of one rendering."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self._deadline = clock() + SECONDS
        self._written = 0

    def check_time(self) -> None:
        """Raise SecurityError when the time is over."""
        if self.clock() > self._deadline:
            raise SecurityError(_("it takes too long"))

    def count_output(self, characters: int) -> None:
        """Count written characters; raise SecurityError when there are too many."""
        self._written += characters
        if self._written > MAX_OUTPUT:
            raise SecurityError(_("its result is too long"))


def check_value(value: Any) -> Any:  # noqa: ANN401 - any value of a template
    """Return `value` if it is plain data within the limits, else raise SecurityError."""
    _subtract_size(value, [MAX_ITEMS, MAX_TEXT], 0)
    return value


def _subtract_size(value: Any, left: list[int], depth: int) -> None:  # noqa: ANN401
    """Subtract the size of `value`, as if it was printed, from `left` (items, characters)."""
    if isinstance(value, str):
        left[1] -= len(value)
    elif isinstance(value, int):
        left[1] -= value.bit_length() // 3
    elif isinstance(value, Mapping):
        for key, item in value.items():
            _subtract_size(key, left, depth + 1)
            _subtract_size(item, left, depth + 1)
    elif isinstance(value, list | tuple):
        for item in value:
            _subtract_size(item, left, depth + 1)
    elif isinstance(value, Namespace):
        raise SecurityError(_("it puts a namespace where a value belongs"))
    left[0] -= 1
    if left[0] < 0 or left[1] < 0 or depth > MAX_DEPTH:
        raise SecurityError(_("it builds a value that is too large"))


def check_operands(operator: str, left: Any, right: Any) -> None:  # noqa: ANN401
    """Raise SecurityError if the result of `left operator right` would be huge."""
    if isinstance(left, str) and operator == "%" and _WIDE_FORMAT.search(left):
        raise SecurityError(_("it pads a text"))
    if operator == "**" and not (abs(left) <= MAX_NUMBER and abs(right) <= 8):
        raise SecurityError(_("it computes a number that is too large"))
    if isinstance(left, int) and isinstance(right, int):
        if left.bit_length() + right.bit_length() > MAX_INTEGER_BITS:
            raise SecurityError(_("it computes a number that is too large"))
    elif operator == "*":
        for text, times in ((left, right), (right, left)):
            if hasattr(text, "__len__") and len(text) * max(int(times), 0) > MAX_TEXT:
                raise SecurityError(_("it repeats a text too often"))
    elif operator == "+" and isinstance(left, str) and isinstance(right, str):
        check_value((left, right))


def check_call(name: str, value: Any, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> None:  # noqa: ANN401
    """Raise SecurityError if the filter or method `name` would return something huge."""
    for argument in (*args, *kwargs.values()):
        if isinstance(argument, int) and abs(argument) > MAX_NUMBER:
            raise SecurityError(_("it asks for too much"))
    if name == "replace":
        old, new = (*args, *kwargs.values(), "", "")[:2]
        text = str(value)
        if (text.count(str(old)) if old else len(text) + 1) * len(str(new)) > MAX_TEXT:
            raise SecurityError(_("it builds a value that is too large"))
    if name in {"join", "indent"}:
        texts = args[0] if name == "join" and isinstance(value, str) and args else value
        glue = value if texts is not value else (*args, *kwargs.values(), "")[0]
        width = glue if isinstance(glue, int) else len(str(glue))
        count = texts.count("\n") + 1 if isinstance(texts, str) else len(texts)
        if count * width > MAX_TEXT:
            raise SecurityError(_("it builds a value that is too large"))
