"""Call translation: calls in a model's own form become those that all of the app reads.

These are JSON between marks (`tool_call_reader`), whatever the model's template asks for.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from core.base.tool_call_reader import CALL_END, CALL_START
from core.engine.chat_template.argument_form import MarkedArguments
from core.engine.chat_template.tool_form import (
    PARTLY,
    ToolForm,
    find_first_call,
    match_loosely,
)
from core.engine.runtime.argument_reading import ArgumentReader, argument_reader

QUOTED_START = CALL_START.replace("<", "<\u200b")
"""Stands for the mark of a call that is quoted in words: it looks the same, and begins no call."""
_QUOTED_CALL = re.compile(rf"{CALL_START}(?=\s*\{{)")
_MAY_BE_QUOTED = re.compile(rf"{CALL_START}\s*\Z")


class CallTranslation:
    """Feed it the text of an answer in pieces; what can't be decided yet is held back."""

    def __init__(
        self,
        form: ToolForm,
        names: Sequence[str],
        spelled: frozenset[int] = frozenset(),
        tools: Mapping[str, Mapping[str, Any]] = MappingProxyType({}),
    ) -> None:
        """`names` are those of the tools; `tools` has them by name, for their schemas."""
        self._form = form
        self._may_quote = form.start_mark != CALL_START  # else it is always a call's
        self.spelled = spelled
        """Control tokens that calls are made of, whose text is needed."""
        self._names = sorted(names, key=len, reverse=True)  # one may begin like another
        self._held = ""
        self._is_final = False
        self._read: Callable[[], tuple[str, bool]] = self._read_start
        self._is_later = False
        self._tools = tools
        self._arguments: ArgumentReader = argument_reader(None, {})

    @property
    def names(self) -> Sequence[str]:
        """The names of the tools."""
        return self._names

    def translate(self, text: str, *, final: bool = False) -> str:
        """Return what is certain by now."""
        self._held += text
        self._is_final = final
        ready = ""
        goes_on = True
        while goes_on:
            piece, goes_on = self._read()
            ready += piece
        return ready

    def _read_start(self) -> tuple[str, bool]:
        """Read the beginning of an answer, which may be a call without a mark."""
        first = find_first_call(self._held, self._form, self._names)
        if first is not None and first.form is None and not self._is_final:
            return "", False
        self._read = self._read_text
        if first is not None and first.form is not None:
            self._held, self._form = first.text, first.form
            self._read = self._read_head
        return "", True

    def _read_text(self) -> tuple[str, bool]:
        marks = self._form.start_marks
        places = [place for mark in marks if (place := self._held.find(mark)) >= 0]
        if places:
            before, self._held = self._split_held(min(places))
            self._read = self._read_head
            return self._as_words(before), True
        return self._read_words(marks), False

    def _read_head(self) -> tuple[str, bool]:
        """Read up to the arguments of a call."""
        is_open = False
        openings = (self._form.joint,) if self._is_later else self._form.openings
        for name in self._names:
            for opening in openings:
                match = match_loosely(self._held, opening + name + self._form.middle)
                if match == PARTLY or (match is not None and not self._held[match:].strip()):
                    is_open = True
                elif match is not None and self._follows(self._held[match:].lstrip()[0]):
                    self._held = self._held[match:]
                    self._read = self._read_arguments
                    arguments = self._form.arguments
                    self._arguments = argument_reader(arguments, self._tools.get(name, {}))
                    start = "\n" if self._is_later else ""
                    return f'{start}{CALL_START}\n{{"name": {json.dumps(name)}, "arguments": ', True
        if is_open and not self._is_final:
            return "", False
        self._read = self._read_rest
        return "", True

    def _follows(self, letter: str) -> bool:
        """Return whether a letter may come behind a name, which may be the start of another's."""
        form = self._form
        if not isinstance(form.arguments, MarkedArguments):
            return True
        return letter in {text.lstrip()[:1] for text in (form.arguments.before, form.closing)}

    def _read_arguments(self) -> tuple[str, bool]:
        read = self._arguments.read_arguments(self._held, final=self._is_final)
        self._held = self._held[read.used :]
        if not read.is_end:
            return read.json, False
        self._read = self._read_tail
        return f"{read.json}}}\n{CALL_END}", True

    def _read_tail(self) -> tuple[str, bool]:
        """Read what follows the arguments: another call, or the end of the calls."""
        if self._form.joint and not self._is_final and not self._held:
            return "", False
        joined = match_loosely(self._held, self._form.joint) if self._form.joint else None
        if joined == PARTLY and not self._is_final:
            return "", False
        if joined is not None and joined != PARTLY:
            self._is_later = True
            self._read = self._read_head
            return "", True
        closed = match_loosely(self._held, self._form.closing)
        if closed == PARTLY and not self._is_final:
            return "", False
        self._held = "" if closed is None or closed == PARTLY else self._held[closed:]
        self._read = self._read_rest
        return "", True

    def _read_rest(self) -> tuple[str, bool]:
        """Read what is no call, up to the end of the answer."""
        return self._read_words(()), False

    def _read_words(self, marks: Sequence[str]) -> str:
        """Read what is certain to be words: neither a mark nor a quoted one may begin in it."""
        begun = [0, *(_begun_length(self._held, mark) for mark in marks)]
        keep = 0 if self._is_final else max(begun)
        if self._may_quote and not self._is_final:
            quoted = _MAY_BE_QUOTED.search(self._held)
            length = len(quoted[0]) if quoted else _begun_length(self._held, CALL_START)
            keep = max(keep, length)
        ready, self._held = self._split_held(len(self._held) - keep)
        return self._as_words(ready)

    def _as_words(self, text: str) -> str:
        return _QUOTED_CALL.sub(QUOTED_START, text) if self._may_quote else text

    def _split_held(self, place: int) -> tuple[str, str]:
        return self._held[:place], self._held[place:]


def _begun_length(text: str, mark: str) -> int:
    """Return how many letters at the end may begin the mark."""
    lengths = range(min(len(mark) - 1, len(text)), 0, -1)
    return next((length for length in lengths if text.endswith(mark[:length])), 0)
