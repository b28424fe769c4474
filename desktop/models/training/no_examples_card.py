"""No-examples card: where examples come from, shown in the place of an empty list of them."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout

from core.app.training.training_job import FEWEST_EXAMPLES
from core.base.i18n import _
from desktop.kit.buttons_and_labels import TextButton, plain_label
from desktop.kit.layers.flow_layout import ButtonRow
from desktop.kit.locale_formatting import format_count
from desktop.kit.theme import Theme


class NoExamplesCard(QFrame):
    """Three sources of examples, and buttons that lead to them."""

    file_wanted = Signal()
    chats_wanted = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setObjectName("card")
        self._build()

    def _build(self) -> None:
        self.file_button = TextButton(self._theme, _("Add a file of examples…"), icon="add")
        self.file_button.clicked.connect(self.file_wanted)
        self.chats_button = TextButton(self._theme, _("Back to the chats"))
        self.chats_button.clicked.connect(self.chats_wanted)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 14)
        column.setSpacing(8)
        column.addWidget(plain_label(_("No examples yet"), "title"))
        least = _("At least {least} are needed. They come from:")
        column.addWidget(plain_label(least.format(least=format_count(FEWEST_EXAMPLES)), wrap=True))
        for words in _sources():
            column.addWidget(plain_label(f"•  {words}", "muted", wrap=True))
        row = ButtonRow()
        row.add_buttons(self.file_button, self.chats_button)
        column.addSpacing(4)
        column.addWidget(row)


def _sources() -> tuple[str, ...]:
    return (
        _("answers with a thumb up: the button is under each answer;"),
        _("answers that you edited: “Edit” in the menu of an answer, until it is as you want it;"),
        _("a file: one JSON object a line, with “prompt” and “response”, or with “messages”."),
    )
