"""Piped text: the bytes of standard input as text, as far as their encoding is certain.

A guess by language, as files get it, needs a library that this process does not load.
"""

import codecs
import locale

from core.base.errors import ErrorCode, InglenookError, LibraryError
from core.base.i18n import _
from core.library.extractors.documents.certain_encoding import (
    check_is_text,
    is_foreign,
    is_utf8,
    marked_text,
    telling_sample,
    wide_encoding,
)

_WESTERN = "cp1252"
_ZERO_SHARE = 0.25
"""Of UTF-16 without a mark; names that end with a zero byte, as of “find -print0”, have fewer."""


def decode_piped(data: bytes) -> str:
    """Return the text of `data`: by its mark, as UTF-16 or UTF-8, as the system writes, or Latin-1.

    Raises InglenookError(INPUT_REFUSED) for what is no text, or can't be told.
    """
    try:
        text = check_is_text(_decode(data))
    except LibraryError as error:
        raise _refusal(_("it is no text")) from error
    if "\x00" in text:
        raise _refusal(_("it is no text"))
    return text


def _decode(data: bytes) -> str:
    if marked := marked_text(data):
        return marked[0]
    text = _cut_utf8(data)
    if text is not None and "\x00" not in text:
        return text
    sample = telling_sample(data)
    if data.count(0) >= len(data) * _ZERO_SHARE and (encoding := wide_encoding(sample)):
        return data.decode(encoding, "replace")
    if b"\x00" in data:
        raise _refusal(_("it is no text"))
    if is_utf8(sample):
        return data.decode(errors="replace")
    own = codecs.lookup(locale.getencoding()).name
    if own not in {"utf-8", "ascii"}:
        return data.decode(own, "replace")
    if is_foreign(sample):
        raise _refusal(_("its encoding is not known"))
    return data.decode(_WESTERN, "replace")


def _cut_utf8(data: bytes) -> str | None:
    """Return the text of UTF-8 that may end within a character, as behind “head -c”."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        text = decoder.decode(data)
    except UnicodeDecodeError:
        return None
    is_cut = bool(decoder.getstate()[0])
    return None if is_cut and text.isascii() else text


def _refusal(detail: str) -> InglenookError:
    return InglenookError(ErrorCode.INPUT_REFUSED, detail=detail)
