"""Stored key search: the system's key store is asked for the data key off the application's thread.

A locked store asks the person first, who may take as long as they like, and one that hangs never
answers: nothing that is shown may wait for it.
"""

import threading
from collections.abc import Callable
from typing import TypeAlias

from core.app.encryption.key_file import KeyFile

OpenedKey: TypeAlias = tuple[bytes, bytes | None]
"""The data key, and what is to be kept for this place if another's entry opened it."""


class StoredKeySearch:
    """One question for the key of `file`, on a thread of its own, which nobody has to wait for."""

    def __init__(self, file: KeyFile, ask: Callable[[KeyFile], OpenedKey | None]) -> None:
        self.file = file
        self.found: OpenedKey | None = None
        """What opens it; None, too, until the store has answered."""
        self._ask = ask
        self._ended = threading.Event()
        threading.Thread(target=self._run, name="data key", daemon=True).start()

    @property
    def is_answered(self) -> bool:
        """Return whether the store has answered, with the key or without it."""
        return self._ended.is_set()

    def wait(self, seconds: float) -> bool:
        """Wait for the answer; return whether it has come by then."""
        return self._ended.wait(seconds)

    def _run(self) -> None:
        try:
            self.found = self._ask(self.file)
        finally:
            self._ended.set()
