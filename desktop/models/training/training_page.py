"""Training page: a model, examples to tick, what it would take, progress, and what came of it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from core.app.app import App
from core.app.models.adapter_service import format_adapters
from core.app.problems import problem_of_failure
from core.app.training.example_file import read_example_file
from core.app.training.training_job import (
    FEWEST_EXAMPLES,
    TrainingEstimate,
    TrainingJobProgress,
    TrainingOutcome,
)
from core.base.errors import ErrorCode, InglenookError
from core.base.i18n import _
from core.ipc.reply import Reply
from core.messages import Failed, TrainingSettings
from core.models.info.model_entry import ModelEntry
from core.training.trainable_models import TRAINABLE
from desktop.kit.buttons_and_labels import TextButton, plain_label
from desktop.kit.layers.file_chooser import make_file_chooser
from desktop.kit.layers.flow_layout import ButtonRow
from desktop.kit.layers.page import Page
from desktop.kit.locale_formatting import format_count
from desktop.kit.reply_lifetime import bind_reply
from desktop.kit.theme import Theme
from desktop.models.training.example_list import ExampleList
from desktop.models.training.no_examples_card import NoExamplesCard
from desktop.models.training.trained_answers import TrainedAnswers
from desktop.models.training.training_formatting import (
    format_estimate,
    format_outcome,
)
from desktop.models.training.training_progress_panel import TrainingProgressPanel
from desktop.models.training.unfinished_training_card import UnfinishedTrainingCard
from desktop.models.widgets.message_line import MessageLine, format_problem
from desktop.models.widgets.scroll_page import ScrollPage

Result = TypeVar("Result", TrainingOutcome, TrainingEstimate)


class TrainingPage(Page):
    """A training goes on when the page is closed; one that was stopped can be resumed here."""

    widest = 900

    def __init__(self, app: App, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._app = app
        self._theme = theme
        self._running: Reply[Any, Any] | None = None
        self._outcome: TrainingOutcome | None = None
        self._files: list[str] = []
        """Paths of the files whose examples are shown."""
        self._build()
        self._connect()
        self._show_examples()
        job, estimate = app.training.follow_active_job(), app.training.follow_active_estimate()
        if job is not None:
            self._follow(job, self._show_outcome)
        elif estimate is not None:
            self._follow(estimate, self._show_estimate)

    def _build(self) -> None:
        self.setWindowTitle(_("Train an adapter"))
        self.setAccessibleName(_("Train an adapter"))
        about = _(
            "An adapter bends a model towards the answers that you rated well or edited, or "
            "towards a file of examples. All of it happens on this computer. Some examples are "
            "held out, to compare before and after."
        )
        self.models = QComboBox()
        self.models.setAccessibleName(_("Model"))
        for entry in _trainable_models(self._app):
            self.models.addItem(f"{entry.ref} ({entry.quantization})", entry.ref)
        ref, name = _initial_choice(self._app)
        self.models.setCurrentIndex(max(0, self.models.findData(ref)))
        self.name_field = QLineEdit(name)
        self.name_field.setAccessibleName(_("Name of the adapter"))
        self.name_field.setPlaceholderText(_("Name of the adapter"))
        self.examples = ExampleList()
        self.no_examples = NoExamplesCard(self._theme)
        self.count = plain_label(role="muted", wrap=True)
        self.file_button = TextButton(self._theme, _("Add a file of examples…"), icon="add")
        self.estimate_button = TextButton(self._theme, _("Estimate"))
        self.train_button = TextButton(self._theme, _("Train"), role="primary")
        self.stop_button = TextButton(self._theme, _("Stop"))
        self.unfinished = UnfinishedTrainingCard(self._theme)
        self.panel = TrainingProgressPanel(self._theme)
        self.message = MessageLine()
        self.use_button = TextButton(self._theme, _("Begin new chats with it"))
        self.use_button.hide()
        self.answers = TrainedAnswers()
        self._lay_out(about)

    def _lay_out(self, about: str) -> None:
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setSpacing(10)
        column.addWidget(plain_label(about, "muted", wrap=True))
        self.models.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        names = _row(self.models)
        names.addWidget(self.name_field, 1)
        column.addLayout(names)
        column.addWidget(self.unfinished)
        column.addWidget(self.examples)
        column.addWidget(self.no_examples)
        column.addWidget(self.count)
        buttons = ButtonRow()
        buttons.add_buttons(self.file_button)
        buttons.add_buttons(
            self.stop_button,
            self.estimate_button,
            self.train_button,
            at_end=True,
        )
        column.addWidget(buttons)
        column.addWidget(self.panel)
        column.addWidget(self.message.label)
        column.addLayout(_row(None, self.use_button))
        column.addWidget(self.answers)
        column.addStretch(1)
        scrolled = ScrollPage()
        scrolled.set_content(inner)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(24, 20, 24, 20)
        whole.addWidget(scrolled)

    def _connect(self) -> None:
        self.models.currentIndexChanged.connect(self._show_examples)
        self.examples.changed.connect(self._show_state)
        self.file_button.clicked.connect(self._on_file_clicked)
        self.no_examples.file_wanted.connect(self._on_file_clicked)
        self.no_examples.chats_wanted.connect(self.reject)
        self.estimate_button.clicked.connect(self._on_estimate_clicked)
        self.train_button.clicked.connect(self._on_train_clicked)
        self.stop_button.clicked.connect(self._on_stop_clicked)
        self.unfinished.resume_wanted.connect(self._on_resume_wanted)
        self.unfinished.discard_wanted.connect(self._on_discard_wanted)
        self.use_button.clicked.connect(self._on_use_clicked)

    # ------------------------------------------------------------ what is chosen

    @property
    def _ref(self) -> str:
        return str(self.models.currentData() or "")

    def _show_examples(self) -> None:
        path = ""
        if self._ref:
            path = self._app.models.find_usable_model(self._ref).path
        self.examples.show_chat_examples(self._app.chat_examples.list_examples(path))
        for file in self._files:  # anew: a model can have instructions of its own
            self.add_example_file(file)

    def _show_state(self) -> None:
        """Enable what can be pressed now."""
        chosen, busy = len(self.examples.chosen_examples()), self._running is not None
        unfinished = None if busy else self._app.training.store.unfinished_job()
        text = _("Chosen: {count} of {all}. At least {least} are needed.")
        is_empty = not self.examples.count()
        self.unfinished.show_job(unfinished)
        self.no_examples.setVisible(is_empty and not busy and unfinished is None)
        for part in (self.examples, self.count, self.file_button):
            part.setVisible(not is_empty)
        self.count.setText(
            text.format(
                count=format_count(chosen),
                all=format_count(self.examples.count()),
                least=format_count(FEWEST_EXAMPLES),
            )
        )
        can_begin = bool(self._ref) and chosen >= FEWEST_EXAMPLES and not busy
        self.estimate_button.setEnabled(can_begin)
        self.train_button.setEnabled(can_begin and unfinished is None)
        self.stop_button.setVisible(busy)
        for field in (self.models, self.name_field):
            field.setEnabled(not busy)
        self.panel.show_running(running=busy)
        if not self._ref:
            kinds = ", ".join(sorted(TRAINABLE))
            none = _("No model on the list can be trained; these kinds can: {kinds}.")
            self.message.show_message(none.format(kinds=kinds), "muted")

    def add_example_file(self, path: str) -> None:
        """Show the examples of a file, too."""
        system = ""
        if self._ref:
            entry = self._app.models.find_usable_model(self._ref)
            own = self._app.model_settings.store.settings_for_model(entry.path)
            system = own.system_prompt or ""
        try:
            found = read_example_file(Path(path), system)
        except InglenookError as error:
            self.message.show_error(error)
            return
        self.message.show_message("")
        if path not in self._files:
            self._files.append(path)
        self.examples.add_file_examples(Path(path).name, found)

    def _on_file_clicked(self) -> None:
        chooser = make_file_chooser(self, _("Add a file of examples"))
        chooser.setFileMode(QFileDialog.FileMode.ExistingFile)
        chooser.setNameFilters([_("Examples (*.json *.jsonl)"), _("All files (*)")])
        chooser.fileSelected.connect(self.add_example_file)
        chooser.open()

    # ------------------------------------------------------------ what is pressed

    def _on_estimate_clicked(self) -> None:
        try:
            reply = self._app.training.estimate(
                self._ref, self.examples.chosen_examples(), TrainingSettings()
            )
        except InglenookError as error:
            self.message.show_error(error)
            return
        self._follow(reply, self._show_estimate)

    def _on_train_clicked(self) -> None:
        name = self.name_field.text().strip()
        try:
            job = self._app.training.train(
                self._ref, self.examples.chosen_examples(), TrainingSettings(), name
            )
        except InglenookError as error:
            self.message.show_error(error)
            return
        self._follow(job, self._show_outcome)

    def _on_resume_wanted(self) -> None:
        try:
            job = self._app.training.resume()
        except InglenookError as error:
            self.message.show_error(error)
            return
        self._follow(job, self._show_outcome)

    def _on_discard_wanted(self) -> None:
        try:
            self._app.training.discard()
        except InglenookError as error:
            self.message.show_error(error)
            return
        self.message.show_message(_("The unfinished training was deleted."), "muted")
        self._show_state()

    def _on_stop_clicked(self) -> None:
        self.stop_button.setEnabled(False)
        if self._running is not None:
            self._running.cancel()

    def _on_use_clicked(self) -> None:
        assert self._outcome is not None
        outcome, settings = self._outcome, self._app.model_settings
        try:
            entry = self._app.models.find_usable_model(outcome.model)
            own = settings.store.settings_for_model(entry.path).adapters or ()
            wanted = self._app.adapters.with_newest_version(own, outcome.path)
            settings.change_setting(outcome.model, "adapters", format_adapters(wanted))
        except InglenookError as error:
            self.message.show_error(error)
            return
        self.use_button.hide()
        text = _("New chats with {model} begin with {name}.")
        self.message.show_message(text.format(model=outcome.model, name=outcome.ref), "good")

    # ------------------------------------------------------------ what runs

    def _follow(
        self, job: Reply[TrainingJobProgress, Result], show: Callable[[Result], object]
    ) -> None:
        self._running = bind_reply(job, self)
        self.message.show_message("")
        self.panel.show_beginning()
        self.answers.show_answers(())
        self.use_button.hide()
        self.stop_button.setEnabled(True)
        job.on_progress(self.panel.show_progress).on_error(self._show_failure)
        job.on_done(show)
        self._show_state()

    def _show_outcome(self, outcome: TrainingOutcome) -> None:
        self.panel.show_points(outcome.curve)
        self.answers.show_answers(outcome.answers)
        self._outcome = outcome
        self.use_button.show()
        self._show_end(format_outcome(outcome), "good")

    def _show_estimate(self, estimate: TrainingEstimate) -> None:
        self._show_end(format_estimate(estimate), "muted")

    def _show_failure(self, failed: Failed) -> None:
        if failed.code == ErrorCode.CANCELLED:
            self._show_end(_("Stopped."), "muted")
        else:
            self._show_end(format_problem(problem_of_failure(failed)), "error")

    def _show_end(self, text: str, role: str) -> None:
        self._running = None
        self.message.show_message(text, role)
        self._show_state()


def _trainable_models(app: App) -> list[ModelEntry]:
    """Return the models that could be trained, by what the list knows of them."""
    return [
        entry
        for entry in app.registry.list_models()
        if entry.architecture in TRAINABLE and not entry.problem_code
    ]


def _initial_choice(app: App) -> tuple[str, str]:
    """Return model and name of the training that runs or was stopped, else the one that answers."""
    job = app.training.store.unfinished_job()
    if job is not None:
        return job.ref, job.name
    chosen = app.models.chosen_model()
    return (chosen.ref if chosen is not None else ""), ""


def _row(stretched: QWidget | None, *others: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(8)
    if stretched is None:
        row.addStretch(1)
    else:
        row.addWidget(stretched, 1)
    for each in others:
        row.addWidget(each, 0, Qt.AlignmentFlag.AlignVCenter)
    return row
