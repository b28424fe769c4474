"""Syntax highlighter for code in the text view of a document."""

from bisect import bisect_left
from pathlib import PurePath

from PySide6.QtGui import QColor, QSyntaxHighlighter, QTextCharFormat, QTextDocument

from desktop.chat.message.syntax_highlighting import HighlightedSpan, highlight_code
from desktop.kit.theme import Theme

MAX_HIGHLIGHTED_LETTERS = 60_000
"""Longest document that is highlighted, in letters; a longer one would open slowly."""


class DocumentCodeHighlighter(QSyntaxHighlighter):
    """Colours code without changing the text; follows the colour scheme."""

    def __init__(self, document: QTextDocument, theme: Theme) -> None:
        super().__init__(document)
        self._theme = theme
        self._spans: list[HighlightedSpan] = []
        self._starts: list[int] = []
        theme.changed.connect(self.rehighlight)

    def clear_highlighting(self) -> None:
        """Remove all colours: another document is shown."""
        self._spans, self._starts = [], []

    def highlight_parts(self, file: str, parts: list[tuple[int, str]]) -> None:
        """Colour parts of a document, given with their start in UTF-16 units, in order."""
        self.clear_highlighting()
        if sum(len(text) for _start, text in parts) > MAX_HIGHLIGHTED_LETTERS:
            return
        language = PurePath(file).suffix.removeprefix(".")
        for start, text in parts:
            for found in highlight_code(text, language):
                self._spans.append(found._replace(start=found.start + start))
        self._starts = [found.start for found in self._spans]
        if self._spans:
            self.rehighlight()

    def highlightBlock(self, text: str) -> None:
        """Colour one line."""
        first = self.currentBlock().position()
        end = first + len(text.encode("utf-16-le")) // 2
        at = max(0, bisect_left(self._starts, first) - 1)
        while at < len(self._spans) and self._starts[at] < end:
            start, length, role = self._spans[at]
            at += 1
            if start + length <= first:
                continue
            text_format = QTextCharFormat()
            text_format.setForeground(QColor(getattr(self._theme.colours, role)))
            begin = max(start, first)
            self.setFormat(begin - first, min(start + length, end) - begin, text_format)
