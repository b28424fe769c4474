"""What of every folder is passed over by itself, to be listed and switched by a person."""

from msgspec import Struct

from core.codes import Code


class PassedOver(Struct, frozen=True):
    """One kind of folder: the pattern that lets it be read after all, and why it is not."""

    pattern: str
    code: Code


def kinds_passed_over() -> tuple[PassedOver, ...]:
    """Return every kind that has a name, by name; hidden parts are a switch of their own."""
    from core.library.scanner import (  # noqa: PLC0415 - not for the first paint
        GENERATED_FOLDERS,
        KEY_FOLDERS,
    )

    generated = (PassedOver(name, Code.PART_GENERATED) for name in sorted(GENERATED_FOLDERS))
    keys = (PassedOver(name, Code.PART_KEYS) for name in sorted(KEY_FOLDERS))
    return (*generated, *keys)
