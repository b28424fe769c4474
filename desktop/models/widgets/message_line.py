"""Message line of a page or dialog: a result or a problem, hidden while empty."""

from collections.abc import Callable

from PySide6.QtWidgets import QLabel

from core.base.errors import InglenookError
from core.chat.answering.answer_events import Problem
from desktop.kit.buttons_and_labels import plain_label, set_style_property
from desktop.kit.locale_formatting import format_hint


def format_problem(problem: Problem) -> str:
    """Return both sentences of a problem."""
    return f"{problem.message} {format_hint(problem.code, problem.hint)}".strip()


class MessageLine:
    """Holds the label, which is hidden while it is empty."""

    def __init__(self) -> None:
        self.label: QLabel = plain_label(wrap=True)
        self.label.hide()

    def show_message(self, text: str, role: str = "muted") -> None:
        """Show a text, "" to hide the line."""
        set_style_property(self.label, "role", role)
        self.label.setText(text)
        self.label.setVisible(bool(text))

    def show_problem(self, problem: Problem) -> None:
        """Show what failed."""
        self.show_message(format_problem(problem), "error")

    def show_error(self, error: InglenookError) -> None:
        """Show why something can't be done."""
        self.show_message(f"{error.message} {format_hint(error.code, error.hint)}".strip(), "error")

    def call_or_show_error(self, action: Callable[[], object]) -> None:
        """Call `action`, and show why it can't be done."""
        try:
            action()
        except InglenookError as error:
            self.show_error(error)
