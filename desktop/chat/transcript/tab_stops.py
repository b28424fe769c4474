"""Tab stops of the cards of a transcript, in the order in which they are read."""

from PySide6.QtWidgets import QWidget

from desktop.chat.transcript.card_layout import CardLayout
from desktop.kit.layers.page import takes_tab


def card_stops(deck: CardLayout) -> list[QWidget]:
    """Return what Tab stops at in the cards that are built, from top to bottom."""
    cards = (deck.cards[row] for row in sorted(deck.cards))
    return [each for card in cards for each in _stops(card)]


def last_stop(deck: CardLayout) -> QWidget | None:
    """Return the first stop of the last card that is built, None without one."""
    rows = sorted(deck.cards, reverse=True)
    stops = (_stops(deck.cards[row]) for row in rows)
    return next((each[0] for each in stops if each), None)


def stop_beside(deck: CardLayout, focused: QWidget | None, step: int) -> tuple[list[QWidget], int]:
    """Return the stops, and the position next to the one that has the focus."""
    stops = card_stops(deck)
    if focused not in stops:
        return [], -1
    return stops, stops.index(focused) + step


def _stops(card: QWidget) -> list[QWidget]:
    return [each for each in card.findChildren(QWidget) if takes_tab(each)]
