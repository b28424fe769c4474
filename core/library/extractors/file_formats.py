"""File formats: the reader for each file, chosen by name suffix or by its first bytes."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import PurePath

from core.base.errors import ErrorCode, LibraryError
from core.library.extractors.documents import (
    html_reader,
    plain_text_reader,
    source_code_reader,
    subtitle_reader,
    text_decoding,
)
from core.library.extractors.documents.plain_text_reader import Pages

MARKDOWN = frozenset({".md", ".markdown", ".mdx", ".qmd", ".rmd"})
TEXT = frozenset({".txt", ".text", ".rst", ".log", ".tex", ".org", ".adoc", ".asciidoc"})
SUBTITLES = frozenset({".srt", ".vtt"})
FOLDED = frozenset({".ics", ".vcf"})
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
_WORD = re.compile(r"[^\W_]")
_AS_TEXT: Mapping[str, Callable[[str], Pages]] = {
    **dict.fromkeys(MARKDOWN, plain_text_reader.read_markdown),
    **dict.fromkeys(TEXT, plain_text_reader.read_text),
    **dict.fromkeys(SUBTITLES, subtitle_reader.read_subtitles),
    **dict.fromkeys(FOLDED, plain_text_reader.read_folded),
    **dict.fromkeys(HTML, html_reader.read_html),
    **dict.fromkeys(TABLE, plain_text_reader.read_table),
    **dict.fromkeys(JSON, plain_text_reader.read_json),
    **dict.fromkeys(source_code_reader.SOURCE_SUFFIXES, source_code_reader.read_code),
    ".ipynb": plain_text_reader.read_notebook,
}


@dataclass(frozen=True, slots=True)
class ExtractedContent:
    """Text of a file; `encoding` of a text file, `scanned` numbers of pages that are pictures."""

    pages: Pages
    encoding: str = ""
    scanned: tuple[int, ...] = ()


def extract_content(data: bytes, name: str) -> ExtractedContent:
    """Return the text of a file. Raises LibraryError with the reason if it has none."""
    suffix = PurePath(name).suffix.lower()
    if suffix in WITHOUT_TEXT:
        raise LibraryError(ErrorCode.FILE_NO_TEXT)
    if suffix in UNREADABLE:
        raise LibraryError(ErrorCode.FILE_UNSUPPORTED)
    content = _read(data, suffix)
    if not content.scanned and not any(_WORD.search(page.text) for page in content.pages):
        has_signs = any(page.text.strip() for page in content.pages)
        raise LibraryError(ErrorCode.FILE_WORDLESS if has_signs else ErrorCode.FILE_NO_TEXT)
    return content


def _read(data: bytes, suffix: str) -> ExtractedContent:
    # Each of these imports its own library, so that a child loads only what it meets.
    from core.library.extractors.documents import (  # noqa: PLC0415
        epub_reader,
        mail_reader,
        pdf_reader,
    )
    from core.library.extractors.office import office_reader  # noqa: PLC0415

    if suffix == ".pdf" or data.startswith(b"%PDF-"):
        pages, scanned = pdf_reader.read_pdf(data)
        return ExtractedContent(pages, scanned=scanned)
    if suffix in PICTURES:
        from core.library.extractors.page_images import image_files  # noqa: PLC0415

        return ExtractedContent((), scanned=image_files.image_page_numbers(data))
    if suffix in office_reader.OFFICE_SUFFIXES:
        return ExtractedContent(office_reader.read_office(data, suffix))
    others: Mapping[str, Callable[[bytes], Pages]] = {
        ".epub": epub_reader.read_epub,
        ".msg": office_reader.read_msg,
        ".mbox": mail_reader.read_mailbox,
        **dict.fromkeys((".eml", ".mht", ".mhtml"), mail_reader.read_mail),
    }
    if suffix in others:
        return ExtractedContent(others[suffix](data))
    if suffix not in _AS_TEXT and b"\0" in data[:4096] and not _is_wide(data):
        raise LibraryError(ErrorCode.FILE_UNSUPPORTED)
    declared = html_reader.declared_encoding(data) if suffix in HTML else None
    text, encoding = text_decoding.detect_and_decode(data, declared)
    return ExtractedContent(_AS_TEXT.get(suffix, plain_text_reader.read_text)(text), encoding)


def _is_wide(data: bytes) -> bool:
    return data.startswith((b"\xff\xfe", b"\xfe\xff"))
