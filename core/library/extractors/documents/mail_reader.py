"""Mail reader (.eml, .mbox, .mht): headers, text of all parts, attachments that are PDF or text."""

import base64
import contextlib
import email
import email.policy
import re
from email.message import EmailMessage, MIMEPart

from core.base.errors import ErrorCode, LibraryError
from core.library.extractors.documents.html_reader import add_html
from core.library.extractors.documents.page_builder import PageBuilder
from core.library.extractors.documents.pdf_reader import read_pdf
from core.library.extractors.documents.text_decoding import decode_text
from core.messages import DocumentPage

_HEADERS = ("From", "To", "Cc", "Date", "Subject")
_PDF_MAGIC = b"%PDF-"
_TEXT_KINDS = frozenset({"text/plain", "text/csv", "text/markdown"})
_MAX_DEPTH = 20
"""Of parts within parts; a mail that was forwarded five times has some ten."""
_BLANK_LINE = re.compile(rb"\r?\n\r?\n")
_WIDE_WORDS = re.compile(r"\S*[^\x00-\x7f]\S*(?: +\S*[^\x00-\x7f]\S*)*")
_SIGNATURE = "-- "
"""The line above a signature, whose space breaks no line."""
_ENVELOPE = re.compile(rb"^From \S+.*\d{4}[^\n]*\n", re.MULTILINE)
"""The line that begins each mail of a mailbox."""
_QUOTED_ENVELOPE = re.compile(rb"^>(>*From )", re.MULTILINE)
"""Lines that would be taken for one, as mailboxes keep them."""


def read_mail(data: bytes) -> tuple[DocumentPage, ...]:
    """Return a mail under its subject, those it encloses after it."""
    builder = PageBuilder()
    _add_message(builder, _parsed(data), 0)
    return builder.build_pages()


def read_mailbox(data: bytes) -> tuple[DocumentPage, ...]:
    """Return the mails of a mailbox, each a numbered page."""
    builder = PageBuilder()
    for number, mail in enumerate(filter(bytes.strip, _ENVELOPE.split(data)), 1):
        builder.begin_page(number)
        _add_message(builder, _parsed(_QUOTED_ENVELOPE.sub(rb"\1", mail)), 0)
    return builder.build_pages()


def _parsed(data: bytes) -> EmailMessage:
    message = email.message_from_bytes(_with_plain_head(data), policy=email.policy.default)
    assert isinstance(message, EmailMessage)  # the default policy makes no other kind
    return message


def _with_plain_head(data: bytes) -> bytes:
    """Return a mail whose headers are ASCII: some programs write theirs as it comes."""
    data = data.removeprefix(b"\xef\xbb\xbf")
    blank = _BLANK_LINE.search(data)
    head, rest = (data[: blank.start()], data[blank.start() :]) if blank else (data, b"")
    if head.isascii():
        return data
    try:
        text = decode_text(head)
    except LibraryError:
        return data
    return _WIDE_WORDS.sub(_encoded_word, text).encode("ascii", "replace") + rest


def _encoded_word(match: re.Match[str]) -> str:
    return f"=?utf-8?B?{base64.b64encode(match[0].encode('utf-8', 'replace')).decode()}?="


def _add_message(builder: PageBuilder, message: MIMEPart, depth: int) -> None:
    builder.add_heading(depth + 1, _header(message, "Subject"))
    head = [f"{name}: {_header(message, name)}" for name in _HEADERS if message[name]]
    builder.add_text("\n".join(head))
    _add_part(builder, message, depth)


def _header(message: MIMEPart, name: str) -> str:
    try:
        return str(message[name] or "")
    except (ValueError, IndexError, AttributeError):
        return ""  # the email package stumbles over some malformed headers


def _add_part(builder: PageBuilder, part: MIMEPart, depth: int) -> None:
    """Add a part and those within it. Raises LibraryError when they don't end."""
    if depth > _MAX_DEPTH:
        raise LibraryError(ErrorCode.FILE_TOO_DEEP, limit=f"{_MAX_DEPTH}")
    kind = part.get_content_type()
    if kind == "message/rfc822":
        for enclosed in part.iter_parts():
            _add_message(builder, enclosed, depth + 1)
    elif kind == "multipart/alternative":
        _add_alternative(builder, part, depth)
    elif part.is_multipart():
        for each in part.iter_parts():
            _add_part(builder, each, depth + 1)
    elif part.is_attachment() or part.get_filename():
        _add_attachment(builder, part, depth)
    elif kind == "text/html":
        add_html(builder, _content(part), part.get_content_charset())
    elif kind == "text/plain":
        text = decode_text(_content(part), part.get_content_charset())
        builder.add_text(_unflowed(part, text))


def _add_attachment(builder: PageBuilder, part: MIMEPart, depth: int) -> None:
    """Add an attachment's name, and what it says if it is a PDF or plain text."""
    kind = part.get_content_type()
    name = part.get_filename() or kind
    builder.add_text(f"Attachment: {name}")
    content = _content(part)
    texts: list[str] = []
    with contextlib.suppress(LibraryError):  # a broken one costs the mail nothing
        if content.startswith(_PDF_MAGIC):
            texts = [page.text for page in read_pdf(content)[0]]
        elif kind in _TEXT_KINDS:
            texts = [decode_text(content, part.get_content_charset())]
    if any(text.strip() for text in texts):
        builder.add_heading(depth + 2, name)
        for text in texts:
            builder.add_text(text)


def _unflowed(part: MIMEPart, text: str) -> str:
    """Return a text whose program broke lines at spaces (RFC 3676) with each paragraph whole."""
    if part.get_param("format") != "flowed":
        return text
    kept_space = str(part.get_param("delsp")).lower() != "yes"
    lines: list[str] = []
    open_depth: int | None = None  # how deep the last line is quoted, if it goes on
    for line in text.splitlines():
        words = line.lstrip(">")
        depth = len(line) - len(words)
        words = words.removeprefix(" ")
        goes_on = words.endswith(" ") and words != _SIGNATURE
        shown = words if kept_space or not goes_on else words[:-1]
        if open_depth == depth and words != _SIGNATURE:
            lines[-1] += shown
        else:
            lines.append(f"{'>' * depth} {shown}" if depth else shown)
        open_depth = depth if goes_on else None
    return "\n".join(lines)


def _add_alternative(builder: PageBuilder, part: MIMEPart, depth: int) -> None:
    """Add the plain form of a text, and another only where that is empty."""
    forms = list(part.iter_parts())
    plain = [each for each in forms if each.get_content_type() == "text/plain"]
    chosen = [each for each in plain if _content(each).strip()] or forms[-1:]
    for each in chosen:
        _add_part(builder, each, depth + 1)


def _content(part: MIMEPart) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""
