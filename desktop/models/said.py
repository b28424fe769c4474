"""A line that says how something went: what happened, and what to do next."""

from PySide6.QtWidgets import QLabel

from core.chat.events import Problem
from core.errors import InglenookError
from desktop.buttons import plain_label, set_property
from desktop.words import hint_words


def problem_words(problem: Problem) -> str:
    """Return both sentences of a problem."""
    return f"{problem.message} {hint_words(problem.code, problem.hint)}".strip()


class Said:
    """Holds the label, which takes no room while there is nothing to say."""

    def __init__(self) -> None:
        self.label: QLabel = plain_label(wrap=True)
        self.label.hide()

    def say(self, words: str, role: str = "muted") -> None:
        """Say something, "" to be silent."""
        set_property(self.label, "role", role)
        self.label.setText(words)
        self.label.setVisible(bool(words))

    def show_problem(self, problem: Problem) -> None:
        """Say what failed."""
        self.say(problem_words(problem), "error")

    def show_error(self, error: InglenookError) -> None:
        """Say why something can't be done."""
        self.say(f"{error.message} {hint_words(error.code, error.hint)}".strip(), "error")
