"""Mail reader (.eml): headers, body text and names of attachments."""

import email
import email.policy
from email.message import EmailMessage

from core.library.extractors.documents.html_reader import add_html
from core.library.extractors.documents.page_builder import PageBuilder
from core.library.extractors.documents.text_decoding import decode_text
from core.messages import DocumentPage

_HEADERS = ("From", "To", "Cc", "Date", "Subject")


def read_mail(data: bytes) -> tuple[DocumentPage, ...]:
    """Return a mail as one page under its subject."""
    message = email.message_from_bytes(data, policy=email.policy.default)
    assert isinstance(message, EmailMessage)  # the default policy makes no other kind
    builder = PageBuilder()
    builder.add_heading(1, _header(message, "Subject"))
    head = [f"{name}: {_header(message, name)}" for name in _HEADERS if message[name]]
    builder.add_text("\n".join(head))
    _add_body(builder, message)
    for name in filter(None, (part.get_filename() for part in message.iter_attachments())):
        builder.add_text(f"Attachment: {name}")
    return builder.build_pages()


def _header(message: EmailMessage, name: str) -> str:
    try:
        return str(message[name] or "")
    except (ValueError, IndexError, AttributeError):
        return ""  # the email package stumbles over some malformed headers


def _add_body(builder: PageBuilder, message: EmailMessage) -> None:
    body = message.get_body(("plain", "html"))
    if body is None:
        return
    content = body.get_payload(decode=True)
    if not isinstance(content, bytes):
        return
    charset = body.get_content_charset()
    if body.get_content_subtype() == "html":
        add_html(builder, content, charset)
    else:
        builder.add_text(decode_text(content, charset))
