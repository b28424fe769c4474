"""Restart state: what the next library of the same process must know."""

import msgspec


class RestartState(msgspec.Struct, frozen=True):
    """State that outlives a library, as when another embedding model's takes its place."""

    is_watching: bool = False
    is_indexing_throttled: bool = False
