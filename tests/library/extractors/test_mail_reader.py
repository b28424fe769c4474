"""Mail gives its headers and all of its parts, in whatever encoding programs wrote them."""

import base64
import quopri

import pytest

from core.library.extractors import file_formats


def text_of(data: bytes, name: str = "a.eml") -> str:
    return "\n".join(page.text for page in file_formats.extract_content(data, name).pages)


def part(kind: str, body: bytes, *headers: str) -> bytes:
    return "\n".join([f"Content-Type: {kind}", *headers, "", ""]).encode() + body


def joined(kind: str, *parts: bytes) -> bytes:
    inner = b"".join(b"--b\n" + each + b"\n" for each in parts)
    return (
        f"Subject: Rent\nContent-Type: multipart/{kind}; boundary=b\n\n".encode() + inner + b"--b--"
    )


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_headers_that_a_program_wrote_as_they_come(encoding: str) -> None:
    mail = "Subject: Übergröße für Jürgen\nFrom: a@b\n\nIt fits.".encode(encoding)
    text = text_of(mail)
    assert "Subject: Übergröße für Jürgen" in text
    assert "It fits." in text


def test_all_text_parts_are_read_and_attachments_are_named_and_read() -> None:
    text = text_of(
        joined(
            "mixed",
            part("text/plain", b"first part"),
            part("text/html", b"<p>second part</p>"),
            part("text/plain; name=notes.txt", b"attached words"),
            part("image/png", b"..."),
        )
    )
    assert text.split("\n\n")[1:] == [
        "first part",
        "second part",
        "Attachment: notes.txt\nattached words",
    ]


def test_a_mail_that_encloses_another() -> None:
    inner = b"Subject: Inner subject\nContent-Type: text/plain\n\ninner body"
    text = text_of(
        joined("mixed", part("text/plain", b"See below."), part("message/rfc822", inner))
    )
    assert "See below." in text
    assert "Subject: Inner subject" in text
    assert "inner body" in text


def test_of_two_forms_the_plain_one_is_read_unless_it_is_empty() -> None:
    html = part("text/html", b"<p>as a page</p>")
    assert text_of(joined("alternative", part("text/plain", b"as text"), html)).endswith("as text")
    assert text_of(joined("alternative", part("text/plain", b" "), html)).endswith("as a page")


def test_a_mailbox_gives_each_of_its_mails() -> None:
    body = base64.b64encode(b"The second body.")
    data = (
        b"From a@b Mon Jan  1 00:00:00 2024\nSubject: One\n\nThe first body.\n\n"
        b"From a@b Tue Jan  2 00:00:00 2024\nSubject: Two\nContent-Transfer-Encoding: base64\n\n"
        + body
    )
    pages = file_formats.extract_content(data + body, "a.mbox").pages
    assert [(page.number, page.heading) for page in pages] == [(1, "One"), (2, "Two")]
    assert "The first body." in pages[0].text
    assert "The second body." in pages[1].text


def test_a_page_that_was_saved_with_its_pictures() -> None:
    page = quopri.encodestring("<p>Straße nach Köln</p>".encode())
    coded = "Content-Transfer-Encoding: quoted-printable"
    html = part("text/html; charset=utf-8", page, coded)
    data = joined("related", html, part("text/css", b"p {}"))
    assert text_of(data, "a.mht").endswith("Straße nach Köln")
    assert text_of(b"MIME-Version: 1.0\n" + data, "a.doc").endswith("Straße nach Köln")
