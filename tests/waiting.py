"""Waiting for something that another thread or process does."""

import time
from collections.abc import Callable
from typing import Any, Protocol


class WaitFor(Protocol):
    """The type of the `wait_for` fixture."""

    def __call__(self, condition: Callable[[], Any], timeout: float = 30.0) -> None:
        """Return once `condition()` is true."""


def wait_for(condition: Callable[[], Any], timeout: float = 30.0) -> None:
    """Poll until `condition()` is true; AssertionError after `timeout` seconds."""
    deadline = time.monotonic() + timeout
    while not condition():
        assert time.monotonic() < deadline, f"waited {timeout} s in vain"
        time.sleep(0.01)
