"""RTF escapes: byte escapes rewritten as Unicode by the character set of their font."""

import re

_FONT = re.compile(rb"\\f(\d+)[^;{}]*\\fcharset(\d+)")
_TOKEN = re.compile(rb"\\[\\{}]|[{}]|\\f(\d+)(?![a-z])|\\'([0-9a-fA-F]{2})")
_CHARSETS = {
    161: "cp1253",
    162: "cp1254",
    163: "cp1258",
    177: "cp1255",
    178: "cp1256",
    186: "cp1257",
    204: "cp1251",
    222: "cp874",
    238: "cp1250",
}
"""Single-byte sets only: kreuzberg reads the two-byte ones and Western European by itself."""


def escapes_to_unicode(data: bytes) -> bytes:
    r"""Return the file with its escapes in those sets as \uN, which needs no font to be read."""
    sets = {int(font): _CHARSETS.get(int(charset)) for font, charset in _FONT.findall(data)}
    if not any(sets.values()):
        return data
    groups: list[str | None] = []
    current: str | None = None

    def replace(match: re.Match[bytes]) -> bytes:
        nonlocal current
        token = match[0]
        if token == b"{":
            groups.append(current)
        elif token == b"}":
            current = groups.pop() if groups else None
        elif match[1] is not None:
            current = sets.get(int(match[1]))
        elif match[2] is not None and current:
            letter = bytes([int(match[2], 16)]).decode(current, "replace")
            return rb"\uc1\u%d?" % ord(letter)
        return token

    return _TOKEN.sub(replace, data)
