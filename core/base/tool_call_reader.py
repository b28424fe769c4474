"""Tool call reader: text that comes in pieces, split into words for people and calls of tools."""

import re

from msgspec import Struct

CALL_START, CALL_END = "<tool_call>", "</tool_call>"
_HEAD = re.compile(r'\s*\{\s*"name"\s*:\s*"((?:[^"\\]|\\.)*)"\s*,\s*"arguments"\s*:\s*')
_TAIL = re.compile(r"\s*\}\s*$")
_HELD = 24
"""Letters that may belong to the end of a call: its brace, white space, and the mark."""


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
        self._state = "text"
        self._is_begun = False  # whether a letter of the arguments has come
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
            match = _HEAD.match(self._held)
            if match is None:
                return False
            self._held = self._held[match.end() :]
            self._state = "arguments"
            self._is_begun = False
            pieces.append(CallStarted(self.count, match[1]))
            self.count += 1
            return True
        return self._read_arguments(pieces, final=final)

    def _read_text(self, pieces: list[CallPiece], *, final: bool) -> bool:
        place = self._held.find(CALL_START)
        if place >= 0:
            before, self._held = self._held[:place], self._held[place + len(CALL_START) :]
            if before.strip():
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

    def _read_arguments(self, pieces: list[CallPiece], *, final: bool) -> bool:
        if not self._is_begun:
            self._held = self._held.lstrip()
            self._is_begun = bool(self._held)
        place = self._held.find(CALL_END)
        if place >= 0:
            rest = _TAIL.sub("", self._held[:place])
            self._held, self._state = self._held[place + len(CALL_END) :], "text"
        else:
            keep = 0 if final else min(_HELD, len(self._held))
            rest, self._held = (
                self._held[: len(self._held) - keep],
                self._held[len(self._held) - keep :],
            )
        if rest:
            pieces.append(CallArguments(self.count - 1, rest))
        return place >= 0


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
