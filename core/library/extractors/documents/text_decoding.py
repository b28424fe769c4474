"""Text decoding: detection of the encoding of bytes, and their text."""

import codecs
import re

import chardet

from core.library.extractors.documents.certain_encoding import (
    CONTROLS,
    HIGH,
    check_is_text,
    is_foreign,
    is_utf8,
    marked_text,
    telling_sample,
    wide_encoding,
)

_JAPANESE_ESCAPE = re.compile(rb"\x1b\$[@B]")
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

_LATIN_SHARE = 5
"""At most every fifth byte beyond ASCII: a Latin script with accents."""
_LATIN = ("cp1252", "cp1250", "iso8859-2", "cp1254", "cp1257", "cp850", "mac-roman")
_DOS = ("cp850", "cp852", "cp857", "cp437")
_RARE = (*_DOS, "iso8859-15")
_EASTERN = ("cp932", "shift_jis", "euc-jp", "gb18030", "big5", "euc-kr", "cp949")
_CENTRAL = ("cp1250", "iso8859-2")
"""The two of Central Europe: they have most letters in common, and no guess tells them apart."""
_ALPHABETS = tuple(
    map(
        frozenset,
        (
            "ąćęłńóśźż",
            "áčďéěíňóřšťúůýž",
            "áäčďéíĺľňóôŕšťúýž",
            "áéíóöőúüű",
            "ăâîşţ",
            "čćđšž",
            "äöüß",
        ),
    )
)
_FEW = 12
"""Accents up to which a guess by language is less sure than the commonest encoding."""
_WESTERN = frozenset("àâäáãåæçéèêëíîïñóôöõøœúùûüßÀÂÄÁÅÆÇÉÈÊËÍÎÑÓÔÖØŒÚÙÛÜ¿¡€£“”„‘’–—…«»°§•©®™½\xa0")
_ODD = re.compile(r"[\x80-\x9f\ufffd]|(?<=[^\W\d_])[^\w\s'’‘´`·\u00ad.,:;/()-](?=[^\W\d_])")
"""Inside a word stands a letter, an apostrophe or a dash, if the encoding is right."""
_MAX_ODD_SHARE = 0.1


def decode_text(data: bytes, declared: str | None = None) -> str:
    """Return the text of `data`. Raises LibraryError for no text."""
    return detect_and_decode(data, declared)[0]


def detect_and_decode(data: bytes, declared: str | None) -> tuple[str, str]:
    """Return the text of `data` and the name of its encoding. Raises LibraryError for no text.

    `declared` is what a header says. Order: byte order mark, UTF-16 without a mark, the escapes
    of Japanese mail, UTF-8, what was declared unless the bytes contradict it, then a guess.
    """
    if marked := marked_text(data):
        return marked
    sample = telling_sample(data)
    encoding = _certain_encoding(sample) or _declared_encoding(sample, declared) or _guess(sample)
    return check_is_text(data.decode(encoding, "replace")), encoding


def _certain_encoding(sample: bytes) -> str:
    if wide := wide_encoding(sample):
        return wide
    if _JAPANESE_ESCAPE.search(sample) and max(sample) < 128:
        return "iso2022_jp"
    return "utf-8" if is_utf8(sample) else ""


def _declared_encoding(sample: bytes, declared: str | None) -> str:
    """Return the encoding that a header names, "" if there is none or the bytes contradict it."""
    try:
        label = (declared or "").strip().lower()
        name = codecs.lookup(_NAMES.get(label, label)).name
        name = _WIDER.get(name, name)
        text = sample.decode(name, "replace")
    except (LookupError, UnicodeError):
        return ""
    wrong = len(CONTROLS.findall(text))
    high = len(HIGH.findall(sample))
    if name == "utf-8" or (wrong > 3 and wrong * 50 > high):
        return ""  # as UTF-8 it would have been read above
    return "" if name in _WESTERN_NAMES and is_foreign(_MARKUP.sub(b" ", sample)) else name


def _guess(sample: bytes) -> str:
    bare = _MARKUP.sub(b" ", sample)
    sample = bare if HIGH.search(bare) else sample
    high = len(HIGH.findall(sample))
    is_latin = high * _LATIN_SHARE <= len(sample) and not is_foreign(sample)
    options = (*_LATIN, *_EASTERN) if is_latin else None
    found = str(chardet.detect(sample, include_encodings=options)["encoding"] or "cp1252")
    try:
        found = codecs.lookup(found).name
    except LookupError:
        found = "cp1252"
    found = _WIDER.get(found, found)
    if is_latin and high <= _FEW and found not in _EASTERN and _reads_as_western(sample):
        return "cp1252"
    if found in _CENTRAL:
        found = min((found, *_CENTRAL), key=lambda name: _foreign_letters(sample, name))
    return _least_odd(sample, found) if is_latin and found not in _EASTERN else found


def _least_odd(sample: bytes, found: str) -> str:
    """Return `found`, or the code page of DOS by which far fewer signs stand within words."""
    odd = _odd(sample, found)
    if odd <= _MAX_ODD_SHARE * len(HIGH.findall(sample)):
        return found
    likeliest = chardet.detect(sample, include_encodings=_DOS)["encoding"] or "cp850"
    best = min((likeliest, *_RARE), key=lambda name: _odd(sample, name))
    return codecs.lookup(best).name if _odd(sample, best) * 2 < odd else found


def _odd(sample: bytes, name: str) -> int:
    return len(_ODD.findall(sample.decode(name, "replace")))


def _foreign_letters(sample: bytes, name: str) -> int:
    """Return how many letters beyond ASCII that language has not which has most of them."""
    letters = [each for each in sample.decode(name, "replace").lower() if ord(each) > 127]
    return min(sum(each not in alphabet for each in letters) for alphabet in _ALPHABETS)


def _reads_as_western(sample: bytes) -> bool:
    """Return whether every accent is one that Western European languages have."""
    text = sample.decode("cp1252", "replace")
    return all(each in _WESTERN for each in text if ord(each) > 127)
