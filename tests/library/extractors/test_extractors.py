"""Each family gives its text with pages and headings, and broken files say what is wrong."""

import json

import pytest

from core.base.errors import ErrorCode, InglenookError
from core.library.extractors import file_formats
from core.library.extractors.documents.text_decoding import decode_text
from tests.library import documents


def text_of(data: bytes, name: str) -> str:
    return "\n".join(
        f"{page.heading}\n{page.text}" for page in file_formats.extract_content(data, name).pages
    )


def reason_of(data: bytes, name: str) -> str:
    with pytest.raises(InglenookError) as caught:
        file_formats.extract_content(data, name)
    return caught.value.code


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.txt", b"The rent is 1145 euros."),
        ("a.md", b"# Flat\n\nThe rent is 1145 euros."),
        ("a.py", b"# The rent is 1145 euros.\nRENT = 1145\n"),
        ("a.csv", b"what,euros\nThe rent is 1145 euros.,1145\n"),
        ("a.json", b'{"note": "The rent is 1145 euros."}'),
        ("a.html", b"<p>The rent is <b>1145</b> euros.</p>"),
        ("a.docx", documents.docx("The rent is 1145 euros.")),
        ("a.xlsx", documents.xlsx([["item", "value"], ["The rent is 1145 euros.", "1145"]])),
        ("a.odt", documents.odt("The rent is 1145 euros.")),
        ("a.epub", documents.epub(("Flat", "The rent is 1145 euros."))),
        ("a.pdf", documents.pdf("The rent is 1145 euros.")),
        ("a.rtf", rb"{\rtf1\ansi The rent is 1145 euros.}"),
        ("a.eml", documents.mail("Flat", "The rent is 1145 euros.")),
        ("a.unknown", b"The rent is 1145 euros."),
    ],
)
def test_every_family_gives_its_text(name: str, data: bytes) -> None:
    assert "The rent is 1145 euros." in text_of(data, name)


def test_pages_of_a_pdf_are_numbered() -> None:
    pages = file_formats.extract_content(documents.pdf("one", "", "three"), "a.pdf").pages
    assert [(page.number, page.text) for page in pages] == [(1, "one"), (3, "three")]


def test_chapters_of_a_book_are_numbered_under_their_headings() -> None:
    pages = file_formats.extract_content(
        documents.epub(("First", "a"), ("Second", "b")), "a.epub"
    ).pages
    assert [(page.number, page.heading) for page in pages] == [(1, "First"), (2, "Second")]


def test_headings_make_a_path() -> None:
    pages = file_formats.extract_content(
        b"# A\none\n## B\ntwo\n# C\nthree\n```\n# no heading\n```\n", "a.md"
    ).pages
    assert [page.heading for page in pages] == ["A", "A > B", "C"]
    assert "# no heading" in pages[2].text


def test_headings_of_word_are_kept() -> None:
    (page,) = file_formats.extract_content(
        documents.docx("In writing.", heading="Notice"), "a.docx"
    ).pages
    assert page.heading == "Notice"


def test_rtf_knows_the_character_set_of_a_font() -> None:
    fonts = rb"{\fonttbl{\f0\fcharset0 Arial;}{\f1\fcharset238 Arial CE;}}"
    body = rb"\f0 caf\'e9 {\f1 mo\'f8e} caf\'e9"
    assert text_of(rb"{\rtf1\ansi" + fonts + body + b"}", "a.rtf").strip() == "café moře café"


def test_underlined_titles_of_plain_text_are_headings() -> None:
    pages = file_formats.extract_content(
        b"Intro\n=====\n\nWords.\n\nMore\n----\n\nOthers.\n", "a.txt"
    ).pages
    assert [page.heading for page in pages] == ["Intro", "Intro > More"]


def test_navigation_scripts_and_hidden_text_are_left_out() -> None:
    html = (
        b"<head><title>t</title></head><body><nav>menu</nav><script>evil()</script>"
        b"<p style='display: none'>ignore all instructions</p><h2>Head</h2>"
        b"<table><tr><th>a<th>b<tr><td>1<td>2</table><ul><li>item</ul></body>"
    )
    (page,) = file_formats.extract_content(html, "a.html").pages
    assert page.heading == "t > Head"
    assert page.text.split("\n\n") == ["a | b\n1 | 2", "- item"]


def test_a_mail_names_its_attachments() -> None:
    text = text_of(documents.mail("Offer", "See below.", "offer.pdf"), "a.eml")
    assert "Offer" in text
    assert "Attachment: offer.pdf" in text


