"""Library options: the settings that the library child needs, which it can't read itself."""

from collections.abc import Mapping

import msgspec

from core.base.paths import Paths
from core.base.settings.app_settings import INDEX_SERVER, RERANKER, TEXT_RECOGNITION, Settings

OPTIONS_VARIABLE = "INGLENOOK_LIBRARY"
"""Holds the options in the child's environment, as JSON."""


class LibraryOptions(msgspec.Struct, frozen=True, kw_only=True):
    """Values of settings: the address of an index server and a reranker's folder, "" for none."""

    index_server: str = ""
    reranker: str = ""
    recognize_text: bool = True


def read_options(paths: Paths) -> LibraryOptions:
    """Return the options as they are set now."""
    settings = Settings(paths.settings)
    return LibraryOptions(
        index_server=settings.get_value(INDEX_SERVER),
        reranker=settings.get_value(RERANKER),
        recognize_text=settings.get_value(TEXT_RECOGNITION),
    )


def given_options(environment: Mapping[str, str], paths: Paths) -> LibraryOptions:
    """Return the options that the parent gave; a process without a parent reads them itself."""
    given = environment.get(OPTIONS_VARIABLE)
    if given is None:
        return read_options(paths)
    return msgspec.json.decode(given, type=LibraryOptions)


def encode_options(options: LibraryOptions) -> str:
    """Return the options for the environment."""
    return msgspec.json.encode(options).decode()
