"""Summary card between turns that were summarised and turns still sent in full."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from core.base.i18n import _
from core.chat.conversations.conversation import ConversationSummary
from desktop.kit.buttons_and_labels import TextButton, plain_label
from desktop.kit.reading_column import INSET, margins
from desktop.kit.theme import Theme
from desktop.kit.visible_text import visible_text


class SummaryCard(QWidget):
    """A line that opens to the summary written by the model."""

    def __init__(self, theme: Theme, summary: ConversationSummary) -> None:
        super().__init__()
        self._theme = theme
        self.summary_id = summary.summary_id
        self._build(summary)
        self._button.clicked.connect(self._on_clicked)

    def _build(self, summary: ConversationSummary) -> None:
        self._button = TextButton(self._theme, _("Earlier messages were summarised"), role="link")
        about = _("They no longer fit what {model} reads at once. It goes on from its summary:")
        self._about = plain_label(about.format(model=summary.model), "muted", wrap=True)
        self._text = plain_label(visible_text(summary.text), wrap=True)
        self._text.setAccessibleName(_("Summary of earlier messages"))
        column = QVBoxLayout(self)
        column.setContentsMargins(margins(INSET, 0, INSET // 2, 0))
        column.setSpacing(6)
        column.addWidget(self._button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._about)
        column.addWidget(self._text)
        self._about.hide()
        self._text.hide()

    def _on_clicked(self) -> None:
        opened = self._text.isHidden()
        self._about.setVisible(opened)
        self._text.setVisible(opened)
