"""Unfinished-training card: which training was stopped, and what can be done with it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout

from core.app.training.training_job import TrainingJob
from core.base.i18n import _
from desktop.kit.buttons_and_labels import TextButton, plain_label
from desktop.kit.confirm_dialog import ConfirmDialog
from desktop.kit.layers.flow_layout import ButtonRow
from desktop.kit.theme import Theme
from desktop.kit.visible_text import visible_text


class UnfinishedTrainingCard(QFrame):
    """Names a training that was stopped; asks before it is deleted, which can't be undone."""

    resume_wanted = Signal()
    discard_wanted = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setObjectName("card")
        self._build()

    def _build(self) -> None:
        self._title = plain_label("", "title", wrap=True)
        self._about = plain_label("", wrap=True)
        self.resume_button = TextButton(self._theme, _("Go on"), role="primary")
        self.resume_button.clicked.connect(self.resume_wanted)
        self.discard_button = TextButton(self._theme, _("Discard…"))
        self.discard_button.clicked.connect(self._on_discard_clicked)
        row = ButtonRow()
        row.add_buttons(self.resume_button, self.discard_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 14)
        column.setSpacing(8)
        column.addWidget(self._title)
        column.addWidget(self._about)
        column.addSpacing(4)
        column.addWidget(row)

    def show_job(self, job: TrainingJob | None) -> None:
        """Show a training that was stopped or killed, or nothing."""
        if job is not None:
            name, model = visible_text(job.name), visible_text(job.ref)
            self._title.setText(_("{name} is not trained to its end").format(name=name))
            text = _("It is an adapter of {model}. What it has learnt so far is kept.")
            self._about.setText(text.format(model=model))
        self.setVisible(job is not None)

    def _on_discard_clicked(self) -> None:
        dialog = ConfirmDialog(
            self._theme,
            self.window(),
            title=_("Discard the training?"),
            text=_("What was learnt so far is deleted. It can't be brought back."),
            button_text=_("Discard"),
            value=None,
        )
        dialog.prefer_cancel()
        dialog.accepted.connect(self.discard_wanted)
        dialog.open()
