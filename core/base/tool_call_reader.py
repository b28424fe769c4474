"""Tool call reader: text that comes in pieces, split into words for people and calls of tools."""

import re

from msgspec import Struct

CALL_START, CALL_END = "<tool_call>", "</tool_call>"
RESULT_START = "<tool_response>"
"""What a tool returned begins with where it is a turn of the user's."""
_HEAD = re.compile(r'\s*\{\s*"name"\s*:\s*"((?:[^"\\]|\\.)*)"\s*,\s*"arguments"\s*:\s*')
_SPACE = re.compile(r"\s+")
_HEAD_START = '{"name":"'
_TAIL = re.compile(r"\s*\}\s*$")


class CallText(Struct, frozen=True):
    """Text that is no call."""

    text: str


class CallStarted(Struct, frozen=True):
    """A call begins; its arguments follow."""

    number: int
    name: str


class CallArguments(Struct, frozen=True):
    """A piece of the JSON of a call's arguments."""

    number: int
    json: str


CallPiece = CallText | CallStarted | CallArguments


class ToolCallReader:
    """Feed it pieces; what can't be decided yet is held back until the next one or the end."""

    def __init__(self, *, is_active: bool = True) -> None:
        """`is_active`: whether tools may be called at all; else all is text."""
        self._is_active = is_active
        self._held = ""
        self._gap = ""  # white space before a mark, not told yet
        self._state = "text"
        self._is_begun = False  # whether a letter of the arguments has come
        self._json = JsonEnd()
        self.count = 0
        """Calls that have begun."""

    def read_piece(self, text: str, *, final: bool = False) -> list[CallPiece]:
        """Return what is certain by now."""
        if not self._is_active:
            return [CallText(text)] if text else []
        self._held += text
        pieces: list[CallPiece] = []
        while self._step(pieces, final=final):
            pass
        return pieces

    def _step(self, pieces: list[CallPiece], *, final: bool) -> bool:
        """Take one step; returns whether another may follow."""
        if self._state == "text":
            return self._read_text(pieces, final=final)
        if self._state == "head":
            return self._read_head(pieces, final=final)
        if self._state == "tail":
            return self._read_tail()
        if self._state == "odd":
            return self._read_odd_arguments(pieces, final=final)
        return self._read_arguments(pieces)

    def _read_text(self, pieces: list[CallPiece], *, final: bool) -> bool:
        place = self._held.find(CALL_START)
        if place >= 0:
            before, self._held = self._held[:place], self._held[place + len(CALL_START) :]
            self._gap = "" if before.strip() else before
            if not self._gap and before:
                pieces.append(CallText(before))
            self._state = "head"
            return True
        keep = 0 if final else _start_length(self._held)
        shown, self._held = (
            self._held[: len(self._held) - keep],
            self._held[len(self._held) - keep :],
        )
        # White space between two calls is no text.
        if shown and (shown.strip() or not self.count):
            pieces.append(CallText(shown))
        return False

    def _read_head(self, pieces: list[CallPiece], *, final: bool) -> bool:
        """Read up to the arguments of a call; a mark with something else behind it is text."""
        match = _HEAD.match(self._held)
        if match is not None:
            self._held = self._held[match.end() :]
            self._state = "arguments"
            self._is_begun = False
            pieces.append(CallStarted(self.count, match[1]))
            self.count += 1
            return True
        begun = _SPACE.sub("", self._held[:100])
        may_be = begun.startswith(_HEAD_START) or _HEAD_START.startswith(begun)
        if may_be and not final:
            return False
        pieces.append(CallText(self._gap + CALL_START))
        self._state = "text"
        return True

    def _read_arguments(self, pieces: list[CallPiece]) -> bool:
        if not self._is_begun:
            self._held = self._held.lstrip()
            self._is_begun = bool(self._held)
            self._json = JsonEnd()
            if self._held and not self._held.startswith("{"):
                self._state = "odd"
                return True
        end = self._json.find_end(self._held)
        rest, self._held = self._held[:end], self._held[len(self._held) if end is None else end :]
        if rest:
            pieces.append(CallArguments(self.count - 1, rest))
        if end is not None:
            self._state = "tail"
        return end is not None

    def _read_odd_arguments(self, pieces: list[CallPiece], *, final: bool) -> bool:
        """Read arguments that are no JSON object: they end before the mark."""
        place = self._held.find(CALL_END)
        if place < 0 and not final:
            return False
        rest = self._held[:place] if place >= 0 else self._held
        self._held = self._held[place:] if place >= 0 else ""
        self._state = "tail"
        if rest := _TAIL.sub("", rest):
            pieces.append(CallArguments(self.count - 1, rest))
        return True

    def _read_tail(self) -> bool:
        """Read up to the end of a call."""
        _brace, found, after = self._held.partition(CALL_END)
        if found:
            self._held, self._state = after, "text"
        return bool(found)


class JsonEnd:
    """Finds the end of a JSON object that comes in pieces."""

    def __init__(self) -> None:
        self._depth = 0
        self._in_text = self._is_escaped = False

    def find_end(self, piece: str) -> int | None:
        """Return the place behind the object's last brace, None if that is yet to come."""
        for place, letter in enumerate(piece):
            if self._in_text:
                self._take_in_text(letter)
            elif letter == '"':
                self._in_text = True
            elif letter in "{[":
                self._depth += 1
            elif letter in "}]":
                self._depth -= 1
                if self._depth <= 0:
                    return place + 1
        return None

    def _take_in_text(self, letter: str) -> None:
        if self._is_escaped:
            self._is_escaped = False
        elif letter == "\\":
            self._is_escaped = True
        elif letter == '"':
            self._in_text = False


def _start_length(text: str) -> int:
    """Return how many letters at the end may begin a mark."""
    for length in range(min(len(CALL_START) - 1, len(text)), 0, -1):
        if text.endswith(CALL_START[:length]):
            return length
    return 0


def read_tool_calls(text: str) -> tuple[str, list[tuple[str, str]]]:
    """Return the text of an answer without its calls, and those by name and arguments."""
    words: list[str] = []
    calls: list[tuple[str, str]] = []
    for piece in ToolCallReader().read_piece(text, final=True):
        match piece:
            case CallText():
                words.append(piece.text)
            case CallStarted():
                calls.append((piece.name, ""))
            case CallArguments():
                name, arguments = calls[-1]
                calls[-1] = name, arguments + piece.json
    return "".join(words), calls
