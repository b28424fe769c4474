"""Stop strings: filter that ends outgoing text before a stop string."""

import codecs
from collections.abc import Sequence

from core.engine.chat_template.thinking_marks import TextPiece, ThinkingMarks, ThinkingSplitter


class StopStrings:
    """Ends a text before the first of some strings; a possible start of one is held back."""

    def __init__(self, stops: Sequence[str] = ()) -> None:
        self._stops = tuple(stop for stop in stops if stop)
        self._held = ""
        self.stopped = False
        self.withheld_text = ""
        """The stop string, and the text after it."""

    def filter_text(self, text: str, *, final: bool = False) -> str:
        """Return the text that may be sent now; nothing after a stop string."""
        if self.stopped:
            return ""
        text = self._held + text
        found = [place for stop in self._stops if (place := text.find(stop)) >= 0]
        if found:
            self.stopped = True
            self.withheld_text = text[min(found) :]
            self._held = ""
            return text[: min(found)]
        hold = 0 if final else self._longest_start(text)
        self._held = text[len(text) - hold :]
        return text[: len(text) - hold]

    def _longest_start(self, text: str) -> int:
        longest = 0
        for stop in self._stops:
            for length in range(min(len(stop) - 1, len(text)), longest, -1):
                if text.endswith(stop[:length]):
                    longest = length
                    break
        return longest


class OutgoingText:
    """Turns token bytes into thinking and text; stop strings end the text, not the thinking."""

    def __init__(
        self, stops: Sequence[str] = (), marks: ThinkingMarks | None = None, *, opened: bool = False
    ) -> None:
        self._decode = codecs.getincrementaldecoder("utf-8")(errors="replace").decode
        self._splitter = ThinkingSplitter(marks, opened=opened)
        self._strings = StopStrings(stops)

    @property
    def stopped(self) -> bool:
        """Whether a stop string has come."""
        return self._strings.stopped

    @property
    def withheld_text(self) -> str:
        """The stop string, and the text after it."""
        return self._strings.withheld_text

    def push_bytes(self, data: bytes, *, final: bool = False) -> list[TextPiece]:
        """Return the pieces that may be sent now, none of them empty."""
        pieces: list[TextPiece] = []
        for kind, text in self._splitter.split_text(self._decode(data, final), final=final):
            shown = text if kind == "thinking" else self._strings.filter_text(text)
            if shown:
                pieces.append((kind, shown))
        if final and (rest := self._strings.filter_text("", final=True)):
            pieces.append(("text", rest))
        return pieces
