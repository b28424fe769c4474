"""What is attached to a mail is found in it, if it is a PDF or plain text."""

from email.message import EmailMessage

from core.library.extractors import file_formats
from core.messages import DocumentPage
from tests.library.documents import pdf


def pages_with(content: bytes, kind: str, name: str) -> tuple[DocumentPage, ...]:
    mail = EmailMessage()
    mail["Subject"] = "The lease"
    mail.set_content("See what is attached.")
    maintype, _slash, subtype = kind.partition("/")
    mail.add_attachment(content, maintype=maintype, subtype=subtype, filename=name)
    return file_formats.extract_content(bytes(mail), "a.eml").pages


def test_a_pdf_in_a_mail_is_read_under_its_name() -> None:
    data = pdf("The rent is 950 euros.", "Notice in writing.")
    mail, lease = pages_with(data, "application/pdf", "lease.pdf")
    assert mail.text.endswith("Attachment: lease.pdf")
    assert lease.heading == "The lease > lease.pdf"
    assert lease.text == "The rent is 950 euros.\n\nNotice in writing."


def test_a_pdf_that_was_sent_as_any_file_is_read() -> None:
    _mail, lease = pages_with(pdf("The rent."), "application/octet-stream", "lease.pdf")
    assert lease.text == "The rent."


def test_text_in_a_mail_is_read_under_its_name() -> None:
    _mail, fees = pages_with(b"name;fee\nAnn;12\n", "text/csv", "fees.csv")
    assert fees.text == "name;fee\nAnn;12"


def test_a_broken_attachment_costs_the_mail_nothing() -> None:
    (mail,) = pages_with(b"%PDF-1.7 torn", "application/pdf", "lease.pdf")
    assert mail.text.startswith("Subject: The lease")
    assert mail.text.endswith("Attachment: lease.pdf")
