"""Text decoding: detection of the encoding of bytes, and their text."""

import codecs
import re

import chardet

from core.base.errors import ErrorCode, LibraryError

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE = 64 * 1024
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f-\x9f\ufffd]")
_MAX_CONTROL_SHARE = 0.05
"""Text may hold a few stray control characters; more of them means that it is no text."""
_JAPANESE_ESCAPE = re.compile(rb"\x1b\$[@B]")
_WIDER = {"iso-8859-1": "cp1252", "ascii": "utf-8", "gb2312": "gb18030", "shift_jis": "cp932"}
"""Encodings that others contain; Windows wrote the others and called them by these names."""

_LATIN_SHARE = 5
"""At most every fifth byte beyond ASCII: a Latin script with accents."""
_LATIN = ("cp1252", "cp1250", "iso8859-2", "cp1254", "cp1257", "cp850", "mac-roman")
_EASTERN = ("cp932", "shift_jis", "euc-jp", "gb18030", "big5", "euc-kr", "cp949")
_FEW = 12
"""Accents up to which a guess by language is less sure than the commonest encoding."""
_WESTERN = frozenset("àâäáãåæçéèêëíîïñóôöõøœúùûüßÀÂÄÁÅÆÇÉÈÊËÍÎÑÓÔÖØŒÚÙÛÜ¿¡€£“”„‘’–—…«»°§•©®™½\xa0")


def decode_text(data: bytes, declared: str | None = None) -> str:
    """Return the text of `data`. Raises LibraryError for no text."""
    return detect_and_decode(data, declared)[0]


def detect_and_decode(data: bytes, declared: str | None = None) -> tuple[str, str]:
    """Return the text of `data` and the name of its encoding. Raises LibraryError for no text.

    `declared` is what a header says. Order: byte order mark, UTF-16 without a mark, the escapes
    of Japanese mail, UTF-8, what was declared, then a guess.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return data.decode(encoding, "replace"), encoding
    sample = data[:_SAMPLE]
    if encoding := _certain_encoding(sample):
        return _checked(data.decode(encoding, "replace")), encoding
    if declared and (text := _declared(data, declared)) is not None:
        return text, declared.lower()
    encoding = _guess(sample)
    return _checked(data.decode(encoding, "replace")), encoding


def _certain_encoding(sample: bytes) -> str:
    if wide := _wide_encoding(sample):
        return wide
    if _JAPANESE_ESCAPE.search(sample) and max(sample) < 128:
        return "iso2022_jp"
    return "utf-8" if _is_utf8(sample) else ""


def _is_utf8(sample: bytes) -> bool:
    """Nearly: up to one byte in 1000 may be wrong, so a single bad byte doesn't lose a file."""
    text = sample.decode("utf-8", "replace")
    # A sample may end within a character; a whole file may not.
    wrong = (text[:-4] if len(sample) == _SAMPLE else text).count("\ufffd")
    return wrong * 1000 <= len(sample) and (
        wrong == 0 or any(ord(c) > 127 for c in text) or wrong < 3
    )


def _wide_encoding(sample: bytes) -> str:
    """Tell UTF-16 without a mark by where its zero bytes lie."""
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    half = max(1, len(sample) // 2)
    if odd > half * 0.5 and even < half * 0.05:
        return "utf-16-le"
    if even > half * 0.5 and odd < half * 0.05:
        return "utf-16-be"
    return ""


def _declared(data: bytes, declared: str) -> str | None:
    try:
        return data.decode(codecs.lookup(declared).name, "replace")
    except (LookupError, UnicodeError):
        return None


def _guess(sample: bytes) -> str:
    high = sum(byte > 127 for byte in sample)
    is_latin = high * _LATIN_SHARE <= len(sample)
    options = (*_LATIN, *_EASTERN) if is_latin else None
    found = str(chardet.detect(sample, include_encodings=options)["encoding"] or "cp1252").lower()
    found = _WIDER.get(found, found)
    if is_latin and high <= _FEW and found not in _EASTERN and _reads_as_western(sample):
        return "cp1252"
    try:
        return codecs.lookup(found).name
    except LookupError:
        return "cp1252"


def _reads_as_western(sample: bytes) -> bool:
    """Return whether every accent is one that Western European languages have."""
    text = sample.decode("cp1252", "replace")
    return all(each in _WESTERN for each in text if ord(each) > 127)


def _checked(text: str) -> str:
    sample = text[:_SAMPLE]
    if len(_CONTROLS.findall(sample)) > max(8, len(sample) * _MAX_CONTROL_SHARE):
        raise LibraryError(ErrorCode.FILE_BROKEN)
    return text
