"""Path encoding: paths of any bytes as displayable text, as message fields and as on disk."""

import os


def display_name(path: str) -> str:
    r"""Return `path` as valid text, to show and to send: other bytes are written as \\udcNN."""
    return (
        path.encode("utf-8", "backslashreplace").decode("utf-8") if _is_invalid_text(path) else path
    )


def raw_path_bytes(path: str) -> bytes:
    """Return the bytes of a path that is no valid text, b"" for any other."""
    return os.fsencode(path) if _is_invalid_text(path) else b""


def restore_path(path: str, raw: bytes) -> str:
    """Return the path that was sent as `display_name` and `raw_path_bytes`."""
    return os.fsdecode(raw) if raw else path


def _is_invalid_text(path: str) -> bool:
    return any("\ud800" <= character <= "\udfff" for character in path)
