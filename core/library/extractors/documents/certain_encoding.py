"""Certain encodings: byte order marks, UTF-16 and UTF-8, told without a guess; what is no text."""

import codecs
import re

from core.base.errors import ErrorCode, LibraryError

BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
SAMPLE = 64 * 1024
_BEFORE = 1024
"""Bytes before the first one beyond ASCII that a sample keeps."""
CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f-\x9f\ufffd]")
_MAX_CONTROL_SHARE = 0.05
"""Text may hold a few stray control characters; more of them means that it is no text."""
HIGH = re.compile(rb"[\x80-\xff]")
_FOREIGN_SHARE = 0.5
"""Share of letters beyond ASCII that no Latin script comes near."""
_COMMON = re.compile(r"[\t\n\r -~\u3000-\u3002\uff0c]")
_IMPOSSIBLE = re.compile(r"[\x00-\x08\x0e-\x1f\ud800-\udfff\ue000-\uf8ff\ufffe\uffff\ufffd]")

_RARE = 200
"""Of so many characters of UTF-16 one may be impossible."""


def marked_text(data: bytes) -> tuple[str, str] | None:
    """Return the text behind a byte order mark and the name of its encoding; None without a mark.

    Raises LibraryError where the two bytes of UTF-16 begin what is no text.
    """
    for mark, encoding in BYTE_ORDER_MARKS:
        if data.startswith(mark):
            text = data.decode(encoding, "replace")
            sample = text[:SAMPLE]
            if encoding != "utf-8-sig" and len(_IMPOSSIBLE.findall(sample)) * _RARE > len(sample):
                raise LibraryError(ErrorCode.FILE_BROKEN)
            return text, encoding
    return None


def telling_sample(data: bytes) -> bytes:
    """Return the beginning of `data`, or the part where its first byte beyond ASCII stands."""
    first = HIGH.search(data)
    begin = first.start() - _BEFORE if first and first.start() >= SAMPLE else 0
    return data[begin - begin % 2 :][:SAMPLE]


def is_utf8(sample: bytes) -> bool:
    """Nearly: a few bytes may be wrong among many right characters, so they don't lose a file."""
    text = sample.decode("utf-8", "replace")
    # A sample may end within a character; a whole file may not.
    text = text[:-4] if len(sample) == SAMPLE else text
    wrong = text.count("\ufffd")
    right = sum(ord(character) > 127 for character in text) - wrong
    return wrong == 0 or (right > 0 and wrong * 1000 <= len(sample)) or right > 10 * wrong


def wide_encoding(sample: bytes) -> str:
    """Tell UTF-16 without a mark by the space and line ends, which hold a zero byte."""
    if 0 not in sample:
        return ""
    even = sample[: len(sample) // 2 * 2]
    counted = {
        name: (len(_COMMON.findall(text)), len(_IMPOSSIBLE.findall(text)), len(text))
        for name in ("utf-16-le", "utf-16-be")
        for text in (even.decode(name, "replace"),)
    }
    name = max(counted, key=lambda each: counted[each][0])
    common, impossible, length = counted[name]
    other = min(counts[0] for counts in counted.values())
    # Zero bytes strewn into other bytes make such characters of either order, and impossible ones.
    if common > 4 * other and common * 50 >= length and impossible * _RARE <= length:
        return name
    return ""


def is_foreign(sample: bytes) -> bool:
    """Return whether most of the letters are beyond ASCII, as in no Latin script."""
    high = len(HIGH.findall(sample))
    return high > _FOREIGN_SHARE * (high + sum(map(_is_letter, sample)))


def _is_letter(byte: int) -> bool:
    return 65 <= byte & ~32 <= 90 and byte < 128


def check_is_text(text: str) -> str:
    """Return `text`. Raises LibraryError if its characters are none of a text."""
    sample = text[:SAMPLE]
    if len(CONTROLS.findall(sample)) > max(8, len(sample) * _MAX_CONTROL_SHARE):
        raise LibraryError(ErrorCode.FILE_BROKEN)
    return text
