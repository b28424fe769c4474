"""Tables say in each row what it belongs to, lists keep their numbers, notes are not lost."""

import pytest

from core.library.extractors import file_formats
from core.library.extractors.documents.merged_cells import MergedCell, fill_merged_cells
from core.library.extractors.office.number_formats import NumberFormat, read_number_format
from tests.library import office_documents as office
from tests.library.office_documents import paragraph


def text_of(data: bytes, name: str) -> str:
    return "\n\n".join(page.text for page in file_formats.extract_content(data, name).pages)


def text_cell(place: str, text: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


def test_merged_cells_of_a_sheet_are_told_in_each_row_and_column_of_the_head() -> None:
    rows = (
        f'<row r="3">{text_cell("A3", "Series")}{text_cell("B3", "Price")}</row>'
        f'<row r="4">{text_cell("B4", "glossy")}{text_cell("C4", "matt")}</row>'
        f'<row r="5">{text_cell("A5", "Corsaro")}<c r="B5"><v>24</v></c><c r="C5"><v>26</v></c>'
        '</row><row r="6"><c r="B6"><v>31</v></c><c r="C6"><v>33</v></c></row>'
        '<mergeCells><mergeCell ref="A3:A4"/><mergeCell ref="B3:C3"/><mergeCell ref="A5:A6"/>'
        "</mergeCells>"
    )
    assert text_of(office.workbook(Tiles=rows), "a.xlsx").split("\n") == [
        "Series | Price glossy | Price matt",
        "Corsaro | 24 | 26",
        "Corsaro | 31 | 33",
    ]


def test_merged_cells_of_a_word_table_and_the_notes_in_it() -> None:
    def cell(text: str, properties: str = "", more: str = "") -> str:
        return f"<w:tc><w:tcPr>{properties}</w:tcPr>{paragraph(text)}{more}</w:tc>"

    begun, wide = '<w:vMerge w:val="restart"/>', '<w:gridSpan w:val="2"/>'
    note = '<w:p><w:r><w:footnoteReference w:id="2"/></w:r></w:p>'
    table = (
        f"<w:tr>{cell('Area')}{cell('Task')}{cell('Who')}</w:tr>"
        f"<w:tr>{cell('Shed', begun)}{cell('lock')}{cell('Ada')}</w:tr>"
        f"<w:tr>{cell('', '<w:vMerge/>')}{cell('paint')}{cell('Ben', more=note)}</w:tr>"
        f"<w:tr>{cell('Total', wide)}{cell('385')}</w:tr>"
    )
    footnotes = f'<w:footnote w:id="2">{paragraph("after lunch")}</w:footnote>'
    data = office.word(f"<w:tbl>{table}</w:tbl>", footnotes=footnotes)
    assert text_of(data, "a.docx").split("\n") == [
        "Area | Task | Who",
        "Shed | lock | Ada",
        "Shed | paint | Ben",
        "Total |  | 385",
        "",
        "[after lunch]",
    ]


def test_cells_of_an_opendocument_keep_lists_and_notes_and_tell_what_they_span() -> None:
    note = "<text:note><text:note-body><text:p>paid</text:p></text:note-body></text:note>"
    items = "".join(
        f"<text:list-item><text:p>{each}</text:p></text:list-item>" for each in ("bell", "lamp")
    )
    body = (
        "<office:text><text:list><text:list-item>"
        f"<text:p>roof{note}</text:p></text:list-item></text:list><table:table>"
        '<table:table-row><table:table-cell table:number-rows-spanned="2"><text:p>A</text:p>'
        f"</table:table-cell><table:table-cell><text:list>{items}</text:list></table:table-cell>"
        "</table:table-row><table:table-row><table:covered-table-cell/><table:table-cell>"
        f"<text:p>rail{note}</text:p></table:table-cell></table:table-row></table:table>"
        "</office:text>"
    )
    assert text_of(office.opendocument(body), "a.odt").split("\n\n") == [
        "- roof",
        "[paid]",
        "A | - bell - lamp\nA | rail",
        "[paid]",
    ]


def test_numbered_lists_of_an_opendocument_keep_their_numbers() -> None:
    style = (
        '<text:list-style text:name="L"><text:list-level-style-number text:level="1"'
        ' text:num-format="1"/><text:list-level-style-bullet text:level="2"/></text:list-style>'
    )

    def items(*texts: str, more: str = "") -> str:
        inner = "".join(
            f"<text:list-item><text:p>{each}</text:p></text:list-item>" for each in texts
        )
        return f'<text:list text:style-name="L" {more}>{inner}</text:list>'

    goes_on = 'text:continue-numbering="true"'
    nested = "<text:list><text:list-item><text:p>in writing</text:p></text:list-item></text:list>"
    notice = f"Notice</text:p>{nested}<text:p>always"
    body = (
        f"{style}<office:text>{items('Rent', notice)}<text:p>Then:</text:p>"
        f"{items('Pets', more=goes_on)}{items('Anew')}</office:text>"
    )
    assert text_of(office.opendocument(body), "a.odt").split("\n\n") == [
        "1. Rent\n2. Notice\n  - in writing\n   always",
        "Then:",
        "3. Pets",
        "1. Anew",
    ]


def test_cells_of_a_web_page_that_span_rows_and_columns() -> None:
    html = (
        b"<table><tr><th rowspan=2>Group<th colspan=2>Code<tr><th>old<th>new"
        b"<tr><td rowspan=2>Water<td>22<td>F22<tr><td>75<td>F75</table>"
    )
    assert text_of(html, "a.html").split("\n") == [
        "Group | Code old | Code new",
        "Water | 22 | F22",
        "Water | 75 | F75",
    ]


def test_a_slide_tells_the_rows_of_a_merged_cell() -> None:
    def cell(text: str, span: str = "") -> str:
        return f"<a:tc {span}><a:p><a:r><a:t>{text}</a:t></a:r></a:p></a:tc>"

    high, hidden = 'rowSpan="2"', 'vMerge="1"'
    table = (
        f"<a:tr>{cell('North', high)}{cell('Oslo')}</a:tr>"
        f"<a:tr>{cell('', hidden)}{cell('Turku')}</a:tr>"
    )
    slides = office.slides(f"<p:graphicFrame><a:tbl>{table}</a:tbl></p:graphicFrame>")
    assert text_of(slides, "a.pptx") == "North | Oslo\nNorth | Turku"


def test_long_and_endless_merged_cells_are_not_repeated() -> None:
    rows = [["a" * 200, "1"], ["", "2"]]
    assert fill_merged_cells(rows, [MergedCell(0, 0, 2, 1)]) == rows
    endless = [MergedCell(0, 0, 10**9, 10**9)] * 3
    assert fill_merged_cells([["a", "1"], ["", "2"]], endless) == [["a", "1"], ["", "2"]]


def test_steps_of_a_web_page_keep_their_numbers() -> None:
    html = (
        b"<ol><li>Level it.<li>Turn it:<ol type=a><li>left<li>right</ol></li><li value=7>Wait."
        b"</ol><ul><li>dust</ul><ol start=4><li>Wash.</ol>"
    )
    assert text_of(html, "a.html").replace("\n\n", "\n").split("\n") == [
        "1. Level it.",
        "2. Turn it:",
        "  a. left",
        "  b. right",
        "7. Wait.",
        "- dust",
        "4. Wash.",
    ]


def test_the_title_of_a_web_page_without_a_top_heading_is_kept() -> None:
    page = b"<title>Aurora 24 &amp; 30</title><h2>Faults</h2><p>None.</p>"
    assert (
        file_formats.extract_content(page, "a.html").pages[0].heading == "Aurora 24 & 30 > Faults"
    )
    page = b"<title>x | site</title><h1>Aurora</h1><p>None.</p>"
    assert file_formats.extract_content(page, "a.html").pages[0].heading == "Aurora"


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("[$€-407] #,##0.00", NumberFormat("", "€ ", "", 2)),
        ('#,##0.00 "zł"', NumberFormat("", "", " zł", 2)),
        ("_-* #,##0.00 €_-", NumberFormat("", "", " €", 2)),
        ('0 "m²";[Red]-0', NumberFormat("", "", " m²")),
        ("(0.00)", NumberFormat(decimals=2)),
        ("#,##0.0##", NumberFormat(decimals=1)),
        ("0.00E+00", NumberFormat()),
        ("0.##", NumberFormat()),
        ("General", NumberFormat()),
        ('"yes"', NumberFormat()),
        ("0.0%", NumberFormat("percent")),
        ("[$-410]d mmmm yyyy", NumberFormat("date")),
    ],
)
def test_a_sheet_says_units_and_currencies(code: str, shown: NumberFormat) -> None:
    assert read_number_format(code) == shown


@pytest.mark.parametrize(
    ("code", "number", "shown"),
    [
        ("0.00 €", 5.5, "5.50 €"),
        ("[$$-409]#,##0.00", 1145.0, "$1145.00"),
        ("0.00", 2.125, "2.125"),
        ("0.00", -0.1, "-0.10"),
        ("0", 5.5, "5.5"),
        ("0.00E+00", 12.5, "12.5"),
        ("0.00", 1e20, "1e+20"),
    ],
)
def test_a_number_of_a_sheet_has_the_decimals_that_are_shown(
    code: str, number: float, shown: str
) -> None:
    assert read_number_format(code).shown_number(number) == shown


def test_a_mailbox_gives_lines_that_begin_as_its_envelopes_do() -> None:
    data = b"From a@b Mon May  4 20:11:05 2026\nSubject: Boat\n\nToo much.\n>From savings no.\n"
    assert "\nFrom savings no." in text_of(data, "a.mbox")
