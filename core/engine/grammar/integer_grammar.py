"""Integer ranges as GBNF grammars, which can only compare digits."""

from collections.abc import Iterator

MAX_DIGITS = 15
"""Most digits; longer numbers lose precision in readers that parse numbers as doubles."""


def integer_range_grammar(least: int | None, most: int | None) -> str:
    """Return the alternatives for the whole numbers from `least` to `most`; None: no limit."""
    low = -(10**MAX_DIGITS) + 1 if least is None else least
    high = 10**MAX_DIGITS - 1 if most is None else most
    ways: list[str] = []
    if low < 0:
        ways += [f'"-" ({way})' for way in _from_to(max(1, -high), -low)]
    if high >= 0:
        ways += _from_to(max(0, low), high)
    return " | ".join(ways)


def _from_to(low: int, high: int) -> Iterator[str]:
    """Yield the numbers of each length, neither below zero."""
    for length in range(len(str(low)), len(str(high)) + 1):
        first = max(low, 0 if length == 1 else 10 ** (length - 1))
        last = min(high, 10**length - 1)
        if first <= last:
            yield _same_length(str(first), str(last))


def _same_length(low: str, high: str) -> str:
    """Return the strings of digits from `low` to `high`, of the same length."""
    if low == high:
        return f'"{low}"'
    rest = len(low) - 1
    if not rest:
        return f"[{low}-{high}]"
    if low[0] == high[0]:
        return f'"{low[0]}" ({_same_length(low[1:], high[1:])})'
    least, most = int(low[0]), int(high[0])
    ways: list[str] = []
    if low[1:] != "0" * rest:
        ways.append(f'"{least}" ({_same_length(low[1:], "9" * rest)})')
        least += 1
    ending = ""
    if high[1:] != "9" * rest:
        ending = f'"{most}" ({_same_length("0" * rest, high[1:])})'
        most -= 1
    if least <= most:
        ways.append(f"[{least}-{most}] [0-9]{{{rest}}}")
    return " | ".join([*ways, ending] if ending else ways)
