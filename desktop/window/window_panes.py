"""Panes of the window: which of the three are shown, and moving the focus between them."""

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtWidgets import QApplication, QWidget

from core.base.i18n import _
from desktop.chat.transcript.tab_stops import card_stops, last_stop
from desktop.chat.view.chat_view import ChatView
from desktop.kit.actions import ActionRegistry, MenuGroup
from desktop.kit.layers.page import first_focusable, takes_tab
from desktop.kit.layers.page_host import PageHost
from desktop.sources.sources_panel import SourcesPanel
from desktop.window.sidebar import Sidebar
from desktop.window.window_frame import PaneSplitter

_FIT_AGAIN = frozenset({QEvent.Type.Resize, QEvent.Type.LayoutRequest})
"""The second comes when the parts need another width, with another size of text."""


_LETTERS = 50
"""Of a line in the conversation, with its margins; with fewer an outer part gives way."""


class WindowPanes(QObject):
    """Hides and shows the outer parts; the middle one always stays.

    Where a window is too narrow for all three, the outer part that was not asked for gives way
    until the window is wide enough again; so does the left one where there is no room for two. It
    comes back for a moment then, until something else is chosen.
    """

    def __init__(
        self,
        splitter: PaneSplitter,
        left: Sidebar,
        middle: PageHost,
        right: SourcesPanel,
        *,
        chat: ChatView,
    ) -> None:
        """`chat` is in the middle while no page is."""
        super().__init__(splitter)
        self._splitter = splitter
        self._chat = chat
        self._typed_in = chat.composer.text_edit
        self._left = left
        self._middle = middle
        self._right = right
        self._gave_way: QWidget | None = None
        self._is_over_chat = False
        """Whether the left part was asked for where it takes room that the middle needs."""
        self._is_put_away = False
        """Whether the right part is hidden for as long as a page is shown."""
        for watched in (splitter, left, right):
            watched.installEventFilter(self)
        middle.page_changed.connect(self._on_page_changed)
        splitter.step_focus = self._step_focus
        self._sidebar_button = chat.header.sidebar_button
        self._sidebar_button.setVisible(left.isHidden())
        self._sidebar_button.clicked.connect(lambda: self._flip(left))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Hide a pane if the visible ones don't fit."""
        kind = event.type()
        if watched is self._left and kind in {QEvent.Type.ShowToParent, QEvent.Type.HideToParent}:
            self._sidebar_button.setVisible(self._left.isHidden())
        if kind is QEvent.Type.ShowToParent and watched is self._right and self._middle.page:
            self._is_put_away = True
            self._right.hide()
        elif kind is QEvent.Type.ShowToParent and watched in {self._left, self._right}:
            self._fit(self._left if watched is self._right else self._right)
        elif kind is QEvent.Type.HideToParent or (kind in _FIT_AGAIN and watched is self._splitter):
            self._fit(self._left)
        return super().eventFilter(watched, event)

    def _fit(self, yielding: QWidget) -> None:
        """Hide `yielding` if the window is too narrow for both; show again what fits.

        Where it is too narrow for the left part alone, that one gives way.
        """
        if self._gave_way is not None and not self._gave_way.isHidden():
            self._gave_way = None
        shown = [part for part in (self._left, self._right) if not part.isHidden()]
        is_too_narrow = not self._has_room(*shown)
        self._is_over_chat = self._is_over_chat and is_too_narrow and self._left in shown
        if is_too_narrow and len(shown) > 1:
            self._gave_way = yielding
            yielding.hide()
        elif is_too_narrow and shown == [self._left] and not self._is_over_chat:
            self._gave_way = self._left
            self._left.hide()
        elif self._gave_way is not None and self._has_room(*shown, self._gave_way):
            returning, self._gave_way = self._gave_way, None
            returning.show()

    def _has_room(self, *outer: QWidget) -> bool:
        """Whether these fit beside the middle, which keeps room for its lines."""
        readable = _LETTERS * self._splitter.fontMetrics().averageCharWidth()
        needed = max(_least(self._middle), readable) + sum(map(_least, outer))
        return needed <= self._splitter.width()

    def end_detour(self) -> None:
        """Give back to the chat what the left part took, once something in there was chosen."""
        if self._is_over_chat:
            self._flip(self._left)

    def register_actions(self, registry: ActionRegistry) -> None:
        """Register the actions of the View menu."""
        registry.add_action(
            "view.sidebar",
            MenuGroup.VIEW,
            _("Chats and folders"),
            lambda: self._flip(self._left),
            keys="Ctrl+B",
            section=10,
            checked=lambda: not self._left.isHidden(),
        )
        registry.add_action(
            "view.sources",
            MenuGroup.VIEW,
            _("Sources"),
            lambda: self._flip(self._right),
            keys="Ctrl+Shift+B",
            section=10,
            in_chat=True,
            checked=lambda: not self._right.isHidden(),
        )
        registry.add_action(
            "view.next_part",
            MenuGroup.VIEW,
            _("Go to the next part"),
            self.focus_next_pane,
            keys="F6",
            section=40,
        )
        registry.add_action(
            "view.part_before",
            MenuGroup.VIEW,
            _("Go to the part before"),
            lambda: self.focus_next_pane(-1),
            keys="Shift+F6",
            section=40,
        )

    @property
    def hidden_panes(self) -> str:
        """The panes the user has hidden, as a string of digits for the next start."""
        parts = (self._left, self._right)
        away = {self._gave_way, self._right if self._is_put_away else None}
        return "".join("01"[part.isHidden() and part not in away] for part in parts)

    def restore_hidden_panes(self, hidden: str) -> None:
        """Hide the panes that were hidden at the last exit."""
        for part, digit in zip((self._left, self._right), hidden, strict=False):
            part.setHidden(digit == "1")

    def focus_next_pane(self, step: int = 1) -> None:
        """Move the focus to the next of sidebar, conversation, composer and sources, or page."""
        page = self._middle.page
        middle = (page,) if page is not None else (self._chat.transcript, self._chat.composer)
        parts = [part for part in (self._left, *middle, self._right) if part.isVisible()]
        focused = QApplication.focusWidget()
        here = next((n for n, part in enumerate(parts) if _holds(part, focused)), 0)
        for away in range(1, len(parts) + 1):
            part = parts[(here + step * away) % len(parts)]
            first = self._first_in(part)
            if first is not None:
                first.setFocus(Qt.FocusReason.TabFocusReason)
                return

    def _step_focus(self, step: int) -> bool:
        """Move the focus from one control to the next; returns whether it was on one of them."""
        stops, focused = self._tab_stops(), QApplication.focusWidget()
        if focused not in stops:
            return False
        target = stops[(stops.index(focused) + step) % len(stops)]
        reason = Qt.FocusReason.TabFocusReason if step > 0 else Qt.FocusReason.BacktabFocusReason
        target.setFocus(reason)
        if self._chat.transcript.isAncestorOf(target):
            self._chat.transcript.scroll_into_view(target, target.rect())
        return True

    def _tab_stops(self) -> list[QWidget]:
        """Return all controls from left to right, and from top to bottom in the middle."""
        places: list[list[QWidget]] = [[] for _place in range(5)]
        here = self._splitter.nextInFocusChain()
        while here is not None and here is not self._splitter:
            if takes_tab(here) and self._splitter.isAncestorOf(here):
                places[self._place_of(here)].append(here)
            here = here.nextInFocusChain()
        if self._chat.transcript.isVisible():
            cards = card_stops(self._chat.transcript.card_layout)
            others = set(cards)
            places[2] = [*cards, *(each for each in places[2] if each not in others)]
        places[0] = self._from_top(places[0], self._left.blocks)
        places[3] = self._from_top(places[3], self._chat.composer.frame)
        return [each for place in places for each in place]

    def _from_top(self, stops: list[QWidget], part: QWidget) -> list[QWidget]:
        """Return stops as the blocks of a part stand, some of which were filled after others."""

        def top(stop: QWidget) -> int:
            block, above = stop, stop.parentWidget()
            while above is not None and above is not part and part.isAncestorOf(above):
                block, above = above, above.parentWidget()
            return block.mapTo(self._splitter, QPoint(0, 0)).y()

        return sorted(stops, key=top)

    def _place_of(self, control: QWidget) -> int:
        if self._left.isAncestorOf(control):
            return 0
        if self._right.isAncestorOf(control):
            return 4
        if self._chat.transcript.isAncestorOf(control):
            return 2
        return 3 if self._chat.composer.isAncestorOf(control) else 1

    def _on_page_changed(self) -> None:
        """Show the right part beside the chat only; what is typed goes there once it is back."""
        self.end_detour()
        if self._middle.page is not None:
            if not self._right.isHidden():
                self._is_put_away = True
                self._right.hide()
            return
        if self._is_put_away:
            self._is_put_away = False
            self._right.setVisible(bool(self._right.sources))
        self._typed_in.setFocus()

    def _first_in(self, part: QWidget) -> QWidget | None:
        """Return what gets the focus in a part; in the conversation the end, where one reads."""
        if part is self._chat.composer:
            return self._typed_in
        if part is self._chat.transcript:
            return last_stop(self._chat.transcript.card_layout)
        return first_focusable(part)

    def _flip(self, part: QWidget) -> None:
        is_narrow = part is self._left and not self._has_room(part)
        self._is_over_chat = is_narrow and part.isHidden()
        returns = False
        if is_narrow and not part.isHidden():
            returns = self._gave_way is self._right and bool(self._right.sources)
            self._gave_way = part
        part.setHidden(not part.isHidden())
        if returns:
            self._right.show()


def _least(part: QWidget) -> int:
    return max(part.minimumWidth(), part.minimumSizeHint().width())


def _holds(part: QWidget, focused: QWidget | None) -> bool:
    return focused is not None and (part is focused or part.isAncestorOf(focused))
