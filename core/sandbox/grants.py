"""Grants: the files that a parent hands to one child, beyond what its role may do anyway."""

import os
from collections.abc import MutableMapping
from pathlib import Path

import msgspec

GRANTS_VARIABLE = "INGLENOOK_GRANTS"
"""Names the grants in the environment of a child, as JSON."""
_LONGEST = 120_000
"""Linux takes no variable of 128 KB; where files are so many, their folders are granted."""


class Grants(msgspec.Struct, frozen=True, kw_only=True):
    """Absolute paths of files and folders, each with all that lies in it.

    `write` includes reading. What is not there when the child starts is granted to nobody: a file
    that a child is to write must be made before. `servers`: a server of the person's own is asked.
    """

    read: tuple[str, ...] = ()
    write: tuple[str, ...] = ()
    servers: bool = False

    def covers(self, other: "Grants") -> bool:
        """Whether whoever has these has all of the `other`'s too."""
        written = all(lies_in(path, self.write) for path in other.write)
        places = self.read + self.write
        return (
            written
            and all(lies_in(path, places) for path in other.read)
            and (self.servers or not other.servers)
        )

    def joined(self, other: "Grants") -> "Grants":
        """Return these and the `other`'s."""
        return Grants(
            read=tuple(dict.fromkeys(self.read + other.read)),
            write=tuple(dict.fromkeys(self.write + other.write)),
            servers=self.servers or other.servers,
        )


NO_GRANTS = Grants()


def lies_in(path: str, places: tuple[str, ...]) -> bool:
    """Return whether `path` is one of the places or below it, by their names alone."""
    return any(path == place or path.startswith(place.rstrip(os.sep) + os.sep) for place in places)


def encode_grants(grants: Grants) -> str:
    """Return grants as a variable of the environment holds them; odd bytes of paths survive."""
    paths = Grants(
        read=tuple(map(_escape, grants.read)),
        write=tuple(map(_escape, grants.write)),
        servers=grants.servers,
    )
    encoded = msgspec.json.encode(paths)
    if len(encoded) > _LONGEST:
        folders = dict.fromkeys(str(Path(path).parent) for path in paths.read)
        encoded = msgspec.json.encode(msgspec.structs.replace(paths, read=tuple(folders)))
    return encoded.decode()


def take_grants(environment: MutableMapping[str, str]) -> Grants:
    """Return the grants of this process and remove them: its own children get others."""
    content = environment.pop(GRANTS_VARIABLE, "")
    if not content:
        return NO_GRANTS
    read = msgspec.json.decode(content, type=Grants)
    return Grants(
        read=tuple(map(_unescape, read.read)),
        write=tuple(map(_unescape, read.write)),
        servers=read.servers,
    )


def _escape(path: str) -> str:
    """Spell a path's bytes as letters: a name on Linux need not be text."""
    return os.fsencode(path).decode("latin-1")


def _unescape(path: str) -> str:
    return os.fsdecode(path.encode("latin-1"))