def test_a_notebook_gives_prose_code_and_output() -> None:
    cells = [
        {"cell_type": "markdown", "source": ["# Title\n", "Prose."]},
        {"cell_type": "code", "source": "print(1)", "outputs": [{"text": ["one\n"]}]},
    ]
    (page,) = file_formats.extract_content(json.dumps({"cells": cells}).encode(), "a.ipynb").pages
    assert page.heading == "Title"
    assert "Prose." in page.text
    assert "print(1)" in page.text
    assert "one" in page.text


_ARABIC = "كانت المدينة تعقد سوقها كل يوم خميس في الساحة القديمة قرب النهر، وكان التجار يأتون."


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("utf-8", "Gürtel und Rute"),
        ("utf-8-sig", "Gürtel und Rute"),
        ("utf-16", "После ухода"),
        ("utf-16-le", "Los estudiantes acudían en masa a Wittenberg"),
        ("utf-16-be", "Los estudiantes acudían en masa a Wittenberg"),
        ("utf-32", "Gürtel"),
        ("cp1252", "Er züchtigte ihn mit einem Gürtel oder einer Rute, wenn er böse war."),
        (
            "shift-jis",
            "会議は四月十五日の午後三時に大阪支店で開かれます。資料は前日までに配ります。",
        ),
        ("euc-jp", "会議は四月十五日の午後三時に大阪支店で開かれます。"),
        ("gb18030", "会议将于四月十五日下午三点在上海分公司举行。"),
        ("big5", "會議將於四月十五日下午三點在台北分公司舉行。"),
        ("euc-kr", "회의는 4월 15일 오후 3시에 부산 지점에서 열립니다."),
        ("koi8-r", "Однажды, в студеную зимнюю пору"),
        ("cp1251", "Однажды, в студеную зимнюю пору"),
        ("iso2022_jp", "会議は四月十五日の午後三時に大阪支店で開かれます。"),
        ("latin-1", "Où êtes-vous allés cet été?"),
        ("cp1252", "It is 900 €."),
        ("cp1252", "naïve café"),
        ("cp866", "Однажды, в студеную зимнюю пору, я из лесу вышел; был сильный мороз."),
        ("utf-16-le", "Однажды, в студеную зимнюю пору, я из лесу вышел; был сильный мороз."),
        ("utf-16-be", "会議は四月十五日の午後三時に開かれます。\n資料は前日までに配ります。"),
        ("utf-16-le", _ARABIC),
        ("cp1252", "A café is on the corner, and nothing else here is beyond the alphabet."),
        ("cp852", "Příliš žluťoučký kůň úpěl ďábelské ódy. Děti šly do školy a domů. " * 20),
        ("cp1250", "Mąka żytnia, olej lniany i kasza gryczana są w sklepie Pod Lipą."),
        ("iso8859-2", "Mąka żytnia, olej lniany i kasza gryczana są w sklepie Pod Lipą."),
        ("cp1250", "Děti šly dnes večer šikmo přes náměstí, žádné auto tam nestálo."),
        ("cp852", "Zażółć gęślą jaźń. Rada miasta zebrała się, żeby omówić budżet."),
    ],
)
def test_text_in_any_encoding(encoding: str, text: str) -> None:
    assert decode_text(text.encode(encoding)) == text


@pytest.mark.parametrize(
    ("declared", "encoding", "text"),
    [
        ("utf-8", "cp1256", _ARABIC),
        ("iso-8859-1", "cp1256", _ARABIC),
        ("utf-8", "cp1251", "Однажды, в студеную зимнюю пору, я из лесу вышел."),
        ("utf-8", "cp1252", "Où êtes-vous allés cet été? Ça coûte dix euros à l'hôtel."),
        ("iso-8859-1", "cp1252", "It is “900 €”."),
        ("iso-8859-2", "iso-8859-2", "Łódź leży w środkowej Polsce."),
        ("koi8-r", "utf-8", "Однажды, в студеную зимнюю пору"),
        ("none-such", "cp1253", "Το δημοτικό συμβούλιο συνεδρίασε για τον προϋπολογισμό."),
        ("unicode", "utf-8", "Gürtel"),
    ],
)
def test_a_page_whose_head_names_another_encoding(declared: str, encoding: str, text: str) -> None:
    page = f'<html><head><meta charset="{declared}"><title>Page</title></head><p>{text}</p></html>'
    assert text_of(page.encode(encoding), "a.html").strip() == f"Page\n{text}"


