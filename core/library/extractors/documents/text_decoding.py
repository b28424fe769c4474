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
_BEFORE = 1024
"""Bytes before the first one beyond ASCII that a sample keeps."""
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f-\x9f\ufffd]")
_MAX_CONTROL_SHARE = 0.05
"""Text may hold a few stray control characters; more of them means that it is no text."""
_JAPANESE_ESCAPE = re.compile(rb"\x1b\$[@B]")
_HIGH = re.compile(rb"[\x80-\xff]")
_MARKUP = re.compile(
    rb"<(script|style)\b.*?</\1\s*>|<!--.*?-->|<[^<>]*>", re.DOTALL | re.IGNORECASE
)
"""What an HTML file says in ASCII, whatever its language."""
_WIDER = {
    "iso8859-1": "cp1252",
    "ascii": "utf-8",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "iso8859-9": "cp1254",
    "tis-620": "cp874",
}
"""Encodings that others contain; Windows wrote the others and called them by these names."""
_NAMES = {"x-sjis": "cp932", "x-gbk": "gb18030", "x-mac-roman": "mac-roman", "unicode": "utf-16-le"}
"""Names in headers that Python doesn't know."""
_WESTERN_NAMES = frozenset({"cp1252", "iso8859-1", "iso8859-15", "utf-8"})
"""What programs write into a header without having looked."""
_FOREIGN_SHARE = 0.5
"""Share of letters beyond ASCII that no Latin script comes near."""

_LATIN_SHARE = 5
"""At most every fifth byte beyond ASCII: a Latin script with accents."""
_LATIN = ("cp1252", "cp1250", "iso8859-2", "cp1254", "cp1257", "cp850", "mac-roman")
_DOS = ("cp850", "cp852", "cp857", "cp437")
_RARE = (*_DOS, "iso8859-15")
_EASTERN = ("cp932", "shift_jis", "euc-jp", "gb18030", "big5", "euc-kr", "cp949")
_FEW = 12
"""Accents up to which a guess by language is less sure than the commonest encoding."""
_WESTERN = frozenset("àâäáãåæçéèêëíîïñóôöõøœúùûüßÀÂÄÁÅÆÇÉÈÊËÍÎÑÓÔÖØŒÚÙÛÜ¿¡€£“”„‘’–—…«»°§•©®™½\xa0")
_ODD = re.compile(r"[\x80-\x9f\ufffd]|(?<=[^\W\d_])[^\w\s'’‘´`·\u00ad.,:;/()-](?=[^\W\d_])")
"""Inside a word stands a letter, an apostrophe or a dash, if the encoding is right."""
_MAX_ODD_SHARE = 0.1
_COMMON = re.compile(r"[\t\n\r -~\u3000-\u3002\uff0c]")
_IMPOSSIBLE = re.compile(r"[\x00-\x08\x0e-\x1f\ud800-\udfff\ue000-\uf8ff\ufffe\uffff\ufffd]")


def decode_text(data: bytes, declared: str | None = None) -> str:
    """Return the text of `data`. Raises LibraryError for no text."""
    return detect_and_decode(data, declared)[0]


def detect_and_decode(data: bytes, declared: str | None = None) -> tuple[str, str]:
    """Return the text of `data` and the name of its encoding. Raises LibraryError for no text.

    `declared` is what a header says. Order: byte order mark, UTF-16 without a mark, the escapes
    of Japanese mail, UTF-8, what was declared unless the bytes contradict it, then a guess.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return data.decode(encoding, "replace"), encoding
    sample = _telling_sample(data)
    encoding = _certain_encoding(sample) or _declared_encoding(sample, declared) or _guess(sample)
    return _checked(data.decode(encoding, "replace")), encoding


def _telling_sample(data: bytes) -> bytes:
    """Return the beginning of `data`, or the part where its first byte beyond ASCII stands."""
    first = _HIGH.search(data)
    begin = first.start() - _BEFORE if first and first.start() >= _SAMPLE else 0
    return data[begin - begin % 2 :][:_SAMPLE]


def _certain_encoding(sample: bytes) -> str:
    if wide := _wide_encoding(sample):
        return wide
    if _JAPANESE_ESCAPE.search(sample) and max(sample) < 128:
        return "iso2022_jp"
    return "utf-8" if _is_utf8(sample) else ""


def _is_utf8(sample: bytes) -> bool:
    """Nearly: a few bytes may be wrong among many right characters, so they don't lose a file."""
    text = sample.decode("utf-8", "replace")
    # A sample may end within a character; a whole file may not.
    text = text[:-4] if len(sample) == _SAMPLE else text
    wrong = text.count("\ufffd")
    right = sum(ord(character) > 127 for character in text) - wrong
    return wrong == 0 or (right > 0 and wrong * 1000 <= len(sample)) or right > 10 * wrong


