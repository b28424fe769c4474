"""Text of an answer on its way out: whole characters only, and stop strings never shown half."""

import codecs
from collections.abc import Sequence


class OutgoingText:
    """Turns token bytes into text; what may be the start of a stop string is held back."""

    def __init__(self, stops: Sequence[str] = ()) -> None:
        self._decode = codecs.getincrementaldecoder("utf-8")(errors="replace").decode
        self._stops = tuple(stop for stop in stops if stop)
        self._held = ""
        self.stopped = False

    def push(self, data: bytes, *, final: bool = False) -> str:
        """Return the text that may be shown now; after a stop string nothing more."""
        if self.stopped:
            return ""
        text = self._held + self._decode(data, final)
        found = [place for stop in self._stops if (place := text.find(stop)) >= 0]
        if found:
            self.stopped = True
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
