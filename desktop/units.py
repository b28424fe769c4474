"""Places in a text as Qt counts them: in UTF-16 units, of which an emoji has two."""


def units(text: str, place: int) -> int:
    """Return how many units stand before the letter at `place`."""
    return place if text.isascii() else len(text[:place].encode("utf-16-le", "surrogatepass")) // 2
