"""Completion names: folders, models and chats, as a shell completes them; no child is started.

A person waits for them at each press of Tab: what is imported here is little, and each kind of
names imports what it alone needs.
"""

import contextlib
import sys
from collections.abc import Callable, Container, Mapping
from pathlib import Path
from typing import cast

import apsw

from core.base.database import connect_database
from core.base.errors import InglenookError
from core.base.paths import Paths
from core.cli.short_ids import shortest_ids

_NEWEST = 50
"""Chats that are offered."""


def completion_lines(kind: str, paths: Paths) -> list[str]:
    """Return a line for each name: the name, and maybe a tab and what it stands for.

    Data that can't be read, such as what is encrypted, has no names.
    """
    try:
        return NAMES[kind](paths)
    except (InglenookError, apsw.Error, OSError):
        return []


def print_names(kind: str, paths: Paths) -> int:
    """Print the lines for names of a kind; returns the exit code."""
    text = "".join(f"{line}\n" for line in completion_lines(kind, paths))
    with contextlib.suppress(OSError):  # nobody reads it
        sys.stdout.buffer.write(text.encode(errors="replace"))
        sys.stdout.buffer.flush()
    return 0


def _folder_names(paths: Paths) -> list[str]:
    from core.library.store.stored_folders import read_stored_folders  # noqa: PLC0415 - see above

    return [_line(each.name, each.path) for each in read_stored_folders(paths.library) or ()]


def _model_names(paths: Paths) -> list[str]:
    from core.models.info.model_naming import slug_of_file, unique_name  # noqa: PLC0415 - see above
    from core.models.registry.model_cache import ModelCache  # noqa: PLC0415 - see above
    from core.models.registry.model_sources import ModelSources  # noqa: PLC0415 - see above
    from core.models.registry.registry_file import RegistryFile  # noqa: PLC0415 - see above

    def name_file(path: Path, taken: Container[str]) -> str:
        return unique_name(slug_of_file(path), taken)

    cache = ModelCache(paths.model_registry_cache, paths.checksums)
    sources = ModelSources(paths, RegistryFile(paths, name_file), cache).list_sources()
    return sorted(source.ref for source in sources)


def _chat_names(paths: Paths) -> list[str]:
    if not paths.chats.exists():
        return []
    connection = connect_database(paths.chats, flags=apsw.SQLITE_OPEN_READONLY)
    try:
        ids = [str(row[0]) for row in connection.execute("SELECT chat_id FROM chats")]
        rows = connection.execute(
            "SELECT chat_id, title FROM chats WHERE trashed IS NULL ORDER BY updated DESC LIMIT ?",
            (_NEWEST,),
        )
        titles = {str(chat): cast("str", title) for chat, title in rows}
    finally:
        connection.close()
    short = shortest_ids(ids)
    return [_line(short[chat], title) for chat, title in titles.items()]


def _line(name: str, about: str) -> str:
    return "\t".join(" ".join(text.split()) for text in (name, about))


NAMES: Mapping[str, Callable[[Paths], list[str]]] = {
    "folders": _folder_names,
    "models": _model_names,
    "chats": _chat_names,
}
"""What there are names of."""
