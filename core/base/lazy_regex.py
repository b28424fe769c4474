"""Lazy regular expressions, compiled at first use and not at import."""

import re
from typing import Any, cast


class _Pattern:
    """Proxy of an re.Pattern, which is compiled when a method is first used."""

    def __init__(self, expression: str, flags: int) -> None:
        self._made_of = expression, flags

    @property
    def pattern(self) -> str:
        """The expression, which another one can be made of before either is compiled."""
        return self._made_of[0]

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever a pattern has
        method = getattr(re.compile(*self._made_of), name)  # re keeps what it compiled
        setattr(self, name, method)
        return method


def lazy_pattern(expression: str, flags: int = 0) -> re.Pattern[str]:
    """Return a proxy of `re.compile`'s result; the start of the window would compile some 100."""
    return cast("re.Pattern[str]", _Pattern(expression, flags))
