"""Lookup of a model by its name, a part of its name, its family, or a path."""

import os
from collections.abc import Sequence
from pathlib import Path

from core.base.errors import ErrorCode, ModelError
from core.models.info.model_entry import ModelEntry

SHOWN_MATCHES = 5


def find_model_by_name(ref: str, entries: Sequence[ModelEntry]) -> ModelEntry | None:
    """Return the entry that `ref` names: its name, path, or part of its name or family.

    None if there is none. Raises ModelError if there are several.
    """
    wanted = ref.casefold()
    exact = [entry for entry in entries if wanted == entry.ref or ref == entry.path]
    starts = [entry for entry in entries if entry.ref.startswith(wanted)]
    inside = [e for e in entries if wanted in e.ref or wanted in e.family.casefold()]
    for found in (exact, starts, inside) if wanted else ():
        if len(found) == 1:
            return found[0]
        if found:
            matches = ", ".join(entry.ref for entry in found[:SHOWN_MATCHES])
            raise ModelError(ErrorCode.MODEL_AMBIGUOUS, ref=ref, matches=matches)
    return None


def looks_like_path(ref: str) -> bool:
    """Whether `ref` is rather a path than a name."""
    separators = {os.sep, os.altsep or os.sep}
    is_long = any(separator in ref for separator in separators)
    return is_long or ref.lower().endswith(".gguf") or ref.startswith("~") or Path(ref).is_file()


def absolute_path(path: str) -> Path:
    """Return the absolute path; links stay, so that a file is known by the name it was given."""
    return Path(os.path.abspath(Path(path).expanduser()))  # noqa: PTH100 - resolve follows links