def _wide_encoding(sample: bytes) -> str:
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
    if common > 4 * other and common * 50 >= length and impossible * 200 <= length:
        return name
    return ""


def _declared_encoding(sample: bytes, declared: str | None) -> str:
    """Return the encoding that a header names, "" if there is none or the bytes contradict it."""
    try:
        label = (declared or "").strip().lower()
        name = codecs.lookup(_NAMES.get(label, label)).name
        name = _WIDER.get(name, name)
        text = sample.decode(name, "replace")
    except (LookupError, UnicodeError):
        return ""
    wrong = len(_CONTROLS.findall(text))
    high = len(_HIGH.findall(sample))
    if name == "utf-8" or (wrong > 3 and wrong * 50 > high):
        return ""  # as UTF-8 it would have been read above
    return "" if name in _WESTERN_NAMES and _is_foreign(_MARKUP.sub(b" ", sample)) else name


def _is_foreign(sample: bytes) -> bool:
    """Return whether most of the letters are beyond ASCII, as in no Latin script."""
    high = len(_HIGH.findall(sample))
    return high > _FOREIGN_SHARE * (high + sum(map(_is_letter, sample)))


def _is_letter(byte: int) -> bool:
    return 65 <= byte & ~32 <= 90 and byte < 128


def _guess(sample: bytes) -> str:
    bare = _MARKUP.sub(b" ", sample)
    sample = bare if _HIGH.search(bare) else sample
    high = len(_HIGH.findall(sample))
    is_latin = high * _LATIN_SHARE <= len(sample) and not _is_foreign(sample)
    options = (*_LATIN, *_EASTERN) if is_latin else None
    found = str(chardet.detect(sample, include_encodings=options)["encoding"] or "cp1252")
    try:
        found = codecs.lookup(found).name
    except LookupError:
        found = "cp1252"
    found = _WIDER.get(found, found)
    if is_latin and high <= _FEW and found not in _EASTERN and _reads_as_western(sample):
        return "cp1252"
    return _least_odd(sample, found) if is_latin and found not in _EASTERN else found


def _least_odd(sample: bytes, found: str) -> str:
    """Return `found`, or the code page of DOS by which far fewer signs stand within words."""
    odd = _odd(sample, found)
    if odd <= _MAX_ODD_SHARE * len(_HIGH.findall(sample)):
        return found
    likeliest = chardet.detect(sample, include_encodings=_DOS)["encoding"] or "cp850"
    best = min((likeliest, *_RARE), key=lambda name: _odd(sample, name))
    return codecs.lookup(best).name if _odd(sample, best) * 2 < odd else found


def _odd(sample: bytes, name: str) -> int:
    return len(_ODD.findall(sample.decode(name, "replace")))


def _reads_as_western(sample: bytes) -> bool:
    """Return whether every accent is one that Western European languages have."""
    text = sample.decode("cp1252", "replace")
    return all(each in _WESTERN for each in text if ord(each) > 127)


def _checked(text: str) -> str:
    sample = text[:_SAMPLE]
    if len(_CONTROLS.findall(sample)) > max(8, len(sample) * _MAX_CONTROL_SHARE):
        raise LibraryError(ErrorCode.FILE_BROKEN)
    return text