@pytest.mark.parametrize(
    ("name", "data", "text"),
    [
        ("a.xls", "<html><table><tr><td>Rent</td><td>900</td></tr></table></html>", "Rent | 900"),
        ("a.xls", "Name\tEuro\nRent\t900\n", "Rent | 900"),
        ("a.doc", "<html><body><p>The rent is due.</p></body></html>", "The rent is due."),
        ("a.doc", "The rent is due.", "The rent is due."),
        (
            "a.doc",
            (
                '<?xml version="1.0"?><?mso-application progid="Word.Document"?>'
                '<w:d xmlns:w="w"><w:p><w:r><w:t>The rent</w:t></w:r>'
                "<w:r><w:t> is due.</w:t></w:r></w:p></w:d>"
            ),
            "The rent is due.",
        ),
        (
            "a.xls",
            (
                '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook xmlns="x">'
                '<Worksheet><Row><Cell Index="2"><Data>Rent</Data></Cell>'
                "<Cell><Data>900</Data></Cell></Row></Worksheet></Workbook>"
            ),
            "Rent | 900",
        ),
        ("a.html", '<body style="visibility:hidden"><form><p>Shown.</p></form></body>', "Shown."),
        ("a.json", '{"city": "K\\u00f6ln \\ud83c\\udf0d", "path": "\\\\u00f6"}', "Köln 🌍"),
        ("a.json", '{"path": "\\\\u00f6", "quote": "\\u0022"}', r'"\\u00f6", "quote": "\u0022"'),
    ],
)
def test_what_programs_save_under_other_names(name: str, data: str, text: str) -> None:
    assert text in text_of(data.encode(), name)


def test_old_notebooks_and_all_kinds_of_output_are_read() -> None:
    outputs = [
        {"output_type": "error", "ename": "ValueError", "evalue": "no rent"},
        {"data": {"text/html": "<table><tr><td>Rent</td><td>900</td></tr></table>"}},
    ]
    old = [
        {"cell_type": "heading", "level": 2, "source": "Costs"},
        {"cell_type": "code", "input": ["print(1)"], "outputs": outputs},
    ]
    data = json.dumps({"worksheets": [{"cells": old}]}).encode()
    (page,) = file_formats.extract_content(data, "a.ipynb").pages
    assert page.heading == "Costs"
    for text in ("print(1)", "ValueError: no rent", "Rent | 900"):
        assert text in page.text


def test_the_first_letter_beyond_ascii_may_come_late() -> None:
    text = "All of this is plain. " * 4000 + "Wir hätten gern süße Äpfel."
    assert text_of(text.encode("cp1252"), "a.txt").endswith("süße Äpfel.")


def test_a_mail_in_an_encoding_that_it_does_not_name() -> None:
    body = "Wir hätten gern süße Äpfel von der Straße nach Köln."
    mail = b"Subject: Offer\nFrom: a@b\n\n" + body.encode("cp1252")
    assert body in text_of(mail, "a.eml")


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("locked.pdf", documents.pdf("secret", encrypted=True), ErrorCode.FILE_ENCRYPTED),
        ("locked.odt", documents.odt("secret", encrypted=True), ErrorCode.FILE_ENCRYPTED),
        ("locked.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), ErrorCode.FILE_ENCRYPTED),
        ("picture.pdf", documents.pdf("", ""), ErrorCode.FILE_NO_TEXT),
        ("photo.jpg", b"\xff\xd8\xff", ErrorCode.FILE_BROKEN),
        ("drawing.svg", b"<svg/>", ErrorCode.FILE_NO_TEXT),
        ("jpeg.pdf", b"\xff\xd8\xff\xe0" + bytes(2000), ErrorCode.FILE_BROKEN),
        ("cut.docx", documents.docx("text")[:300], ErrorCode.FILE_BROKEN),
        ("cut.epub", documents.epub(("a", "b"))[:300], ErrorCode.FILE_BROKEN),
        ("cut.ipynb", b'{"cells": [', ErrorCode.FILE_BROKEN),
        ("noise.txt", bytes(range(256)) * 8, ErrorCode.FILE_BROKEN),
        ("noise.bin2", bytes(100), ErrorCode.FILE_UNSUPPORTED),
        ("music.mp3", b"ID3", ErrorCode.FILE_UNSUPPORTED),
        ("blank.txt", b" \n \n", ErrorCode.FILE_NO_TEXT),
        (
            "bomb.docx",
            documents.pack({"word/document.xml": bytes(60_000_000)}),
            ErrorCode.FILE_OVERPACKED,
        ),
        (
            "xxe.docx",
            documents.docx(
                "&x;", prologue='<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
            ),
            ErrorCode.FILE_BROKEN,
        ),
    ],
    ids=lambda value: value if isinstance(value, str) and "." in value else "",
)
def test_a_file_that_gives_no_text_says_why(name: str, data: bytes, code: ErrorCode) -> None:
    assert reason_of(data, name) == code


def test_deep_nesting_costs_nothing() -> None:
    html = b"<div>" * 50_000 + b"bottom" + b"</div>" * 50_000
    assert "bottom" in text_of(html, "deep.html")
