"""Which family reads a file, by its name and, for names nobody knows, by its first bytes."""

from pathlib import PurePath

from core.errors import Code, LibraryError
from core.library.extractors.office import OFFICE_SUFFIXES, read_office
from core.library.extractors.plain import Pages

MARKDOWN = frozenset({".md", ".markdown", ".mdx", ".qmd", ".rmd"})
TEXT = frozenset({".txt", ".text", ".rst", ".log", ".tex", ".org", ".adoc", ".asciidoc", ".srt"})
HTML = frozenset({".html", ".htm", ".xhtml"})
TABLE = frozenset({".csv", ".tsv", ".tab"})
JSON = frozenset({".json", ".jsonl", ".ndjson", ".geojson"})
PICTURES = frozenset(
    {".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".webp", ".heic", ".svg", ".ico"}
)
UNREADABLE = frozenset(
    """
    .zip .gz .bz2 .xz .7z .rar .tar .tgz .zst .iso .dmg .exe .dll .so .dylib .bin .o .a .pyc
    .class .jar .whl .mp3 .mp4 .m4a .mkv .mov .avi .wav .flac .ogg .webm .ttf .otf .woff
    .woff2 .gguf .safetensors .pt .onnx .npy .npz .parquet .db .sqlite .sqlite3
    """.split()  # noqa: SIM905 - one word a line is no list to read
)


def read(data: bytes, name: str) -> Pages:
    """Return the pages of a file. Raises LibraryError with the reason if there are none."""
    suffix = PurePath(name).suffix.lower()
    if suffix in PICTURES:
        raise LibraryError(Code.FILE_NO_TEXT)
    if suffix in UNREADABLE:
        raise LibraryError(Code.FILE_UNSUPPORTED)
    pages = _read(data, suffix)
    if not any(page.text.strip() for page in pages):
        raise LibraryError(Code.FILE_NO_TEXT)
    return pages


def _read(data: bytes, suffix: str) -> Pages:  # noqa: C901, PLR0911 - one return per family
    # Each family imports its own library, so that a child loads only what it meets.
    from core.library.extractors import epub, html, mail, pdf, plain  # noqa: PLC0415

    if suffix == ".pdf" or data.startswith(b"%PDF-"):
        return pdf.read_pdf(data)
    if suffix in OFFICE_SUFFIXES:
        return read_office(data, suffix)
    if suffix == ".epub":
        return epub.read_epub(data)
    if suffix in HTML:
        return html.read_html(data)
    if suffix == ".eml":
        return mail.read_mail(data)
    if suffix in MARKDOWN:
        return plain.read_markdown(data)
    if suffix in TABLE:
        return plain.read_csv(data)
    if suffix in JSON:
        return plain.read_json(data)
    if suffix == ".ipynb":
        return plain.read_notebook(data)
    if suffix in TEXT:
        return plain.read_text(data)
    return _unknown(data)


def _unknown(data: bytes) -> Pages:
    from core.library.extractors import plain  # noqa: PLC0415

    if b"\0" in data[:4096]:
        raise LibraryError(Code.FILE_UNSUPPORTED)
    return plain.read_code(data)
