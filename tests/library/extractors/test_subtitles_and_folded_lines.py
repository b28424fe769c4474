"""Lines that a format breaks for itself are joined; what it says besides the text is no text."""

from core.library.extractors import file_formats


def pages_of(data: bytes, name: str) -> list[tuple[str, str]]:
    pages = file_formats.extract_content(data, name).pages
    return [(page.heading, page.text) for page in pages]


def test_subtitles_give_what_is_said_under_its_time() -> None:
    film = (
        "1\r\n00:00:01,000 --> 00:00:03,500\r\n<i>Where is the</i>\r\nlighthouse keeper?\r\n\r\n"
        "2\r\n00:00:04,000 --> 00:00:06,000 X1:10\r\n{\\an8}- He left.\r\n- In 1987.\r\n\r\n"
        "3\r\n00:01:02,000 --> 00:01:03,000\r\n5 < 7\r\n"
    )
    assert pages_of(film.encode("utf-8-sig"), "film.srt") == [
        ("00:00:01", "Where is the lighthouse keeper?\n- He left.\n- In 1987."),
        ("00:01:02", "5 < 7"),
    ]


def test_captions_of_the_web_name_who_speaks_and_leave_notes_out() -> None:
    captions = (
        "WEBVTT\n\nNOTE for the editor\n\nintro\n00:01.000 --> 00:04.000 align:start\n"
        "<v.loud Ann>The kiln &amp; the clay are hot.</v>\n"
    )
    assert pages_of(captions.encode(), "talk.vtt") == [
        ("00:01", "Ann: The kiln & the clay are hot.")
    ]


def test_subtitles_without_any_time_are_plain_text() -> None:
    assert pages_of(b"Only a remark.\n", "film.srt") == [("", "Only a remark.")]


def test_each_part_of_subtitles_knows_its_line() -> None:
    film = "1\n00:00:01,000 --> 00:00:02,000\nOne.\n\n2\n00:02:00,000 --> 00:02:01,000\nTwo.\n"
    pages = file_formats.extract_content(film.encode(), "a.srt").pages
    assert [page.line for page in pages] == [2, 6]


def test_long_lines_of_calendars_and_contacts_are_whole() -> None:
    event = "BEGIN:VEVENT\r\nSUMMARY:Chimney sweep comes and this line is lon\r\n ger\r\n"
    assert "this line is longer" in pages_of(event.encode(), "plan.ics")[0][1]
    card = "BEGIN:VCARD\r\nNOTE:mornings\\, never noon\\nring twice\r\n"
    assert "mornings, never noon\nring twice" in pages_of(card.encode(), "a.vcf")[0][1]


def test_a_table_that_names_its_delimiter_keeps_its_head() -> None:
    assert pages_of(b"sep=;\r\nanimal;legs, feet\r\nbeetle;6\r\n", "a.csv") == [
        ("", "animal | legs, feet\nbeetle | 6")
    ]


def test_paragraphs_of_a_flowed_mail_are_whole() -> None:
    head = b"Subject: s\r\nContent-Type: text/plain; charset=utf-8; format=flowed"
    body = (
        b"\r\n\r\nThis sentence is broken \r\nacross two lines.\r\n From here on.\r\n"
        b"> what you \r\n> wrote\r\n>> and I \r\nnot this\r\n-- \r\nAnn\r\n"
    )
    text = pages_of(head + body, "a.eml")[0][1]
    assert text.split("\n\n", 1)[1].split("\n") == [
        "This sentence is broken across two lines.",
        "From here on.",
        "> what you wrote",
        ">> and I",
        "not this",
        "--",
        "Ann",
    ]
    joined = pages_of(head + b"; delsp=yes\r\n\r\nto \r\ngether\r\n", "a.eml")[0][1]
    assert joined.endswith("together")


def test_other_mail_keeps_its_lines() -> None:
    mail = b"Subject: s\r\nContent-Type: text/plain\r\n\r\none \r\ntwo\r\n"
    assert pages_of(mail, "a.eml")[0][1].endswith("one\ntwo")
