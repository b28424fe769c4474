"""Office XML parsing without document types, so without entities; element look-up by local name."""

import posixpath
import re
import zipfile
from collections.abc import Iterator
from urllib.parse import unquote
from xml.etree import ElementTree as ET

from core.base.errors import ErrorCode, LibraryError
from core.library.extractors.documents.zip_archive import read_member

_DOCTYPE = re.compile(rb"<\0?!\0?D\0?O\0?C\0?T\0?Y\0?P\0?E", re.IGNORECASE)
"""As UTF-8 or UTF-16; no office program writes one."""


def parse_xml(content: bytes) -> ET.Element:
    """Return the root. Raises LibraryError for what is no XML or declares a document type."""
    if _DOCTYPE.search(content):
        raise LibraryError(ErrorCode.FILE_BROKEN)
    try:
        return ET.fromstring(content)  # noqa: S314 - document types are refused above
    except (ET.ParseError, ValueError, LookupError) as error:
        raise LibraryError(ErrorCode.FILE_BROKEN) from error


def parse_member(archive: zipfile.ZipFile, name: str) -> ET.Element | None:
    """Return the root of a member, None if there is no such member. Raises LibraryError."""
    return parse_xml(read_member(archive, name)) if name in archive.namelist() else None


def parse_optional_member(archive: zipfile.ZipFile, name: str) -> ET.Element | None:
    """Return the root of a member that a document can do without, None if it is damaged."""
    try:
        return parse_member(archive, name)
    except LibraryError:
        return None


def local_name(element: ET.Element) -> str:
    """Return an element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def attribute(element: ET.Element, name: str) -> str:
    """Return an attribute by its name without namespace, "" if it is not there."""
    if (value := element.get(name)) is not None:
        return value
    return next((v for key, v in element.items() if key.rpartition("}")[2] == name), "")


def find_child(element: ET.Element, *path: str) -> ET.Element | None:
    """Return the first element down a path of names without namespaces."""
    for name in path:
        below = next((each for each in element if local_name(each) == name), None)
        if below is None:
            return None
        element = below
    return element


def iter_elements(root: ET.Element | None, *names: str) -> Iterator[ET.Element]:
    """Yield all elements of these names below `root`, in order; none for None."""
    if root is not None:
        yield from (element for element in root.iter() if local_name(element) in names)


def relations(archive: zipfile.ZipFile, part: str) -> dict[str, tuple[str, str]]:
    """Return what an Office part refers to within the archive: id to (kind, member name).

    What lies outside the file is left out, so that nothing can go there.
    """
    folder, name = posixpath.split(part)
    root = parse_optional_member(archive, f"{folder}/_rels/{name}.rels".lstrip("/"))
    found: dict[str, tuple[str, str]] = {}
    for relation in iter_elements(root, "Relationship"):
        if relation.get("TargetMode") != "External":
            target = unquote(relation.get("Target", ""))
            path = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
            kind = relation.get("Type", "").rpartition("/")[2]
            found[relation.get("Id", "")] = (kind, path)
    return found


def main_part(archive: zipfile.ZipFile, fallback: str) -> str:
    """Return the name of the part an Office file begins with."""
    kinds = relations(archive, "").values()
    return next((name for kind, name in kinds if kind == "officeDocument"), fallback)
