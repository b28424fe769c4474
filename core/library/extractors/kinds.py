"""Which family reads a file, by its name and, for names nobody knows, by its first bytes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import PurePath

from core.errors import Code, LibraryError
from core.library.extractors import code, decoding, html, plain
from core.library.extractors.plain import Pages

MARKDOWN = frozenset({".md", ".markdown", ".mdx", ".qmd", ".rmd"})
TEXT = frozenset({".txt", ".text", ".rst", ".log", ".tex", ".org", ".adoc", ".asciidoc", ".srt"})
HTML = frozenset({".html", ".htm", ".xhtml"})
TABLE = frozenset({".csv", ".tsv", ".tab"})
JSON = frozenset({".json", ".jsonl", ".ndjson", ".geojson"})
PICTURES = frozenset({".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".webp"})
WITHOUT_TEXT = frozenset({".heic", ".heif", ".avif", ".svg", ".ico", ".psd"})
UNREADABLE = frozenset(
    """
    .zip .gz .bz2 .xz .7z .rar .tar .tgz .zst .iso .dmg .exe .dll .so .dylib .bin .o .a .pyc
    .class .jar .whl .mp3 .mp4 .m4a .mkv .mov .avi .wav .flac .ogg .webm .ttf .otf .woff
    .woff2 .gguf .safetensors .pt .onnx .npy .npz .parquet .db .sqlite .sqlite3 .pages .numbers
    .key .one .pst .xlsb .mdb .accdb .vsd .vsdx .pub .djvu .mobi .azw3 .lit
    """.split()  # noqa: SIM905 - one word a line is no list to read
)
_AS_TEXT: Mapping[str, Callable[[str], Pages]] = {
    **dict.fromkeys(MARKDOWN, plain.read_markdown),
    **dict.fromkeys(TEXT, plain.read_text),
    **dict.fromkeys(HTML, html.read_html),
    **dict.fromkeys(TABLE, plain.read_table),
    **dict.fromkeys(JSON, plain.read_json),
    **dict.fromkeys(code.SUFFIXES, code.read_code),
    ".ipynb": plain.read_notebook,
}


@dataclass(frozen=True, slots=True)
class Content:
    """A file's text; `encoding` of files that are text, `scanned` numbers of pictured pages."""

    pages: Pages
    encoding: str = ""
    scanned: tuple[int, ...] = ()


def read(data: bytes, name: str) -> Content:
    """Return what a file holds. Raises LibraryError with the reason if that is no text."""
    suffix = PurePath(name).suffix.lower()
    if suffix in WITHOUT_TEXT:
        raise LibraryError(Code.FILE_NO_TEXT)
    if suffix in UNREADABLE:
        raise LibraryError(Code.FILE_UNSUPPORTED)
    content = _read(data, suffix)
    if not content.scanned and not any(page.text.strip() for page in content.pages):
        raise LibraryError(Code.FILE_NO_TEXT)
    return content


def _read(data: bytes, suffix: str) -> Content:
    # Each of these imports its own library, so that a child loads only what it meets.
    from core.library.extractors import epub, mail, office, pdf  # noqa: PLC0415

    if suffix == ".pdf" or data.startswith(b"%PDF-"):
        pages, scanned = pdf.read_pdf(data)
        return Content(pages, scanned=scanned)
    if suffix in PICTURES:
        from core.library.extractors import picture  # noqa: PLC0415

        return Content((), scanned=picture.frames(data))
    if suffix in office.OFFICE_SUFFIXES:
        return Content(office.read_office(data, suffix))
    if suffix == ".epub":
        return Content(epub.read_epub(data))
    if suffix in {".eml", ".msg"}:
        return Content(mail.read_mail(data) if suffix == ".eml" else office.read_msg(data))
    if suffix not in _AS_TEXT and b"\0" in data[:4096] and not _is_wide(data):
        raise LibraryError(Code.FILE_UNSUPPORTED)
    declared = html.declared_encoding(data) if suffix in HTML else None
    text, encoding = decoding.detect(data, declared)
    return Content(_AS_TEXT.get(suffix, plain.read_text)(text), encoding)


def _is_wide(data: bytes) -> bool:
    return data.startswith((b"\xff\xfe", b"\xfe\xff"))
