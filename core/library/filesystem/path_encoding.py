"""Path encoding: paths of any bytes as displayable text, as message fields and as on disk."""

import os


def display_name(path: str) -> str:
    r"""Return `path` as a person and a message can hold it: odd bytes are written as \\udcNN."""
    return path.encode("utf-8", "backslashreplace").decode("utf-8") if _is_odd(path) else path


def raw_path_bytes(path: str) -> bytes:
    """Return the bytes of a path that is no text, b"" for one that a message can hold as it is."""
    return os.fsencode(path) if _is_odd(path) else b""


def restore_path(path: str, raw: bytes) -> str:
    """Return the path that was sent as `display_name` and `raw_path_bytes`."""
    return os.fsdecode(raw) if raw else path


def _is_odd(path: str) -> bool:
    return any("\ud800" <= character <= "\udfff" for character in path)
