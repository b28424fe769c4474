"""GPT4All history: `.chat` files, each one chat as Qt streams it (format versions 6 to 12)."""

import struct
from collections.abc import Iterator

from core.base.i18n import _
from core.chat.history.foreign_chat import ForeignChat, ForeignTurn, MalformedChatError

MAGIC = bytes.fromhex("f5d553cc")
NAME = "GPT4All"
_OLDEST, _NEWEST = 6, 12
_NONE = 0xFFFFFFFF
"""Length of a text that isn't there."""
_MAX_ITEMS = 100_000
_MAX_DEPTH = 8


class _Stream:
    """Big-endian values, as QDataStream writes them."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def take(self, size: int) -> bytes:
        """Return the next bytes. Raises MalformedChatError behind the end."""
        if not 0 <= size <= len(self._data) - self._at:
            raise MalformedChatError(_("the file ends too early"))
        self._at += size
        return self._data[self._at - size : self._at]

    def number(self, form: str) -> int:
        """Return a whole number of this form of the struct module."""
        return int(struct.unpack(f">{form}", self.take(struct.calcsize(form)))[0])

    def text(self) -> str:
        """Return a QString."""
        size = self.number("I")
        return "" if size == _NONE else self.take(size).decode("utf-16-be", "replace")

    def skip_bytes(self) -> bytes:
        """Return a QByteArray."""
        size = self.number("I")
        return b"" if size == _NONE else self.take(size)

    def count(self, form: str = "q") -> int:
        """Return a number of items that may be there."""
        count = self.number(form)
        if not 0 <= count <= _MAX_ITEMS:
            raise MalformedChatError(_("a part of it is damaged"))
        return count


def read_chat_file(data: bytes) -> ForeignChat:
    """Return the chat of a file. Raises MalformedChatError."""
    stream = _Stream(data)
    if stream.take(4) != MAGIC:
        raise MalformedChatError(_("it is no chat of GPT4All"))
    version = stream.number("i")
    if not _OLDEST <= version <= _NEWEST:
        words = _("it was written by a version of GPT4All that isn't known here ({version})")
        raise MalformedChatError(words.format(version=version))
    created = stream.number("q")
    chat_id, title, _user, model = (stream.text() for _part in range(4))
    for _collection in range(stream.count("I")):
        stream.text()
    if version < 11:
        _skip_model_state(stream, version)
    turns = tuple(_turns(stream, version, created, model))
    if not turns:
        raise MalformedChatError(_("it holds no messages"))
    return ForeignChat(
        program=NAME,
        chat_id=chat_id or f"{created}",
        title=title,
        created=float(max(0, created)),
        updated=0.0,
        turns=turns,
    )


def _skip_model_state(stream: _Stream, version: int) -> None:
    has_state = stream.number("?")
    stream.take(8)  # kind of the model, version of its state
    stream.text()
    stream.text()
    stream.take(4)
    if has_state:
        stream.take(8 if version >= 7 else 4)  # places taken, and how many there are
        if version < 9:
            stream.take(4 * stream.number("Q"))
        stream.take(4 * stream.number("Q"))
        stream.skip_bytes()


def _turns(stream: _Stream, version: int, created: int, model: str) -> Iterator[ForeignTurn]:
    last: str | None = None
    for number in range(stream.count("i")):
        if version < 12:
            stream.take(4)
        name, value = stream.text(), stream.text()
        if version < 10:
            stream.text()
        stream.text()  # another answer that was begun
        stream.take(4)  # whether it is the latest, was stopped, is liked or not
        if version >= 11 and name == "Response: ":
            stream.take(1)
        _skip_sources(stream, version)
        attachments = tuple(_attachments(stream)) if version >= 10 else ()
        words: list[str] = [value]
        thoughts: list[str] = []
        if version >= 12:
            for kind, text in _parts(stream):
                (thoughts if kind == "Think: " else words).append(text)
        if name not in {"Prompt: ", "Response: "}:
            continue
        yield ForeignTurn(
            turn_id=f"{number}",
            parent_id=last,
            is_question=name == "Prompt: ",
            text="\n\n".join(filter(None, words)),
            created=float(max(0, created)),
            thinking="\n\n".join(filter(None, thoughts)),
            model=model if name == "Response: " else "",
            attachments=attachments,
        )
        last = f"{number}"


def _skip_sources(stream: _Stream, version: int) -> None:
    if version >= 8:
        for _source in range(stream.count()):
            for _part in range(7):
                stream.text()
            stream.take(12)  # page, first and last line
    else:
        stream.text()
        for _context in range(stream.count("I")):
            stream.text()


def _attachments(stream: _Stream) -> Iterator[str]:
    for _attachment in range(stream.count()):
        address = stream.skip_bytes().decode("utf-8", "replace")
        stream.skip_bytes()
        yield address.rpartition("/")[2]


def _parts(stream: _Stream, depth: int = 0) -> Iterator[tuple[str, str]]:
    """Yield kind and text of the parts of an answer: texts and thoughts."""
    if depth > _MAX_DEPTH:
        raise MalformedChatError(_("a part of it is damaged"))
    for _part in range(stream.count()):
        kind = stream.text()
        if kind not in {"Text: ", "Think: ", "Response: ", "ToolResponse: "}:
            raise MalformedChatError(_("it holds calls of tools, which can't be read"))
        text = stream.text()
        if kind == "Think: ":
            stream.take(8)  # how long it took
        if kind != "ToolResponse: ":
            yield kind, text
        yield from _parts(stream, depth + 1)
