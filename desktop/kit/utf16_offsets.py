"""UTF-16 offsets: positions in a text as Qt counts them, where an emoji has two units."""


def utf16_offset(text: str, place: int) -> int:
    """Return how many units stand before the letter at `place`."""
    return place if text.isascii() else len(text[:place].encode("utf-16-le", "surrogatepass")) // 2
