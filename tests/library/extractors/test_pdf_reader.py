"""PDF gives what a person reads on its pages: filled forms, comments, words broken at line ends."""

import pytest

from core.library.extractors import file_formats
from core.messages import DocumentPage
from tests.library.documents import assemble, pdf


def pages_of(data: bytes) -> tuple[DocumentPage, ...]:
    return file_formats.extract_content(data, "a.pdf").pages


def page(content: str, *, extra: str = "", objects: tuple[str, ...] = ()) -> bytes:
    """Return a PDF of one page; `objects` are numbered from 6 on."""
    return assemble(
        [
            "<< /Type /Catalog /Pages 2 0 R >>",
            "<< /Type /Pages /Kids [4 0 R] /Count 1 >>",
            "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
            (
                f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] {extra} /Contents 5 0 R"
                " /Resources << /Font << /F1 3 0 R >> >> >>"
            ),
            f"<< /Length {len(content)} >>\nstream\n{content}\nendstream",
            *objects,
        ]
    )


def lines(*texts: str) -> str:
    moved = " ".join(f"({text}) Tj 0 -16 Td" for text in texts)
    return f"BT /F1 12 Tf 72 700 Td {moved} ET"


def test_what_was_filled_into_a_form_is_text() -> None:
    shown = "BT /F1 12 Tf 2 4 Td (Ada Brandt) Tj ET"
    field = (
        "<< /Type /Annot /Subtype /Widget /FT /Tx /T (name) /V (Ada Brandt) /Rect [72 600 300 620]"
        " /F 4 /AP << /N 7 0 R >> >>"
    )
    look = (
        "<< /Type /XObject /Subtype /Form /BBox [0 0 228 20] /Resources << /Font << /F1 3 0 R >> >>"
        f" /Length {len(shown)} >>\nstream\n{shown}\nendstream"
    )
    data = page(lines("Name:"), extra="/Annots [6 0 R]", objects=(field, look))
    (found,) = pages_of(data)
    assert "Name:" in found.text
    assert "Ada Brandt" in found.text


def test_comments_stand_behind_their_page() -> None:
    note = (
        "<< /Type /Annot /Subtype /Text /Rect [72 600 90 620] /Contents (Ask the landlord about it)"
        " >>"
    )
    (found,) = pages_of(page(lines("Rent"), extra="/Annots [6 0 R]", objects=(note,)))
    assert found.text.split("\n\n") == ["Rent", "[Ask the landlord about it]"]


def test_a_word_that_is_broken_at_a_line_end_is_whole() -> None:
    (found,) = pages_of(page(lines("The land-", "lord pays for it.")))
    assert "landlord pays" in found.text


@pytest.mark.parametrize(
    ("turn", "first", "second"),
    [
        (90, "0 1 -1 0 100 72 Tm", "0 1 -1 0 116 72 Tm"),
        (180, "-1 0 0 -1 500 92 Tm", "-1 0 0 -1 500 108 Tm"),
        (270, "0 -1 1 0 500 700 Tm", "0 -1 1 0 484 700 Tm"),
    ],
)
def test_a_page_that_was_made_lying_reads_the_same(turn: int, first: str, second: str) -> None:
    content = f"BT /F1 12 Tf {first} (The rent is due.) Tj {second} (In writing.) Tj ET"
    (found,) = pages_of(page(content, extra=f"/Rotate {turn}"))
    assert found.text.split("\n") == ["The rent is due.", "In writing."]


_OF_ACCENTS = (
    "<< /Type /Encoding /BaseEncoding /WinAnsiEncoding /Differences [1 /acute /dieresis /dotlessi"
    " /cedilla /caron /ring /tilde] >>"
)


def accented(content: str, extra: str = "") -> bytes:
    """Return a page in a font that has accents apart from letters, from 1 on."""
    of_font = b"/WinAnsiEncoding"
    return page(content, extra=extra).replace(of_font, _OF_ACCENTS.encode(), 1)


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (r"[(A caf\001)445(e au lait)] TJ", "A café au lait"),
        (r"[(A cafe)445(\001)-112( au lait)] TJ", "A café au lait"),
        (r"[(gar\004)416(con and \005)445(Skoda)] TJ", "garçon and Škoda"),
        (r"[(na\002)306(\003ve man\007)445(ana)] TJ", "naïve manãna"),
        (r"(Caf) Tj 20.38 0 Td (\001) Tj -1.34 0 Td (e noir) Tj", "Café noir"),
        (r"(Eleves cafe) Tj 2 2.5 Td (\001) Tj 54.6 -2.5 Td (\001) Tj", "Éleves café"),
        (
            r"(Type `ls` or ~x^2 and \264quoted\264 words) Tj",
            "Type `ls` or ~x^2 and ´quoted´ words",
        ),
    ],
)
@pytest.mark.parametrize(
    ("extra", "placed"), [("", "72 700 Td"), ("/Rotate 90", "0 1 -1 0 100 72 Tm")]
)
def test_accents_are_joined_to_their_letters(
    content: str, text: str, extra: str, placed: str
) -> None:
    (found,) = pages_of(accented(f"BT /F1 12 Tf {placed} {content} ET", extra))
    assert " ".join(found.text.split()) == text


def test_columns_are_read_as_they_were_written() -> None:
    left = lines("The first column", "goes on here.")
    right = lines("The second column", "follows it.").replace("72 700", "330 700")
    (found,) = pages_of(page(f"{left} {right}"))
    whole = "The first column goes on here. The second column follows it."
    assert " ".join(found.text.split()) == whole


def test_a_broken_page_costs_itself_only() -> None:
    data = pdf("one", "two", "three").replace(b"/Kids [4 0 R 6 0 R", b"/Kids [4 0 R 9 9 R")
    assert pages_of(data)[0].text == "one"
