"""Generator of a long PDF of plain pages for benchmarks."""

from collections.abc import Iterator

_LINES, _WORDS = 48, 11
_WORDS_OF_PAGES = """
    water bed garden friday valve meter season letter house tenant notice roof gutter pump filter
    winter apple press barrel cellar ladder hedge month rule page record
"""
_VOCABULARY = tuple(_WORDS_OF_PAGES.split())


def page_passage(page: int) -> str:
    """Return the line that only this page has."""
    return f"Entry {page} of the register was signed before the second witness on day {page * 7}."


def long_pdf(pages: int) -> bytes:
    """Return a valid PDF of so many pages, each with about 3,000 letters."""
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in range(pages))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {pages} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for page in range(1, pages + 1):
        content = "\n".join(_content(page))
        objects += [
            (
                "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources"
                f" << /Font << /F1 3 0 R >> >> /Contents {3 + 2 * page} 0 R >>"
            ),
            f"<< /Length {len(content)} >>\nstream\n{content}\nendstream",
        ]
    return _assemble_pdf(objects)


def _content(page: int) -> Iterator[str]:
    yield "BT /F1 10 Tf 56 780 Td 14 TL"
    for line in range(_LINES):
        label_text = (
            _VOCABULARY[(page * 31 + line * 17 + n * 7) % len(_VOCABULARY)] for n in range(_WORDS)
        )
        text = page_passage(page) if line == _LINES // 2 else " ".join(label_text)
        yield f"({text}) Tj T*"
    yield "ET"


def _assemble_pdf(objects: list[str]) -> bytes:
    parts = [b"%PDF-1.4\n"]
    offsets: list[int] = []
    place = len(parts[0])
    for number, content in enumerate(objects, 1):
        offsets.append(place)
        parts.append(f"{number} 0 obj\n{content}\nendobj\n".encode("ascii"))
        place += len(parts[-1])
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    size = len(objects) + 1
    parts.append(f"xref\n0 {size}\n0000000000 65535 f \n{table}".encode("ascii"))
    trailer = f"trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{place}\n%%EOF\n"
    parts.append(trailer.encode("ascii"))
    return b"".join(parts)
