"""Width of the sources beside the chat: half the window with a document, else that of the cards."""

import logging

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QSplitter

from core.base.errors import InglenookError
from core.base.settings.app_settings import Settings
from core.base.settings.window_settings import VIEWER_WIDTH
from desktop.sources.sources_panel import SourcesPanel

_log = logging.getLogger(__name__)
_HALF = 0.5
_SHARES = 0.2, 0.8
_CARDS = 360
"""Width of the cards alone, in pixels, until somebody chooses another."""


class ViewerWidth(QObject):
    """Sets the width of `panel` in `splitter`; what a person drags is kept for the next start.

    With a document it is a share of the window, which follows the window's width.
    """

    def __init__(self, splitter: QSplitter, panel: SourcesPanel, settings: Settings) -> None:
        super().__init__(splitter)
        self._splitter = splitter
        self._panel = panel
        self._settings = settings
        self._share, self._cards = _saved_widths(settings)
        self._beside: list[int] = []
        """Widths of what is left of the chat, from before the document took its share."""
        splitter.splitterMoved.connect(self._on_splitter_moved)
        panel.viewer_toggled.connect(self._apply)
        for watched in (splitter, panel):
            watched.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep the share in a window of another width, and in a panel that comes back."""
        shown = event.type() is QEvent.Type.ShowToParent and watched is self._panel
        fits_anew = event.type() in {QEvent.Type.Resize, QEvent.Type.LayoutRequest}
        resized = fits_anew and watched is self._splitter
        handled = super().eventFilter(watched, event)
        if shown or (resized and self._panel.shows_document):
            self._apply()
        return handled

    def _apply(self) -> None:
        if self._panel.isHidden():
            return
        sizes, place = self._splitter.sizes(), self._splitter.indexOf(self._panel)
        if self._panel.shows_document:
            wanted = round(self._splitter.width() * self._share)
            self._beside = self._beside or sizes[: place - 1]
        else:
            wanted = self._cards
        beside = [size and before for size, before in zip(sizes, self._beside, strict=False)]
        sizes[: len(beside)] = beside
        if not self._panel.shows_document:
            self._beside = []
        if wanted != sizes[place]:
            sizes[place] = wanted
            sizes[place - 1] = max(0, sum(self._splitter.sizes()) - sum(beside) - wanted)
            self._splitter.setSizes(sizes)

    def _on_splitter_moved(self, _position: int, _handle: int) -> None:
        if self._panel.isHidden():
            return
        width = self._panel.width()
        if self._panel.shows_document:
            share = width / max(1, self._splitter.width())
            if abs(share - self._share) * self._splitter.width() < 1:
                return
            self._share = min(max(share, _SHARES[0]), _SHARES[1])
        else:
            self._cards = width
        try:
            self._settings.set_value(VIEWER_WIDTH, f"{round(self._share * 1000)} {self._cards}")
        except InglenookError:
            _log.exception("the width of the document was not kept")


def _saved_widths(settings: Settings) -> tuple[float, int]:
    """Return the share of a document and the pixels of the cards that were saved."""
    words = settings.get_value(VIEWER_WIDTH).split()
    if len(words) != 2 or not all(word.isdecimal() and len(word) < 6 for word in words):
        return _HALF, _CARDS
    share, cards = int(words[0]) / 1000, int(words[1])
    return min(max(share, _SHARES[0]), _SHARES[1]), cards
