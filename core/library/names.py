"""Paths of any bytes: as a person and a message can hold them, and as the disk knows them."""

import os


def display_name(path: str) -> str:
    r"""Return `path` as a person and a message can hold it: odd bytes are written as \\udcNN."""
    return path.encode("utf-8", "backslashreplace").decode("utf-8") if _is_odd(path) else path


def raw_name(path: str) -> bytes:
    """Return the bytes of a path that is no text, b"" for one that a message can hold as it is."""
    return os.fsencode(path) if _is_odd(path) else b""


def true_name(path: str, raw: bytes) -> str:
    """Return the path that was sent as `display_name` and `raw_name`."""
    return os.fsdecode(raw) if raw else path


def _is_odd(path: str) -> bool:
    return any("\ud800" <= character <= "\udfff" for character in path)
