"""Waiting for a library child in benchmarks."""

import time
from typing import Any, TypeVar

from core.ipc.reply import Reply
from core.library.client.library_client import LibraryClient

Result = TypeVar("Result")


def wait_for(client: LibraryClient, reply: Reply[Any, Result]) -> Result:
    """Return the result of a reply; a failure ends the program."""
    while not reply.is_done:
        client.poll()
        time.sleep(0.005)
    if reply.failure is not None:
        raise SystemExit(f"failed: {reply.failure.code} {reply.failure.facts}")
    assert reply.result is not None
    return reply.result
