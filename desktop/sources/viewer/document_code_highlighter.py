"""Syntax highlighter for code in the text view of a document."""

from bisect import bisect_left
from pathlib import PurePath

from PySide6.QtGui import QColor, QSyntaxHighlighter, QTextCharFormat, QTextDocument

from desktop.chat.message.syntax_highlighting import HighlightedSpan, highlight_code
from desktop.kit.theme import Theme

MAX_HIGHLIGHTED_LETTERS = 60_000
"""Letters; a longer document opens sooner in one colour."""


class DocumentCodeHighlighter(QSyntaxHighlighter):
    """Lies over the letters and changes none of them; follows the scheme."""

    def __init__(self, document: QTextDocument, theme: Theme) -> None:
        super().__init__(document)
        self._theme = theme
        self._stretches: list[HighlightedSpan] = []
        self._starts: list[int] = []
        theme.changed.connect(self.rehighlight)

    def clear_highlighting(self) -> None:
        """The next document is no code."""
        self._stretches, self._starts = [], []

    def highlight_parts(self, file: str, parts: list[tuple[int, str]]) -> None:
        """Colour parts of a document, given with their places as Qt counts them, in order."""
        self.clear_highlighting()
        if sum(len(text) for _place, text in parts) > MAX_HIGHLIGHTED_LETTERS:
            return
        language = PurePath(file).suffix.removeprefix(".")
        for place, text in parts:
            for found in highlight_code(text, language):
                self._stretches.append(found._replace(start=found.start + place))
        self._starts = [found.start for found in self._stretches]
        if self._stretches:
            self.rehighlight()

    def highlightBlock(self, text: str) -> None:
        """Colour one line."""
        first = self.currentBlock().position()
        end = first + len(text.encode("utf-16-le")) // 2
        at = max(0, bisect_left(self._starts, first) - 1)
        while at < len(self._stretches) and self._starts[at] < end:
            start, length, role = self._stretches[at]
            at += 1
            if start + length <= first:
                continue
            look = QTextCharFormat()
            look.setForeground(QColor(getattr(self._theme.colours, role)))
            begin = max(start, first)
            self.setFormat(begin - first, min(start + length, end) - begin, look)
