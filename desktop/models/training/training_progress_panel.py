"""Training progress panel: how far a training is, and its losses as lines."""

from collections.abc import Sequence

from PySide6.QtWidgets import QProgressBar, QVBoxLayout, QWidget

from core.app.training.training_job import TrainingJobProgress
from core.base.i18n import _
from core.messages import LossPoint
from desktop.kit.buttons_and_labels import plain_label
from desktop.kit.theme import Theme
from desktop.models.training.loss_curve import LossCurve
from desktop.models.training.training_formatting import format_progress

_PARTS = 1000


class TrainingProgressPanel(QWidget):
    """Shows a running training, and the lines of one that has ended."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(_("Training"))
        self.text = plain_label(role="muted", wrap=True)
        self.curve = LossCurve(theme)
        legend = _("Line: examples that are learnt from. Line with dots: those that are held out.")
        self._legend = plain_label(legend, "muted", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for part in (self.bar, self.text, self.curve, self._legend):
            column.addWidget(part)
        self.show_points(())
        self.show_running(running=False)

    def show_running(self, *, running: bool) -> None:
        """Show or hide what belongs to a running training; its lines stay."""
        for part in (self.bar, self.text):
            part.setVisible(running)

    def show_beginning(self) -> None:
        """Show a training of which nothing is known yet."""
        self.bar.setRange(0, 0)
        self.text.setText("")
        self.show_points(())
        self.show_running(running=True)

    def show_progress(self, progress: TrainingJobProgress) -> None:
        """Show a step."""
        self.text.setText(format_progress(progress))
        if not progress.total:
            self.bar.setRange(0, 0)
            return
        self.bar.setRange(0, _PARTS)
        self.bar.setValue(round(_PARTS * progress.done / progress.total))
        point = LossPoint(progress.done, progress.loss, progress.held_out)
        self.curve.add_point(point, progress.total)
        self._show_curve()

    def show_points(self, points: Sequence[LossPoint]) -> None:
        """Show the lines of a whole training."""
        self.curve.clear_points()
        for point in points:
            self.curve.add_point(point, len(points))
        self._show_curve()

    def _show_curve(self) -> None:
        for part in (self.curve, self._legend):
            part.setVisible(bool(self.curve.points))
