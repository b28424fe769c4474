"""Kinds of subfolders that are skipped by default and can be included by a person."""

from msgspec import Struct

from core.base.error_codes import ErrorCode


class SkippedFolderKind(Struct, frozen=True):
    """One kind of folder: the pattern that includes it, and why it is skipped."""

    pattern: str
    code: ErrorCode


def list_skipped_folder_kinds() -> tuple[SkippedFolderKind, ...]:
    """Return every kind that has a name, by name; hidden parts are a switch of their own."""
    from core.library.filesystem.folder_scanner import (  # noqa: PLC0415 - not for the first paint
        GENERATED_FOLDERS,
        KEY_FOLDERS,
    )

    generated = (
        SkippedFolderKind(name, ErrorCode.PART_GENERATED) for name in sorted(GENERATED_FOLDERS)
    )
    keys = (SkippedFolderKind(name, ErrorCode.PART_KEYS) for name in sorted(KEY_FOLDERS))
    return (*generated, *keys)
