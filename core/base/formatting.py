"""Formatting of byte sizes and parameter counts for people."""

from core.base.i18n import LocalizedFloat

_BYTE_UNITS = ("kB", "MB", "GB", "TB", "PB", "EB")


def format_bytes(count: int) -> str:
    """Return `count` bytes in decimal units with three figures at most, e.g. "98.4 MB"."""
    if count < 1000:
        return f"{count} B"
    value, unit = count / 1000, _BYTE_UNITS[0]
    for larger in _BYTE_UNITS[1:]:
        if value < 999.5:
            break
        value, unit = value / 1000, larger
    return f"{_three_figures(LocalizedFloat(value))} {unit}"


def format_count(count: int) -> str:
    """Return a number of parameters as model names give it in any language, e.g. "7.24B"."""
    value, unit = float(count), ""
    for larger in ("K", "M", "B", "T"):
        if value < 999.5:
            break
        value, unit = value / 1000, larger
    return f"{_three_figures(value)}{unit}"


def _three_figures(value: float) -> str:
    if value >= 99.95:
        return f"{value:.0f}"
    return f"{value:.1f}" if value >= 9.995 else f"{value:.2f}".rstrip("0").rstrip(".,")
