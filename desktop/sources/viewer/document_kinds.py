"""Document kinds by file name: page pictures, mail, code or running text."""

from pathlib import PurePath

_DRAWN = frozenset({".pdf", ".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".webp"})
_MAIL = frozenset({".eml", ".msg", ".mbox"})
_CODE = frozenset(
    """
    .py .js .ts .tsx .jsx .java .c .h .cpp .hpp .cc .cs .go .rs .rb .php .swift .kt .scala .sh
    .bash .zsh .ps1 .bat .sql .r .jl .lua .pl .hs .ml .ex .erl .dart .vue .css .scss .json .jsonl
    .ndjson .geojson .yaml .yml .toml .ini .cfg .conf .xml .csv .tsv .tab .log .ipynb
    """.split()  # noqa: SIM905 - one word a line is no list to read
)


def has_page_pictures(file: str) -> bool:
    """Return whether the pages of a file are shown as pictures."""
    return _suffix(file) in _DRAWN


def is_mail(file: str) -> bool:
    """Return whether a file begins with the headers of a mail."""
    return _suffix(file) in _MAIL


def is_code(file: str) -> bool:
    """Return whether a file is shown in a fixed-width font."""
    return _suffix(file) in _CODE


def _suffix(file: str) -> str:
    return PurePath(file).suffix.lower()
