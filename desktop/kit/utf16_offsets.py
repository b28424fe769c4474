"""UTF-16 offsets: positions in a text as Qt counts them, where an emoji has two units."""


def utf16_offset(text: str, place: int) -> int:
    """Return the number of UTF-16 units before the character at `place`."""
    return place if text.isascii() else len(text[:place].encode("utf-16-le", "surrogatepass")) // 2
